using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>A shop's products as a ranker reads them, kept up with the shop: what is put is ranked by the next search.</summary>
/// <remarks>
/// A product that was put or changed is read alone, in milliseconds, with the meanings of words that are there. Once a tenth of the products were, all are
/// read again in the background, and searches go on with what there is until then.
/// </remarks>
internal sealed class ServedReading
{
    private const int FullFraction = 10;

    private readonly LiveShop _shop;
    private readonly Lock _changing = new();
    private readonly HashSet<int> _changed = [];

    /// <summary>Changed since all were read, or since that was begun.</summary>
    private readonly HashSet<int> _late = [];

    private RankReader _reader;

    public ServedReading(LiveShop shop, IndexView index)
    {
        _shop = shop;
        shop.FollowProducts(Follow);                         // before reading: what is put meanwhile is read twice
        _reader = ReadAll(index);
    }

    /// <summary>The reading of all products that is under way, if any.</summary>
    internal Task<RankReader>? Rereading { get; private set; }

    /// <summary>The reader of the shop as it is now: the same one as long as no product changes. One thread at a time.</summary>
    /// <param name="index">Taken before this call: all its products are read.</param>
    public RankReader Now(IndexView index)
    {
        int[] changed = TakeChanged();
        _late.UnionWith(changed);
        if (Rereading is { IsCompleted: true } done)
        {
            (_reader, Rereading) = (done.GetAwaiter().GetResult(), null);
            changed = [.. _late];
        }

        if (changed.Length > 0)
        {
            _reader = _reader.With(index, [.. changed.Select(product => (product, _shop.Products[product]))]);
        }

        if (Rereading is null && _late.Count * FullFraction > _reader.Catalog.Products.Count)
        {
            _late.Clear();
            Rereading = Task.Run(() => ReadAll(index));
        }

        return _reader;
    }

    /// <summary>Reads all products now. One thread at a time.</summary>
    public void Renew(IndexView index)
    {
        _ = TakeChanged();
        _late.Clear();
        (_reader, Rereading) = (ReadAll(index), null);
    }

    private int[] TakeChanged()
    {
        lock (_changing)
        {
            // A product is in the list, and may be in the index, a moment before followers hear of it.
            int[] changed = [.. _changed.Union(Enumerable.Range(_reader.Catalog.Products.Count, Math.Max(0, _shop.Products.Count - _reader.Catalog.Products.Count)))];
            _changed.Clear();
            return changed;
        }
    }

    private RankReader ReadAll(IndexView index)
    {
        Product[] products = [.. _shop.Products];
        // Not given up with the request that came first: the others would begin it again.
        return new RankReader(index, products, ProductPopularity.Of(_shop.Snapshot, products.Length), CancellationToken.None);
    }

    private void Follow(int product)
    {
        lock (_changing)
        {
            _changed.Add(product);
        }
    }
}
