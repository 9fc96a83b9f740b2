using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>The index of the shop as it is now.</summary>
internal sealed class ServedIndex : IDisposable
{
    private readonly SemaphoreSlim _building = new(1, 1);
    private volatile Served? _served;

    /// <summary>The index of a shop: made at the first call for it, and kept up to date from then on.</summary>
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
                built = await Task.Run(() => Served.Build(shop, cancellationToken), cancellationToken);
                _served = built;
            }

            return built.Index.View;
        }
        finally
        {
            _building.Release();
        }
    }

    public void Dispose() => _building.Dispose();

    private sealed class Served(LiveShop shop, SearchIndex index)
    {
        private readonly Lock _changing = new();

        /// <summary>Products that changed while the index was made; null once it is.</summary>
        private List<int>? _waiting = [];

        public LiveShop Shop => shop;

        public SearchIndex Index => index;

        public static Served Build(LiveShop shop, CancellationToken cancellationToken)
        {
            var served = new Served(shop, new SearchIndex(new SearchLanguage(shop.Snapshot.Info.Language)));
            shop.FollowProducts(served.Follow);
            served.Index.Put(Enumerable.Range(0, shop.Products.Count).Where(shop.IsListed).Select(i => (i, shop.Products[i])), cancellationToken);
            lock (served._changing)
            {
                served._waiting!.ForEach(served.Take);
                served._waiting = null;
            }

            return served;
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
