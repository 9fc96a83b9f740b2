using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Takes products out of baskets, and looks whether the rest of each finds them again.</summary>
/// <remarks>
/// The latest fifth of the baskets tests, the others are counted and trained on; of each tested basket of two products or more up to <see cref="MostOfBasket"/>,
/// drawn by the seed, are left out, one at a time. All products but the rest of the basket are candidates. The trained model reads each basket as a sequence; the latest
/// tenth of the training baskets chooses its options.
/// </remarks>
internal sealed class LeftOutEvaluation(EvaluateBasketsRequest request, Snapshot data, TimeProvider clock)
{
    private const double TestShare = 0.2;
    private const double ValidationShare = 0.1;
    private const int MostOfBasket = 3;
    private const string Nearest = "item-knn";

    private readonly Baskets _all = LiveBaskets.Count(data);
    private readonly int _productCount = data.Products.Count;

    /// <exception cref="ValidationException">There are too few baskets of two products or more.</exception>
    public EvaluationReport Run(IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        int testFrom = (int)(_all.Count * (1 - TestShare));
        RankingCases cases = CasesOf(testFrom, _all.Count);
        if (testFrom == 0 || cases.Cases.Count == 0)
        {
            throw new ValidationException($"'{data.Info.Name}' has {_all.Count} baskets, and too few of them hold two products. A basket is what was bought in one session, or by one shopper on one day.");
        }

        long start = clock.GetTimestamp();
        var counted = new Baskets();
        for (int basket = 0; basket < testFrom; basket++)
        {
            int number = counted.Open();
            foreach (int product in _all.ProductsOf(basket))
            {
                counted.Add(number, product);
            }
        }

        double countSeconds = clock.GetElapsedTime(start).TotalSeconds;
        var measure = new BasketMeasure(cases, _productCount, request, clock);
        measure.Add("popularity", isBaseline: true, Without(cases, (_, scores) => Fill(scores, product => counted.CountOf(product))), countSeconds, cancellationToken);
        measure.Add("log-likelihood", isBaseline: true, Without(cases, (history, scores) => AddPairs(counted, history, scores,
            (together, first, second) => Association.LogLikelihood(together, first, second, counted.Count))), countSeconds, cancellationToken);
        (IRecommendationModel nearest, double nearestSeconds) = Fit(Nearest, testFrom, progress, cancellationToken);
        measure.Add(Nearest, isBaseline: true, Without(cases, (history, scores) => Score(nearest, history, scores)), nearestSeconds, cancellationToken);
        measure.Add("bought-together", isBaseline: false, Without(cases, (history, scores) => AddPairs(counted, history, scores, (together, first, second) =>
            Math.Max(0, Math.Log(Association.Lift(together, first * second / counted.Count))) * together / Math.Max(1, first))), countSeconds, cancellationToken);
        var complete = new CompleteBasket(counted);
        measure.Add("association", isBaseline: false, Without(cases, (history, scores) => complete.Score(history, scores)), countSeconds, cancellationToken);
        (IRecommendationModel model, double seconds) = request.Model == Nearest ? (nearest, nearestSeconds) : Fit(request.Model, testFrom, progress, cancellationToken);
        if (request.Model != Nearest)
        {
            measure.Add(request.Model, isBaseline: false, Without(cases, (history, scores) => Score(model, history, scores)), seconds, cancellationToken);
        }

        measure.Add("complete-basket", isBaseline: false, Without(cases, (history, scores) =>
        {
            float[] own = new float[scores.Length];
            Score(model, history, own);
            complete.Of(history, model.CanScore(history) ? own : [], scores.Length, _ => "", _ => "").Score(default, scores);
        }), countSeconds + seconds, cancellationToken);
        return measure.Report(data.Info.Name);
    }

    private delegate void BasketScorer(int[] basket, Span<float> scores);

    private static CaseScorer Without(RankingCases cases, BasketScorer score) => (index, scores) =>
    {
        int[] basket = cases.Cases[index].History.Products.ToArray();
        score(basket, scores);
        foreach (int product in basket)
        {
            scores[product] = float.NegativeInfinity;
        }
    };

    private static void Score(IRecommendationModel model, int[] history, Span<float> scores)
    {
        using var alone = Compute.OnThisThread();
        scores.Clear();
        if (model.CanScore(history))
        {
            model.Score(history, scores);
        }
    }

    private static void Fill(Span<float> scores, Func<int, double> of)
    {
        for (int product = 0; product < scores.Length; product++)
        {
            scores[product] = (float)of(product);
        }
    }

    /// <summary>Sums what each product of a basket says of every other, and leaves what is popular to say where that is nothing.</summary>
    private static void AddPairs(Baskets baskets, int[] history, Span<float> scores, Func<double, double, double, double> worth)
    {
        Fill(scores, product => 1e-6 * baskets.CountOf(product) / baskets.Count);
        int[] together = new int[scores.Length];
        foreach (int asked in history)
        {
            Array.Clear(together);
            int scanned = baskets.CountTogether(asked, Baskets.MostScanned, together);
            for (int product = 0; product < scores.Length; product++)
            {
                if (together[product] > 0)
                {
                    scores[product] += (float)worth(together[product], scanned, baskets.CountOf(product));
                }
            }
        }
    }

    private RankingCases CasesOf(int from, int to)
    {
        var cases = new List<RankingCase>();
        for (int basket = from; basket < to; basket++)
        {
            int[] products = _all.ProductsOf(basket).ToArray();
            if (products.Length > 1)
            {
                int[] drawn = [.. Enumerable.Range(0, products.Length)];
                Seeds.Random((ulong)request.Seed, (ulong)basket).Shuffle(drawn);
                cases.AddRange(drawn.Take(MostOfBasket).Select(place => new RankingCase(basket, (int[])[.. products.Where((_, i) => i != place)], (int[])[products[place]])));
            }
        }

        return new RankingCases { Cases = cases, ExcludesHistory = true };
    }

    private (IRecommendationModel Model, double Seconds) Fit(string name, int testFrom, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new RunProgress($"training {name}", 0, 1, "models"));
        long start = clock.GetTimestamp();
        int validationFrom = (int)(testFrom * (1 - ValidationShare));
        int[][] baskets = [.. Enumerable.Range(0, validationFrom).Select(basket => _all.ProductsOf(basket).ToArray())];
        int[] starts = new int[baskets.Length + 1];
        for (int basket = 0; basket < baskets.Length; basket++)
        {
            starts[basket + 1] = starts[basket] + baskets[basket].Length;
        }

        int[] products = [.. baskets.SelectMany(basket => basket)];
        var training = new TrainingData
        {
            ProductCount = _productCount,
            Sequences = new Sequences
            {
                Start = starts,
                Product = products,
                Kind = [.. products.Select(_ => InteractionKind.Purchase)],
                At = [.. products.Select((_, i) => (long)i)],
                Owner = [.. Enumerable.Range(0, baskets.Length).Select(basket => new SequenceOwner(false, basket))],
            },
            Validation = CasesOf(validationFrom, testFrom),
            Content = ProductContent.Of(data.Products),
            HasRealTimes = false,
        };
        IRecommendationModel model = RecommendationModels.Named(name).Fit(training, new FitOptions { Seed = request.Seed, Epochs = request.Epochs, Clock = clock }, progress, cancellationToken);
        return (model, clock.GetElapsedTime(start).TotalSeconds);
    }
}
