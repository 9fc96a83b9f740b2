using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What was bought together: baskets of products, and for each product its baskets. One thread at a time adds, others read without a lock.</summary>
/// <remarks>About 100 bytes a basket and 8 a line. A basket counts each product once and holds <see cref="MaxProducts"/> at most; lines beyond are left out.</remarks>
internal sealed class Baskets
{
    public const int MaxProducts = 200;

    /// <summary>Baskets of a product that are looked at for one answer, the latest ones.</summary>
    public const int MostScanned = 5_000;

    private readonly GrowingList<int[]> _baskets = new([]);
    private readonly GrowingList<GrowingList<int>> _ofProduct = new([]);

    /// <summary>Baskets, those of a single product included.</summary>
    public int Count => _baskets.Count;

    /// <returns>The number of a new basket, empty yet.</returns>
    public int Open()
    {
        _baskets.Add([]);
        return _baskets.Count - 1;
    }

    /// <param name="basket">Number of the basket.</param>
    /// <param name="product">Dense index.</param>
    public void Add(int basket, int product)
    {
        int[] before = _baskets[basket];
        if (before.Length == MaxProducts || Array.IndexOf(before, product) >= 0)
        {
            return;
        }

        while (_ofProduct.Count <= product)
        {
            _ofProduct.Add(new GrowingList<int>([]));
        }

        _baskets.Replace(basket, [.. before, product]);
        _ofProduct[product].Add(basket);
    }

    /// <summary>In how many baskets a product was.</summary>
    public int CountOf(int product) => product < _ofProduct.Count ? _ofProduct[product].Count : 0;

    /// <summary>Products of a basket, in the order they came.</summary>
    public ReadOnlySpan<int> ProductsOf(int basket) => _baskets[basket];

    /// <summary>Counts in how many baskets of a product each other product was.</summary>
    /// <param name="mostScanned">Its latest baskets that are looked at.</param>
    /// <param name="counts">[products], added to; products beyond its end are left out.</param>
    /// <returns>Baskets that were looked at.</returns>
    public int CountTogether(int product, int mostScanned, Span<int> counts)
    {
        if (product >= _ofProduct.Count)
        {
            return 0;
        }

        GrowingList<int> own = _ofProduct[product];
        int end = own.Count, first = Math.Max(0, end - mostScanned);
        for (int i = first; i < end; i++)
        {
            foreach (int other in _baskets[own[i]])
            {
                if (other != product && other < counts.Length)
                {
                    counts[other]++;
                }
            }
        }

        return end - first;
    }
}
