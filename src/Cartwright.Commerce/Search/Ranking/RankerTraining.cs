using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Search;

/// <summary>One training of a ranker: to a version on disk, judged beside BM25F and the version in service on queries that none learned from.</summary>
/// <param name="versions">Where versions are kept.</param>
internal sealed class RankerTraining(VersionFolders versions, TimeProvider clock)
{
    public const string ModelName = "ranker";

    /// <summary>Queries to learn from, at least; the fold that judges not among them.</summary>
    private const int FewestQueries = 10;
    private const int JudgedFold = 0;
    private const int Cutoff = 10;

    /// <exception cref="ValidationException">There are too few queries.</exception>
    public TrainResponse Run(TrainRequest request, Snapshot shop, string from, List<JudgedQuery> queries, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        JudgedQuery.ThrowIfTooFew(queries, from == LearnedFromAttribute.Clicks ? "What was clicked in the shop" : "The shop", FewestQueries);
        progress?.Report(new RunProgress("reading products", 0, 0, "products"));
        var index = new SearchIndex(new SearchLanguage(shop.Info.Language));
        index.Put(shop.Products.Select((product, i) => (i, product)), cancellation);
        var reader = new RankReader(index.View, shop.Products, ProductPopularity.Of(shop, shop.Products.Count), cancellation);
        RankList[] lists = RankEvaluation.Lists(queries, reader, progress, cancellation);
        bool IsJudge(int query) => RankEvaluation.FoldOf(queries[query].Query) == JudgedFold;
        RankList[] judges = [.. lists.Where((_, i) => IsJudge(i))];
        RankList[] learned = [.. lists.Where((_, i) => !IsJudge(i))];
        if (judges.Length == 0 || learned.Length < 2)
        {
            (judges, learned) = ([.. lists.Take(lists.Length / 5)], [.. lists.Skip(lists.Length / 5)]);
        }

        long begun = Stopwatch.GetTimestamp();
        SearchRanker ranker = new RankerLearning(reader, clock).Fit(learned, request.Seed, request.Epochs, progress, cancellation);
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;

        progress?.Report(new RunProgress("judging", 0, 0, "queries"));
        GradeScale scale = ranker.Reading.Scale;
        RankMeasure mine = Measure(judges, scale, list => ranker.Scores(list, reader.Catalog, ranker.Reading.Over(reader.Catalog)));
        RankMeasure words = Measure(judges, scale, list => list.IndexScores[..list.FoundCount]);
        RankMeasure? rival = MeasureActive(judges, scale, reader);
        var estimates = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        Add(ModelName, mine);
        Add(SearchRankingAttribute.Bm25, words);
        string metric = $"ndcg@{Cutoff}";
        MetricEstimate? above = mine.QueryCount > 0 ? mine.Above(words, metric, request.Seed) : null;
        if (above is not null)
        {
            estimates[$"{ModelName} {metric} over bm25"] = above;
        }

        string version = versions.Save(new ModelCard
        {
            Model = ModelName,
            TrainedAt = clock.GetUtcNow(),
            Seed = request.Seed,
            Options = JsonSerializer.SerializeToElement(new SavedLesson(from, learned.Length, request.Seed, request.Epochs), SavedRankerJson.Default.SavedLesson),
            Metrics = estimates.ToDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal),
            DataHash = Hash(queries, shop),
            TrainSeconds = seconds,
            ParameterCount = ranker.Network.ParameterCount,
        }, folder => RankerFile.Save(folder, ranker));
        double toBeat = rival is { QueryCount: > 0 } ? rival.Mean(metric) : words.QueryCount > 0 ? words.Mean(metric) : double.PositiveInfinity;
        bool isActive = request.Activate || (mine.QueryCount > 0 && mine.Mean(metric) > toBeat);
        versions.Settle(version, isActive);
        return new TrainResponse(version, isActive, Summary(from, learned.Length, mine, words, metric, isActive, version), from, learned.Length, estimates, seconds);

        void Add(string name, RankMeasure measure)
        {
            foreach ((string key, MetricEstimate estimate) in measure.Estimate(request.Seed))
            {
                estimates[$"{name} {key}"] = estimate;
            }
        }
    }

    private static RankMeasure Measure(RankList[] lists, GradeScale scale, Func<RankList, float[]> scores)
    {
        var measure = new RankMeasure(scale, [Cutoff]);
        foreach (RankList list in lists)
        {
            float[] of = scores(list);
            float[] judged = [.. list.Grades.Where(grade => !float.IsNaN(grade))];
            measure.RecordOrder([.. Enumerable.Range(0, of.Length).OrderByDescending(row => of[row]).Take(Cutoff).Select(row => list.Grades[row])], judged);
        }

        return measure;
    }

    private RankMeasure? MeasureActive(RankList[] judges, GradeScale scale, RankReader reader) => versions.JudgeActive<RankMeasure>(active =>
    {
        SearchRanker rival = RankerFile.Load(versions.FolderOf(active));
        return Measure(judges, scale, list => rival.Scores(list, reader.Catalog, rival.Reading.Over(reader.Catalog)));
    });

    private static string Summary(string from, int queries, RankMeasure mine, RankMeasure words, string metric, bool isActive, string version)
    {
        string found = mine.QueryCount == 0 ? $"Learned to rank from {from} of {queries:N0} queries; of those kept aside none has a good product, so nothing tells how well."
            : string.Create(CultureInfo.InvariantCulture, $"Learned to rank from {from} of {queries:N0} queries: {metric} {mine.Mean(metric):0.0000} on {mine.QueryCount:N0} queries kept aside (words alone, bm25: {words.Mean(metric):0.0000}).");
        return isActive ? $"{found} It is in service now."
            : $"{found} It is not in service: what ranks now is as good or better on the same queries. To use it all the same: 'cartwright search activate --version {version}'.";
    }

    private static string Hash(List<JudgedQuery> queries, Snapshot shop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (JudgedQuery query in queries)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(query.Query + "\n"));
            foreach ((int product, float grade) in query.Grades)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{shop.Products[product].Id} {grade}\n")));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
