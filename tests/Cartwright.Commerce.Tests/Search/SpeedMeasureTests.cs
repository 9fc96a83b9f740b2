using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class SpeedMeasureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-speed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Counts_what_is_found_of_each_kind()
    {
        EvaluateSpeedResponse answer = await MeasureAsync("7\tCast Iron Pan\n9\tSteel Pot\n", "two\tiron pan\t7\ntwo\tsteel pot\t7\nprefix\tsteel po\t9\ntypo\tstel pot\t9\n");

        Assert.Equal(2, answer.Titles);
        Assert.True(answer.TitlesPerSecond > 0 && answer.IndexBytes > 0);
        Assert.Equal([("two", 2, 0.5), ("prefix", 1, 1.0), ("typo", 1, 1.0)], answer.Kinds.Select(kind => (kind.Kind, kind.Queries, kind.Found)));
        Assert.All(answer.Kinds, kind => Assert.True(kind.MedianMilliseconds <= kind.P99Milliseconds));
    }

    [Theory]
    [InlineData("7 Pan\n", "two\tpan\t7\n", "titles.tsv:1: the line has 1 parts; 2 are needed")]
    [InlineData("7\tPan\n", "two\tpan\t7\ntwo\tpan\t8\n", "queries.tsv:2: there is no title '8'.")]
    public async Task Says_which_line_of_a_file_is_wrong(string titles, string queries, string message)
    {
        ImportFormatException refused = await Assert.ThrowsAsync<ImportFormatException>(() => MeasureAsync(titles, queries));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [DataFact]
    public async Task Finds_real_titles_again_as_often_as_it_did()
    {
        string folder = Path.Combine(DataFolder.Root!, "wdc-titles");
        using var searcher = new Searcher(null!, _folder, TimeProvider.System);

        EvaluateSpeedResponse answer = await searcher.EvaluateSpeedAsync(new EvaluateSpeedRequest
        {
            Titles = Path.Combine(folder, "titles.tsv.gz"), Queries = Path.Combine(folder, "queries.tsv.gz"), Rounds = 1,
        });

        Dictionary<string, double> found = answer.Kinds.ToDictionary(kind => kind.Kind, kind => kind.Found, StringComparer.Ordinal);
        Assert.True(found["two"] >= 0.668, $"two: {found["two"]}");
        Assert.True(found["three"] >= 0.798, $"three: {found["three"]}");
        Assert.True(found["prefix"] >= 0.646, $"prefix: {found["prefix"]}");
        Assert.True(found["typo"] >= 0.66, $"typo: {found["typo"]}");
    }

    private async Task<EvaluateSpeedResponse> MeasureAsync(string titles, string queries)
    {
        string titleFile = Path.Combine(_folder, "titles.tsv");
        string queryFile = Path.Combine(_folder, "queries.tsv");
        await File.WriteAllTextAsync(titleFile, titles);
        await File.WriteAllTextAsync(queryFile, queries);
        using var searcher = new Searcher(null!, _folder, TimeProvider.System);
        return await searcher.EvaluateSpeedAsync(new EvaluateSpeedRequest { Titles = titleFile, Queries = queryFile, Rounds = 1 });
    }
}
