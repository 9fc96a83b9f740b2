using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Evaluation;

/// <summary>Writes the stars expected for some products after a history: ratings is [products.Length].</summary>
internal delegate void RatingPredictor(Steps history, ReadOnlySpan<int> products, Span<float> ratings);

/// <summary>Measures how far predicted stars are off on the tested steps that are ratings.</summary>
/// <remarks>rmse is the root of the mean of (predicted - given)^2 over all tested ratings, mae the mean of |predicted - given|.</remarks>
internal sealed class RatingMeasure
{
    private readonly List<int> _owners = [];
    private readonly List<double> _squared = [];
    private readonly List<double> _absolute = [];

    /// <summary>Tested ratings so far.</summary>
    public int Count => _owners.Count;

    /// <summary>True where a tested step is a rating.</summary>
    public static bool HasRatings(RankingCases cases) => cases.Cases.Any(tested => !tested.Ratings.IsEmpty && tested.Ratings.Span.ContainsAnyExcept(float.NaN));

    /// <summary>Predicts the ratings of some cases, on all processors, and keeps the errors: of folds all together.</summary>
    public void Add(RatingPredictor predict, RankingCases cases, CancellationToken cancellationToken = default)
    {
        var predicted = new float[cases.Cases.Count][];
        Parallel.For(0, predicted.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            RankingCase tested = cases.Cases[i];
            predicted[i] = new float[tested.Ratings.Length];
            if (predicted[i].Length > 0)
            {
                predict(tested.History, tested.Targets.Span, predicted[i]);
            }
        });
        for (int i = 0; i < predicted.Length; i++)
        {
            ReadOnlySpan<float> given = cases.Cases[i].Ratings.Span;
            for (int t = 0; t < given.Length; t++)
            {
                if (float.IsFinite(given[t]))
                {
                    _owners.Add(cases.Cases[i].Owner);
                    _squared.Add(Regression.SquaredError(predicted[i][t], given[t]));
                    _absolute.Add(Regression.AbsoluteError(predicted[i][t], given[t]));
                }
            }
        }
    }

    /// <summary>Root of the mean squared error, without an interval; NaN where nothing was measured.</summary>
    public double Rmse => Math.Sqrt(_squared.DefaultIfEmpty(double.NaN).Average());

    /// <summary>"rmse" and "mae" with 95 % bootstrap intervals over owners.</summary>
    public IEnumerable<KeyValuePair<string, MetricEstimate>> Estimate(int seed)
    {
        int[] owners = [.. _owners];
        BootstrapInterval squared = Bootstrap.Mean(_squared.ToArray(), owners, seed);
        BootstrapInterval absolute = Bootstrap.Mean(_absolute.ToArray(), owners, seed);
        yield return new("rmse", new MetricEstimate(Math.Sqrt(squared.Value), Math.Sqrt(squared.Low), Math.Sqrt(squared.High)));
        yield return new("mae", new MetricEstimate(absolute.Value, absolute.Low, absolute.High));
    }
}
