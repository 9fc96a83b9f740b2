using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Search;

/// <summary>The ranker that is in service, loaded at the first search and again where another is activated, with the products as it reads them.</summary>
/// <remarks>Safe to call from several threads.</remarks>
internal sealed class ServedRanker(VersionFolders versions)
{
    private readonly Lock _loading = new();
    private SearchRanker? _ranker;
    private string _version = "";
    private DateTime _activatedAt;
    private LiveShop? _shop;
    private ServedReading? _reading;
    private RankingInService? _ranking;

    /// <returns>Null where nothing is trained yet.</returns>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">The version in service is damaged.</exception>
    public RankingInService? Find(LiveShop shop, IndexView index)
    {
        DateTime activatedAt = versions.ActivatedAt;
        lock (_loading)
        {
            if (_ranker is null || _activatedAt != activatedAt)
            {
                if (versions.Active is not { } version)
                {
                    return null;
                }

                (_ranker, _version, _activatedAt, _ranking) = (RankerFile.Load(versions.FolderOf(version)), version, activatedAt, null);
                _reading?.Renew(index);                      // it may have learned from what shoppers turned to since
            }

            if (_reading is null || _shop != shop)
            {
                (_reading, _shop) = (new ServedReading(shop, index), shop);
            }

            RankReader reader = _reading.Now(index);
            return _ranking is { } ready && ready.Reader == reader ? ready : _ranking = new RankingInService(_ranker, reader, _version);
        }
    }
}

/// <summary>A ranker over the products of a shop.</summary>
internal sealed class RankingInService(SearchRanker ranker, RankReader reader, string version)
{
    private readonly int[] _stems = ranker.Reading.Over(reader.Catalog);

    public RankReader Reader => reader;

    public string Version => version;

    /// <summary>Puts the first products that words found into the ranker's order, above the others.</summary>
    public void Order(string query, FoundProducts found)
    {
        RankList list = reader.List(reader.Read(query), found, SearchRanker.Depth, []);
        found.Lift(list.Products.AsSpan(0, list.FoundCount), ranker.Shares(list, reader.Catalog, _stems));
    }
}
