using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Search;

/// <summary>The ranker that is in service, loaded at the first search and again where another is activated, with the products as it reads them.</summary>
/// <remarks>
/// Products are read once for each shop in memory and again where another version is activated; one that was put since then keeps the place that its
/// words give it, behind those that were put into order, until then. Safe to call from several threads.
/// </remarks>
internal sealed class ServedRanker(VersionFolders versions)
{
    private readonly Lock _loading = new();
    private volatile Loaded? _loaded;

    /// <returns>Null where nothing is trained yet.</returns>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">The version in service is damaged.</exception>
    public RankingInService? Find(LiveShop shop, IndexView index)
    {
        DateTime activatedAt = versions.ActivatedAt;
        if (_loaded is { } ready && ready.ActivatedAt == activatedAt && ready.Shop == shop)
        {
            return ready.Ranking;
        }

        lock (_loading)
        {
            if (_loaded is not { } loaded || loaded.ActivatedAt != activatedAt || loaded.Shop != shop)
            {
                if (versions.Active is not { } version)
                {
                    return null;
                }

                SearchRanker ranker = RankerFile.Load(versions.FolderOf(version));
                Product[] products = [.. shop.Products];
                // Not given up with the request that came first: the others would begin it again.
                var reader = new RankReader(index, products, ProductPopularity.Of(shop.Snapshot, products.Length), CancellationToken.None);
                _loaded = loaded = new Loaded(new RankingInService(ranker, reader, version), shop, activatedAt);
            }

            return loaded.Ranking;
        }
    }

    private sealed record Loaded(RankingInService Ranking, LiveShop Shop, DateTime ActivatedAt);
}

/// <summary>A ranker over the products of a shop.</summary>
internal sealed class RankingInService(SearchRanker ranker, RankReader reader, string version)
{
    private readonly int[] _stems = ranker.Reading.Over(reader.Catalog);

    public string Version => version;

    /// <summary>Puts the first products that words found into the ranker's order, above the others.</summary>
    public void Order(string query, FoundProducts found)
    {
        RankList list = reader.List(reader.Read(query), found, SearchRanker.Depth, []);
        found.Lift(list.Products.AsSpan(0, list.FoundCount), ranker.Shares(list, reader.Catalog, _stems));
    }
}
