using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Search;

/// <summary>Ranks all products for judged queries with each model and measures the orders.</summary>
/// <param name="products">By dense index; of data and test together.</param>
internal sealed class RankEvaluation(ShopInfo info, IReadOnlyList<Product> products, float[] popularity, TimeProvider clock)
{
    /// <summary>Of the index's products that are learned from beside the judged ones: of few queries all that are ordered later.</summary>
    private const int FewQueries = 1_000, DepthOfMany = 30;

    public const string MeanGrade = "mean-grade", Overlap = "overlap", Popularity = "popularity";

    private const int FoldCount = 5;
    private const int FewestQueries = 10;

    /// <param name="test">Queries to test; null tests each fold of the others.</param>
    /// <exception cref="ValidationException">There are too few queries.</exception>
    public EvaluationReport Run(EvaluateRequest request, List<JudgedQuery> queries, List<JudgedQuery>? test, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        bool learns = request.Model is RankModelNameAttribute.All or SearchRankingAttribute.Ranker;
        JudgedQuery.ThrowIfTooFew(queries, info.Name, learns || test is null ? FewestQueries : 0);
        JudgedQuery.ThrowIfTooFew(test ?? queries, info.Name, 1);
        progress?.Report(new RunProgress("reading products", 0, 0, "products"));
        var language = new SearchLanguage(info.Language);
        var index = new SearchIndex(language);
        index.Put(products.Select((product, i) => (i, product)), cancellation);
        GradeScale scale = GradeScale.Of([.. queries.Concat(test ?? []).SelectMany(query => query.Grades.Values)]);
        var orders = new RankOrders(index.View, popularity, request.Cutoff.Max());
        List<JudgedQuery> tested = test ?? queries;
        var models = new List<ModelEvaluation>();
        var measures = new Dictionary<string, RankMeasure>(StringComparer.Ordinal);
        foreach (string name in new[] { Overlap, Popularity, SearchRankingAttribute.TfIdf, SearchRankingAttribute.Bm25 })
        {
            bool isBaseline = name is Overlap or Popularity;
            if (isBaseline || request.Model is RankModelNameAttribute.All || request.Model == name || (learns && name == SearchRankingAttribute.Bm25))
            {
                PeakMemory.Restart();
                progress?.Report(new RunProgress($"testing {name}", 0, tested.Count, "queries"));
                RankMeasure measure = measures[name] = new RankMeasure(scale, request.Cutoff);
                Measure(measure, orders.Of(name, tested, cancellation), tested);
                models.Add(new ModelEvaluation(name, isBaseline ? "baseline" : "model", measure.Estimate(request.Seed), 0, PeakMemory.Bytes));
            }
        }

        if (learns)
        {
            PeakMemory.Restart();
            var reader = new RankReader(index.View, products, popularity, cancellation);
            var (ranker, mean) = (new RankMeasure(scale, request.Cutoff), new RankMeasure(scale, request.Cutoff));
            double seconds = Rank(request, queries, test, reader, orders, ranker, mean, progress, cancellation);
            models.Insert(0, new ModelEvaluation(MeanGrade, "baseline", mean.Estimate(request.Seed), 0, PeakMemory.Bytes));
            var metrics = new Dictionary<string, MetricEstimate>(ranker.Estimate(request.Seed), StringComparer.Ordinal);
            foreach (string metric in request.Cutoff.Select(cutoff => $"ndcg@{cutoff}").Where(metrics.ContainsKey))
            {
                metrics[$"{metric} over bm25"] = ranker.Above(measures[SearchRankingAttribute.Bm25], metric, request.Seed);
            }

            models.Add(new ModelEvaluation(SearchRankingAttribute.Ranker, "model", metrics, seconds, PeakMemory.Bytes));
        }

        return new EvaluationReport
        {
            Data = info.Name,
            Protocol = test is null ? request.Protocol : "test-folder",
            Seed = request.Seed,
            TestCount = tested.Count,
            Candidates = products.Count,
            Models = models,
        };
    }

    /// <summary>The same query is in the same fold whatever else there is.</summary>
    public static int FoldOf(string query) => (int)(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(query))) % FoldCount);

    /// <summary>Lists to learn from: the first products of the index and all that were judged.</summary>
    public static RankList[] Lists(IReadOnlyList<JudgedQuery> queries, RankReader reader, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        int depth = queries.Count <= FewQueries ? SearchRanker.Depth : DepthOfMany;
        var lists = new RankList[queries.Count];
        int done = 0;
        Parallel.For(0, lists.Length, Stopping(cancellation), i =>
        {
            lists[i] = List(queries[i], reader, depth);
            if (Interlocked.Increment(ref done) % 500 == 0)
            {
                progress?.Report(new RunProgress("reading judged queries", Volatile.Read(ref done), lists.Length, "queries"));
            }
        });
        return lists;
    }

    private double Rank(EvaluateRequest request, List<JudgedQuery> queries, List<JudgedQuery>? test, RankReader reader, RankOrders orders, RankMeasure ranker, RankMeasure mean,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        RankList[] lists = Lists(queries, reader, progress, cancellation);
        var told = new Dictionary<string, (float[] Top, float[] Grades, float Mean)>(StringComparer.Ordinal);
        double seconds = 0;
        int folds = test is null ? FoldCount : 1;
        for (int fold = 0; fold < folds; fold++)
        {
            progress?.Report(new RunProgress("ranker", fold, folds, "folds"));
            RankList[] learned = [.. lists.Where((_, i) => test is not null || FoldOf(queries[i].Query) != fold)];
            JudgedQuery[] tested = [.. (test ?? queries).Where(query => test is not null || FoldOf(query.Query) == fold)];
            if (tested.Length == 0)
            {
                continue;
            }

            long begun = Stopwatch.GetTimestamp();
            SearchRanker model = new RankerLearning(reader, clock).Fit(learned, request.Seed, request.Epochs, progress, cancellation);
            seconds += Stopwatch.GetElapsedTime(begun).TotalSeconds;
            int[] stems = model.Reading.Over(reader.Catalog);
            var answers = new (float[] Top, float[] Grades)[tested.Length];
            int done = 0;
            Parallel.For(0, tested.Length, Stopping(cancellation), i =>
            {
                RankList list = List(tested[i], reader, SearchRanker.Depth);
                RankParts parts = model.Parts(list, reader.Catalog, stems);
                float[] grades = parts.Grades(model.Weights, model.Reading);
                float[] foretold = [.. tested[i].Grades.Keys.Select(product => grades[Array.IndexOf(list.Products, product)])];
                answers[i] = (orders.Reordered(tested[i], list, parts.Scores(model.Weights)), foretold);
                if (Interlocked.Increment(ref done) % 200 == 0)
                {
                    progress?.Report(new RunProgress($"testing fold {fold + 1} of {folds}", Volatile.Read(ref done), tested.Length, "queries"));
                }
            });
            for (int i = 0; i < tested.Length; i++)
            {
                told[tested[i].Query] = (answers[i].Top, answers[i].Grades, model.Reading.GradeMean);
            }
        }

        // In the order of the queries, so that each stands beside itself when models are compared.
        foreach (JudgedQuery query in test ?? queries)
        {
            (float[] top, float[] grades, float average) = told[query.Query];
            float[] judged = [.. query.Grades.Values];
            ranker.RecordOrder(top, judged);
            ranker.RecordGrades(grades, judged);
            mean.RecordGrades(Array.ConvertAll(judged, _ => average), judged);
        }

        return seconds;
    }

    private static RankList List(JudgedQuery query, RankReader reader, int depth)
    {
        RankList list = reader.Find(query.Query, depth, [.. query.Grades.Keys]);
        for (int row = 0; row < list.Count; row++)
        {
            list.Grades[row] = query.Grades.TryGetValue(list.Products[row], out float grade) ? grade : float.NaN;
        }

        return list;
    }

    private static void Measure(RankMeasure measure, float[][] tops, List<JudgedQuery> queries)
    {
        for (int i = 0; i < tops.Length; i++)
        {
            measure.RecordOrder(tops[i], [.. queries[i].Grades.Values]);
        }
    }

    private static ParallelOptions Stopping(CancellationToken cancellation) => new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
}
