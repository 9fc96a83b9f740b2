namespace Cartwright.Commerce.Catalog;

/// <summary>What somebody did, oldest first, as a model reads it: columns of one length.</summary>
public readonly record struct Steps
{
    /// <summary>Products alone: nothing is known of times and values.</summary>
    /// <param name="products">Dense product indexes, oldest first.</param>
    public Steps(ReadOnlyMemory<int> products) => Products = products;

    /// <summary>Dense product indexes.</summary>
    public ReadOnlyMemory<int> Products { get; init; }

    /// <summary>Microseconds since 1970-01-01 UTC; empty where no time is known.</summary>
    public ReadOnlyMemory<long> At { get; init; }

    /// <summary>Stars of a rating; NaN at a step that is none; empty where no step is.</summary>
    public ReadOnlyMemory<float> Values { get; init; }

    public int Count => Products.Length;

    public bool IsEmpty => Products.IsEmpty;

    public static implicit operator Steps(int[] products) => new(products);

    /// <summary>The newest steps.</summary>
    /// <param name="count">At most so many.</param>
    public Steps Latest(int count) => Count <= count ? this : new Steps
    {
        Products = Products[^count..],
        At = At.IsEmpty ? At : At[^count..],
        Values = Values.IsEmpty ? Values : Values[^count..],
    };

    /// <summary>Some of the steps.</summary>
    /// <param name="kept">Their places, rising.</param>
    public Steps Only(ReadOnlySpan<int> kept) => new()
    {
        Products = Pick(Products, kept),
        At = Pick(At, kept),
        Values = Pick(Values, kept),
    };

    private static T[] Pick<T>(ReadOnlyMemory<T> column, ReadOnlySpan<int> kept)
    {
        if (column.IsEmpty)
        {
            return [];
        }

        var picked = new T[kept.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            picked[i] = column.Span[kept[i]];
        }

        return picked;
    }
}
