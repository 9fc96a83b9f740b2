namespace Cartwright.Commerce.Catalog;

/// <summary>An immutable, columnar, in-memory view of a shop at a moment. Every trainer reads one; none reads the store.</summary>
/// <remarks>Products and shoppers have dense indexes from 0. Interactions are sorted by shopper, then time, then arrival.</remarks>
public sealed class Snapshot
{
    /// <summary>Stands in <see cref="InteractionColumns.Product"/> and the like where there is none.</summary>
    public const int None = -1;

    internal Snapshot(ShopInfo info, IReadOnlyList<Product> products, IReadOnlyList<Shopper> shoppers,
        IReadOnlyList<string> sessions, InteractionColumns interactions)
    {
        Info = info;
        Products = products;
        Shoppers = shoppers;
        Sessions = sessions;
        Interactions = interactions;
        _productIndex = Index(products, p => p.Id);
        _shopperIndex = Index(shoppers, s => s.Id);
        _sessionIndex = Index(sessions, s => s);
    }

    private readonly Dictionary<string, int> _productIndex;
    private readonly Dictionary<string, int> _shopperIndex;
    private readonly Dictionary<string, int> _sessionIndex;

    public ShopInfo Info { get; }

    public IReadOnlyList<Product> Products { get; }

    public IReadOnlyList<Shopper> Shoppers { get; }

    public IReadOnlyList<string> Sessions { get; }

    public InteractionColumns Interactions { get; }

    /// <summary>The store's number of the last interaction it holds; 0 where it was read from a folder.</summary>
    public long Sequence { get; init; }

    /// <summary>The official split, where the shop was read from a folder that has one.</summary>
    public ShopSplit? Split { get; init; }

    /// <summary>What was left out where it was read from a folder, in sentences.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <returns>The product's dense index, or <see cref="None"/>.</returns>
    public int ProductIndex(string id) => _productIndex.GetValueOrDefault(id, None);

    public int ShopperIndex(string id) => _shopperIndex.GetValueOrDefault(id, None);

    public int SessionIndex(string id) => _sessionIndex.GetValueOrDefault(id, None);

    /// <summary>A row of the interactions, by the ids of its shopper and session.</summary>
    internal LiveEvent EventAt(int row) => new(
        new LiveInteraction(Interactions.Product[row], Interactions.Kind[row], ShopTime.FromMicroseconds(Interactions.At[row]))
        {
            Stars = Interactions.Kind[row] == InteractionKind.Rating ? Interactions.Value[row] : float.NaN,
        },
        Interactions.Shopper[row] == None ? null : Shoppers[Interactions.Shopper[row]].Id,
        Interactions.Session[row] == None ? null : Sessions[Interactions.Session[row]],
        Interactions.Price[row], Interactions.Quantity[row], Interactions.Position[row]);

    private static Dictionary<string, int> Index<T>(IReadOnlyList<T> items, Func<T, string> id)
    {
        var index = new Dictionary<string, int>(items.Count, StringComparer.Ordinal);
        for (int i = 0; i < items.Count; i++)
        {
            index.Add(id(items[i]), i);
        }

        return index;
    }
}

/// <summary>Interactions as columns of the same length, sorted by shopper, then time, then arrival. Anonymous ones come last, by session.</summary>
public sealed class InteractionColumns
{
    /// <summary>Shopper's dense index, or <see cref="Snapshot.None"/>.</summary>
    public required int[] Shopper { get; init; }

    /// <summary>Session's dense index, or <see cref="Snapshot.None"/>.</summary>
    public required int[] Session { get; init; }

    /// <summary>Product's dense index, or <see cref="Snapshot.None"/>.</summary>
    public required int[] Product { get; init; }

    public required InteractionKind[] Kind { get; init; }

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    public required long[] At { get; init; }

    /// <summary>Units; 1 where none was said.</summary>
    public required float[] Quantity { get; init; }

    /// <summary>Price of one unit; NaN where none was said.</summary>
    public required float[] Price { get; init; }

    /// <summary>Grade of a rating; NaN where there is none.</summary>
    public required float[] Value { get; init; }

    /// <summary>Place in the list it was shown in, from 1; 0 where none was said.</summary>
    public required int[] Position { get; init; }

    /// <summary>Where each shopper's interactions start: shopper s has [ShopperStart[s], ShopperStart[s + 1]).</summary>
    public required int[] ShopperStart { get; init; }

    public int Count => Product.Length;
}
