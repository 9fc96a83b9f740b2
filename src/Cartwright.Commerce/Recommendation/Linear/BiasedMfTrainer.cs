using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Learns <see cref="BiasedMf"/> by stochastic gradient descent on the regularized squared error, one shopper after the other.</summary>
/// <remarks>
/// Each rating moves b_u, b_i, p_u, q_i and the shopper's sum of y; what the sum was moved by is spread over its y once the shopper is through,
/// which saves a factor of the history's length over moving every y at every rating. Where no step is a rating there is nothing to learn:
/// the model that comes out then answers with what is popular.
/// </remarks>
public sealed class BiasedMfTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<BiasedMfOptions> Tuned = new(new(), RecommendationJson.Default.BiasedMfOptions) { HoldsOutMore = true };

    internal const string ModelName = "biased-mf";
    private static readonly float[] StarWeights = [0, 0.3f, 1, 2, 4, 8];

    public string Name => ModelName;

    public bool IsBaseline => false;

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (MeanRating.Of(data.Sequences, data.ProductCount) is not { } stars)
        {
            return new Popularity(Name, PopularityTrainer.Count(data.Sequences.Product, data.ProductCount), new Dictionary<string, string>(StringComparer.Ordinal));
        }

        BiasedMfOptions? given = Tuned.Read(options.Options);
        BiasedMfOptions chosen = given ?? new BiasedMfOptions();
        var descent = new Descent(data, chosen with { Epochs = options.Epochs ?? chosen.Epochs }, stars, options.Seed);
        BiasedMf model = descent.Run(progress, cancellationToken);
        if (given is not null)
        {
            return model;
        }

        RankingCases validation = data.Validation.Sample(3_000);
        return StarWeights.Select(model.With).MaxBy(candidate =>
            RankingMeasure.Run(((IRecommendationModel)candidate).ScoreMany, data.ProductCount, validation, [10], cancellationToken).Mean("ndcg@10"))!;
    }

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        chosen is BiasedMf { Options: var known } && MeanRating.Of(whole.Sequences, whole.ProductCount) is { } stars
            ? new Descent(whole, known, stars, options.Seed).Run(progress, cancellationToken) : Fit(whole, options, progress, cancellationToken);

    public IRecommendationModel Load(string folder) => BiasedMf.Load(folder);

    /// <summary>Everything that is learned, and the shoppers' rows that are only there while it is.</summary>
    private sealed class Descent
    {
        private readonly BiasedMfOptions _options;
        private readonly MeanRating _stars;
        private readonly float _unit;
        private readonly DistinctSteps[] _shoppers;
        private readonly Random _random;
        private readonly float[] _q;
        private readonly float[] _y;
        private readonly float[] _productBias;
        private readonly float[] _counts;
        private readonly float[] _p;
        private readonly float[] _shopperBias;

        public Descent(TrainingData data, BiasedMfOptions options, MeanRating stars, int seed)
        {
            _options = options;
            _stars = stars;
            _unit = BiasedMfWeights.UnitOf(stars.Lowest, stars.Highest);
            _shoppers = [.. Enumerable.Range(0, data.Sequences.Count).Select(s => DistinctSteps.Of(data.Sequences.StepsOf(s)))];
            _random = Seeds.Random((ulong)seed, 0);
            _q = Draw(data.ProductCount);
            _y = new float[data.ProductCount * options.FactorCount];
            _productBias = new float[data.ProductCount];
            _counts = new float[data.ProductCount];
            _p = Draw(_shoppers.Length);
            _shopperBias = new float[_shoppers.Length];
            foreach (DistinctSteps shopper in _shoppers)
            {
                for (int i = 0; i < shopper.Products.Length; i++)
                {
                    _counts[shopper.Products[i]] += float.IsFinite(shopper.Stars[i]) ? 1 : 0;
                }
            }
        }

        public BiasedMf Run(IProgress<RunProgress>? progress, CancellationToken cancellationToken)
        {
            int[] order = [.. Enumerable.Range(0, _shoppers.Length)];
            float rate = _options.LearningRate;
            for (int epoch = 0; epoch < _options.Epochs; epoch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _random.Shuffle(order);
                double squared = order.Sum(shopper => Learn(shopper, rate));
                rate *= _options.LearningRateDecay;
                progress?.Report(new RunProgress("epochs of " + ModelName, epoch + 1, _options.Epochs, "epochs")
                {
                    Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["rmse"] = _unit * Math.Sqrt(squared / Math.Max(1, _counts.Sum())) },
                });
            }

            return new BiasedMf(_options, new BiasedMfWeights(_q, _y, _productBias, _counts, _stars.Mean, _stars.Lowest, _stars.Highest));
        }

        /// <returns>Sum of the squared errors, each before its step.</returns>
        private double Learn(int shopper, float rate)
        {
            int factors = _options.FactorCount;
            (int[] products, float[] stars, _) = _shoppers[shopper];
            int[] rated = [.. Enumerable.Range(0, products.Length).Where(i => float.IsFinite(stars[i]))];
            _random.Shuffle(rated);
            float share = 1 / MathF.Sqrt(Math.Max(1, products.Length));
            float[] before = new float[factors];
            foreach (int product in products)
            {
                TensorPrimitives.MultiplyAdd(_y.AsSpan(product * factors, factors), share, before, before);
            }

            float[] chosen = [.. before];
            Span<float> p = _p.AsSpan(shopper * factors, factors);
            double squared = 0;
            foreach (int i in rated)
            {
                int product = products[i];
                Span<float> q = _q.AsSpan(product * factors, factors);
                float error = ((stars[i] - _stars.Mean) / _unit) - _productBias[product] - _shopperBias[shopper] - Dot(q, p, chosen);
                squared += (double)error * error;
                _shopperBias[shopper] += rate * (error - (_options.BiasRegularization * _shopperBias[shopper]));
                _productBias[product] += rate * (error - (_options.BiasRegularization * _productBias[product]));
                Step(q, p, chosen, rate, error);
            }

            float spread = 1 / (share * Math.Max(1, products.Length));
            TensorPrimitives.Subtract(chosen, before, before);
            foreach (int product in products)
            {
                Span<float> y = _y.AsSpan(product * factors, factors);
                TensorPrimitives.MultiplyAdd(before, spread, y, y);
            }

            return squared;
        }

        private static float Dot(Span<float> q, Span<float> p, float[] chosen)
        {
            float sum = 0;
            for (int f = 0; f < q.Length; f++)
            {
                sum += q[f] * (p[f] + chosen[f]);
            }

            return sum;
        }

        private void Step(Span<float> q, Span<float> p, float[] chosen, float rate, float error)
        {
            for (int f = 0; f < q.Length; f++)
            {
                float of = q[f], taste = p[f];
                q[f] += rate * ((error * (taste + chosen[f])) - (_options.Regularization * of));
                p[f] += rate * ((error * of) - (_options.Regularization * taste));
                chosen[f] += rate * ((error * of) - (_options.ImplicitRegularization * chosen[f]));
            }
        }

        /// <summary>Small numbers of both signs: [rows, factors], with a deviation of 0.1 / sqrt(factors).</summary>
        private float[] Draw(int rows)
        {
            float width = 0.1f * MathF.Sqrt(12f / _options.FactorCount);
            float[] drawn = new float[rows * _options.FactorCount];
            for (int i = 0; i < drawn.Length; i++)
            {
                drawn[i] = (_random.NextSingle() - 0.5f) * width;
            }

            return drawn;
        }
    }
}
