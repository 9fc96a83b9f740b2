namespace Cartwright.Commerce.Inventory;

/// <summary>Turns the spreads of a model into quantiles that held on validation, for the near, the middle and the far third of the horizon.</summary>
/// <remarks>
/// The quantiles of (ln(1 + units) - center) / spread over validation periods of all series: split conformal prediction with scaled
/// residuals, Lei et al., "Distribution-Free Predictive Inference for Regression", JASA 2018. What the spreads of a model mean plays no part.
/// </remarks>
internal sealed class ForecastIntervals
{
    private const int Thirds = 3;
    private const int FewestOffs = 30;

    // Nobody sells a billion of one thing in a day.
    private const float MostLog = 20;

    private ForecastIntervals(float[][] scaled, float together) => (Scaled, Together) = (scaled, together);

    /// <summary>Shares of the demand to lie below.</summary>
    public static IReadOnlyList<float> Levels { get; } = [0.01f, 0.05f, 0.1f, 0.25f, 0.5f, 0.75f, 0.9f, 0.95f, 0.99f];

    /// <summary>Where <see cref="Levels"/> has the ends of the 80 % interval.</summary>
    public static (int Low, int High) Ends { get; } = (2, 6);

    /// <summary>Spreads to go from the center, for each level: [thirds][levels].</summary>
    public float[][] Scaled { get; }

    /// <summary>How alike the errors of the periods of one horizon are, from 0 to 1: at 1 a series is too high, or too low, in all of them.</summary>
    public float Together { get; }

    /// <exception cref="ArgumentException">There are not as many numbers as there should be.</exception>
    public static ForecastIntervals Of(float[][] scaled, float together) => scaled.Length == Thirds && scaled.All(third => third.Length == Levels.Count)
        ? new ForecastIntervals(scaled, Math.Clamp(together, 0, 1))
        : throw new ArgumentException($"Intervals have {Thirds} rows of {Levels.Count} numbers.", nameof(scaled));

    /// <param name="panel">With the units that came.</param>
    /// <param name="forecasts">What was forecast from each held-out origin.</param>
    public static ForecastIntervals Learn(DemandPanel panel, IReadOnlyList<(int Origin, ForecastGrid Grid)> forecasts)
    {
        List<float>[] offs = [.. Enumerable.Range(0, Thirds).Select(_ => new List<float>())];
        var likeness = new Likeness();
        foreach ((int origin, ForecastGrid grid) in forecasts)
        {
            for (int s = 0; s < panel.Series.Count; s++)
            {
                DemandSeries series = panel.Series[s];
                for (int h = 0; h < grid.Horizon; h++)
                {
                    float off = (series.Log(origin + h) - grid.Center[s][h]) / grid.Spread[s][h];
                    if (float.IsFinite(off))
                    {
                        offs[Third(h, grid.Horizon)].Add(off);
                        likeness.Add(off);
                    }
                }

                likeness.EndGroup();
            }
        }

        List<float> all = [.. offs.SelectMany(o => o)];
        return new ForecastIntervals([.. offs.Select(third => QuantilesOf(third.Count < FewestOffs ? all : third))], likeness.Value);
    }

    /// <summary>Units below which demand stays with the chance of the level.</summary>
    public float Units(ForecastGrid grid, int series, int step, int level) =>
        MathF.Max(0, MathF.Exp(MathF.Min(MostLog, grid.Center[series][step] + (grid.Spread[series][step] * Scaled[Third(step, grid.Horizon)][level]))) - 1);

    /// <summary>Mean and standard deviation of the units of a period, from all its quantiles.</summary>
    public (double Mean, double Deviation) Moments(ForecastGrid grid, int series, int step)
    {
        double mean = 0;
        double squares = 0;
        for (int level = 0; level < Levels.Count; level++)
        {
            // A quantile stands for the shares that are nearer to it than to its neighbors.
            double from = level == 0 ? 0 : (Levels[level - 1] + Levels[level]) / 2.0;
            double to = level == Levels.Count - 1 ? 1 : (Levels[level] + Levels[level + 1]) / 2.0;
            double units = Units(grid, series, step, level);
            mean += (to - from) * units;
            squares += (to - from) * units * units;
        }

        return (mean, Math.Sqrt(Math.Max(0, squares - (mean * mean))));
    }

    private static int Third(int step, int horizon) => Thirds * step / horizon;

    // Without anything to learn from: those of a normal distribution.
    private static float[] QuantilesOf(List<float> offs)
    {
        if (offs.Count == 0)
        {
            return [.. Levels.Select(level => (float)MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, level))];
        }

        float[] sorted = [.. offs.Order()];
        return [.. Levels.Select(level =>
        {
            double place = Math.Clamp((level * (sorted.Length + 1)) - 1, 0, sorted.Length - 1);
            int below = (int)place;
            int above = Math.Min(below + 1, sorted.Length - 1);
            return (float)(sorted[below] + ((place - below) * (sorted[above] - sorted[below])));
        })];
    }

    /// <summary>Correlation of two values of one group, over many groups: the covariance of all pairs over the variance.</summary>
    private sealed class Likeness
    {
        private const float Most = 5;
        private double _sum;
        private double _squares;
        private double _count;
        private double _pairs;
        private double _pairCount;
        private double _groupSum;
        private double _groupSquares;
        private double _groupCount;

        public float Value
        {
            get
            {
                double mean = _count == 0 ? 0 : _sum / _count;
                double variance = _count == 0 ? 0 : (_squares / _count) - (mean * mean);
                return variance <= 0 || _pairCount == 0 ? 0 : (float)Math.Clamp(((_pairs / _pairCount) - (mean * mean)) / variance, 0, 1);
            }
        }

        public void Add(float value)
        {
            double bounded = Math.Clamp(value, -Most, Most);
            _groupSum += bounded;
            _groupSquares += bounded * bounded;
            _groupCount++;
        }

        public void EndGroup()
        {
            _sum += _groupSum;
            _squares += _groupSquares;
            _count += _groupCount;
            _pairs += (_groupSum * _groupSum) - _groupSquares;
            _pairCount += _groupCount * (_groupCount - 1);
            (_groupSum, _groupSquares, _groupCount) = (0, 0, 0);
        }
    }
}
