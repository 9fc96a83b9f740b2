using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Search;

/// <summary>The index of the shop as it is now, and the file that the next program begins with.</summary>
/// <param name="file">Where it is kept: <c>models/search/index.bin</c> of the shop.</param>
internal sealed class ServedIndex(string file) : IDisposable
{
    private readonly SemaphoreSlim _building = new(1, 1);
    private volatile Served? _served;

    /// <summary>The index of a shop: read or made at the first call for it, and kept up to date from then on.</summary>
    public async Task<IndexView> ViewAsync(LiveShop shop, CancellationToken cancellationToken)
    {
        if (_served is { } served && served.Shop == shop)
        {
            return served.Index.View;
        }

        await _building.WaitAsync(cancellationToken);
        try
        {
            if (_served is not { } built || built.Shop != shop)
            {
                _served?.Save(file);
                built = await Task.Run(() => Served.Build(shop, file), CancellationToken.None);   // not given up with the request that came first
                _served = built;
            }

            return built.Index.View;
        }
        finally
        {
            _building.Release();
        }
    }

    public void Dispose()
    {
        _served?.Save(file);
        _building.Dispose();
    }

    private sealed class Served(LiveShop shop, SearchIndex index)
    {
        private readonly Lock _changing = new();

        /// <summary>Products that changed while the index was made; null once it is.</summary>
        private List<int>? _waiting = [];

        /// <summary>What the file holds; null where it holds something else.</summary>
        private IndexView? _kept;

        public LiveShop Shop => shop;

        public SearchIndex Index => index;

        public static Served Build(LiveShop shop, string file)
        {
            var served = new Served(shop, new SearchIndex(new SearchLanguage(shop.Snapshot.Info.Language)));
            shop.FollowProducts(served.Follow);
            served.TakeKept(file);
            served.Index.Put(Enumerable.Range(0, shop.Products.Count).Where(shop.IsListed).Select(i => (i, shop.Products[i])), CancellationToken.None);
            lock (served._changing)
            {
                served._waiting!.ForEach(served.Take);
                served._waiting = null;
            }

            served.Save(file);
            return served;
        }

        /// <summary>Writes the file where the index is another than it holds.</summary>
        public void Save(string file)
        {
            IndexView view = index.View;
            if (view == _kept)
            {
                return;
            }

            try
            {
                IndexFile.Save(file, view, product => shop.Products[product].Id);
                _kept = view;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // A disk that is full or may not be written keeps no index; the next program makes its own.
            }
        }

        /// <summary>Takes over what the file has of products that are as they were.</summary>
        private void TakeKept(string file)
        {
            try
            {
                if (IndexFile.Load(file, new SearchLanguage(shop.Snapshot.Info.Language)) is var (segment, ids))
                {
                    LiveSegment kept = Renumbered(segment, ids);
                    index.Adopt([kept]);
                    _kept = kept.HasDead ? null : index.View;
                }
            }
            catch (ModelFormatException)
            {
                // Refused; what is made anew takes its place.
            }
        }

        private LiveSegment Renumbered(Segment segment, string[] ids)
        {
            int[] products = new int[ids.Length];
            ulong[] gone = new ulong[(ids.Length + 63) / 64];
            for (int doc = 0; doc < ids.Length; doc++)
            {
                products[doc] = shop.ProductIndex(ids[doc]);
                if (products[doc] == Snapshot.None || ProductText.Fingerprint(shop.Products[products[doc]]) != segment.Fingerprints[doc])
                {
                    gone[doc / 64] |= 1UL << (doc % 64);
                }
            }

            return new LiveSegment(segment.With(products), gone);
        }

        private void Follow(int product)
        {
            lock (_changing)
            {
                if (_waiting is { } waiting)
                {
                    waiting.Add(product);
                }
                else
                {
                    Take(product);
                }
            }
        }

        private void Take(int product)
        {
            if (shop.IsListed(product))
            {
                index.Put([(product, shop.Products[product])]);
            }
            else
            {
                index.Remove(product);
            }
        }
    }
}
