using System.Text.Json;
using Cartwright.Commerce.Search;
using ShownPage = Cartwright.Commerce.Catalog.Search;

namespace Cartwright.Commerce.Tests.Search;

/// <summary>The models beside PyClick's of the same name on a small log; pyclick_small.py made the file.</summary>
public sealed class PyClickTests
{
    private static readonly JsonElement Theirs = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Search", "Clicks", "pyclick_small.json"))).RootElement;

    private static readonly ClickLog Log = ClickLog.Of(Theirs.GetProperty("log").EnumerateArray().Select(page => new ShownPage
    {
        Query = page[0].GetString()!,
        Shown = [.. page[1].EnumerateArray().Select(product => product.GetString()!)],
        Clicked = [.. page[2].EnumerateArray().Select(place => place.GetInt32())],
    }));

    [Fact]
    public void Pbm_settles_where_theirs_does()
    {
        var model = new PositionBasedModel(3_000, BetaPrior.Even);
        model.Fit(Log, CancellationToken.None);

        AssertSame("pbm", model);
        AssertPairs("pbm", "attraction", model.Attraction);
        Assert.All(Theirs.GetProperty("pbm").GetProperty("examination").EnumerateArray().Select((value, rank) => (value, rank)),
            at => Assert.Equal(at.value.GetDouble(), model.Examination(at.rank), 1e-4));
    }

    [Fact]
    public void Ubm_settles_where_theirs_does()
    {
        var model = new UserBrowsingModel(3_000, BetaPrior.Even);
        model.Fit(Log, CancellationToken.None);

        AssertSame("ubm", model);
        AssertPairs("ubm", "attraction", model.Attraction);
        foreach ((JsonElement row, int rank) in Theirs.GetProperty("ubm").GetProperty("examination").EnumerateArray().Select((row, rank) => (row, rank)))
        {
            Assert.All(row.EnumerateArray().Select((value, column) => (value, column)),
                at => Assert.Equal(at.value.GetDouble(), model.Examination(rank, at.column - 1), 1e-3));
        }
    }

    [Fact]
    public void Sdbn_counts_as_theirs_does()
    {
        var model = new SimplifiedDynamicBayesianNetwork(BetaPrior.Even);
        model.Fit(Log, CancellationToken.None);

        AssertSame("sdbn", model);
        AssertPairs("sdbn", "attraction", model.Attraction);
        AssertPairs("sdbn", "satisfaction", model.Satisfaction);
    }

    /// <summary>Their measures of their model are our measures of ours.</summary>
    private static void AssertSame(string name, IClickModel model)
    {
        var measured = new ClickMeasure(Log).Estimate(model, seed: 1);
        Assert.Equal(Theirs.GetProperty(name).GetProperty("logLikelihood").GetDouble(), measured["logLikelihood"].Value, 1e-5);
        Assert.Equal(Theirs.GetProperty(name).GetProperty("perplexity").GetDouble(), measured["perplexity"].Value, 1e-5);
    }

    private static void AssertPairs(string name, string parameter, Func<int, double> ours)
    {
        JsonElement theirs = Theirs.GetProperty(name).GetProperty(parameter);
        IReadOnlyList<(string Query, string Product)> names = Log.NamesOfPairs();
        Assert.All(Enumerable.Range(0, Log.PairCount), pair => Assert.Equal(theirs.GetProperty($"{names[pair].Query} {names[pair].Product}").GetDouble(), ours(pair), 1e-4));
    }
}
