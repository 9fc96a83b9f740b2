using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Learns <see cref="Bpr"/> with Adagrad, one shopper after the other.</summary>
/// <remarks>
/// The parts x of a shopper move together once all the shopper's products were learned: x_j by the slopes of all products but j itself.
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods", JMLR 2011. Every fifth pass is measured by NDCG@10 on the validation cases;
/// after four measurements without a gain it stops, and the best pass is the model.
/// </remarks>
public sealed class BprTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<BprOptions> Tuned = new(new(), RecommendationJson.Default.BprOptions) { HoldsOutMore = true };

    private const int MeasureEvery = 5;
    private const int Patience = 4;

    public string Name => "bpr";

    public bool IsBaseline => false;

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        BprOptions chosen = Tuned.Read(options.Options) ?? new BprOptions();
        chosen = chosen with { Epochs = options.Epochs ?? chosen.Epochs };
        var ascent = new BprAscent(data.Sequences, data.ProductCount, chosen, options.Seed);
        RankingCases validation = data.Validation.Sample(3_000);
        IRecommendationModel best = ascent.Model(0);
        double reached = double.NegativeInfinity;
        int since = 0;
        for (int epoch = 1; epoch <= chosen.Epochs && since < Patience; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var values = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = ascent.Pass() };
            if (epoch % MeasureEvery == 0 || epoch == chosen.Epochs)
            {
                IRecommendationModel model = ascent.Model(epoch);
                double quality = RankingMeasure.Run(model.ScoreMany, data.ProductCount, validation, [10], cancellationToken).Mean("ndcg@10");
                values["ndcg@10"] = quality;
                since++;
                if (quality > reached)
                {
                    (best, reached, since) = (model, quality, 0);
                }
            }

            progress?.Report(new RunProgress("epochs of bpr", epoch, chosen.Epochs, "epochs") { Values = values });
        }

        return best;
    }

    public IRecommendationModel Load(string folder) => Bpr.Load(folder);
}

/// <summary>The numbers of <see cref="Bpr"/> while they are learned.</summary>
internal sealed class BprAscent
{
    /// <summary>Draws of a product that the shopper has not; somebody who has nearly all gets one that the shopper has, now and then.</summary>
    private const int MostDraws = 20;

    private readonly BprOptions _options;
    private readonly int[][] _shoppers;
    private readonly int _productCount;
    private readonly Random _random;
    private readonly int[] _order;
    private readonly Adagrad _vectors;
    private readonly Adagrad _parts;
    private readonly Adagrad _biases;

    public BprAscent(Sequences sequences, int productCount, BprOptions options, int seed)
    {
        _options = options;
        _productCount = productCount;
        _random = Seeds.Random((ulong)seed, 0);
        _shoppers = [.. Enumerable.Range(0, sequences.Count).Select(s => DistinctSteps.Of(sequences.StepsOf(s)).Products).Where(products => products.Length > 1)];
        _order = [.. Enumerable.Range(0, _shoppers.Length)];
        _vectors = new Adagrad(Draw(productCount), options);
        _parts = new Adagrad(Draw(productCount), options);
        _biases = new Adagrad(new float[productCount], options);
    }

    /// <summary>One pass over all steps.</summary>
    /// <returns>The mean of -ln sigmoid(difference).</returns>
    public double Pass()
    {
        _random.Shuffle(_order);
        double loss = 0;
        long count = 0;
        foreach (int shopper in _order)
        {
            loss += Learn(_shoppers[shopper]);
            count += _shoppers[shopper].Length;
        }

        return loss / Math.Max(1, count);
    }

    /// <summary>A copy as it stands.</summary>
    public Bpr Model(int epoch) => new(_options with { Epochs = epoch }, [.. _vectors.Values], [.. _parts.Values], [.. _biases.Values]);

    private double Learn(int[] products)
    {
        int factors = _options.FactorCount;
        float share = 1 / MathF.Sqrt(products.Length - 1);
        float[] sum = new float[factors];
        foreach (int product in products)
        {
            TensorPrimitives.Add(sum, _parts.Row(product, factors), sum);
        }

        float[] slopes = new float[products.Length * factors];       // of the sum of parts, by each product that was learned
        float[] all = new float[factors];
        float[] shopper = new float[factors];
        double loss = 0;
        for (int i = 0; i < products.Length; i++)
        {
            int wanted = products[i], other = DrawOther(products);
            TensorPrimitives.Subtract(sum, _parts.Row(wanted, factors), shopper);
            TensorPrimitives.Multiply(shopper, share, shopper);
            float difference = _biases.Values[wanted] - _biases.Values[other]
                + TensorPrimitives.Dot<float>(_vectors.Row(wanted, factors), shopper) - TensorPrimitives.Dot<float>(_vectors.Row(other, factors), shopper);
            float push = 1 / (1 + MathF.Exp(difference));
            loss += Math.Log(1 + Math.Exp(-difference));
            Span<float> slope = slopes.AsSpan(i * factors, factors);
            TensorPrimitives.Subtract(_vectors.Row(wanted, factors), _vectors.Row(other, factors), slope);
            TensorPrimitives.Multiply(slope, push * share, slope);
            TensorPrimitives.Add(all, slope, all);
            _vectors.Climb(wanted, factors, shopper, push);
            _vectors.Climb(other, factors, shopper, -push);
            _biases.Climb(wanted, 1, [1], push);
            _biases.Climb(other, 1, [1], -push);
        }

        for (int i = 0; i < products.Length; i++)
        {
            TensorPrimitives.Subtract(all, slopes.AsSpan(i * factors, factors), shopper);
            _parts.Climb(products[i], factors, shopper, 1);
        }

        return loss;
    }

    private int DrawOther(int[] products)
    {
        int other = _random.Next(_productCount);
        for (int draw = 1; draw < MostDraws && Array.BinarySearch(products, other) >= 0; draw++)
        {
            other = _random.Next(_productCount);
        }

        return other;
    }

    private float[] Draw(int rows)
    {
        float[] drawn = new float[rows * _options.FactorCount];
        for (int i = 0; i < drawn.Length; i++)
        {
            drawn[i] = (_random.NextSingle() - 0.5f) * 0.2f / MathF.Sqrt(_options.FactorCount);
        }

        return drawn;
    }

    /// <summary>Numbers, and the sum of the squares of all their slopes so far.</summary>
    private sealed class Adagrad(float[] values, BprOptions options)
    {
        private readonly float[] _squares = new float[values.Length];

        public float[] Values => values;

        public ReadOnlySpan<float> Row(int row, int width) => values.AsSpan(row * width, width);

        /// <summary>Moves a row by factor * slope, less the pull to 0.</summary>
        public void Climb(int row, int width, ReadOnlySpan<float> slope, float factor)
        {
            Span<float> value = values.AsSpan(row * width, width);
            Span<float> squares = _squares.AsSpan(row * width, width);
            for (int f = 0; f < width; f++)
            {
                float up = (factor * slope[f]) - (options.Regularization * value[f]);
                squares[f] += up * up;
                value[f] += options.LearningRate * up / (MathF.Sqrt(squares[f]) + 1e-8f);
            }
        }
    }
}
