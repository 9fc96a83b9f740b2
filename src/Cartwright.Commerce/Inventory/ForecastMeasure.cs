using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Inventory;

/// <summary>How good forecasts are, with intervals over series.</summary>
/// <remarks>
/// <c>rmspe</c>: root of the mean squared error as a share of the units, over periods with some. <c>wape</c>: units off as a share of all units.
/// <c>rmsse</c>: error over that of the value before, mean over series (Makridakis et al., "The M5 Accuracy Competition", 2022). <c>pinball</c>: twice
/// the pinball loss over all levels as a share of all units (Salinas et al., 2020). <c>intervalCoverage</c>: of the 80 % interval.
/// </remarks>
internal sealed class ForecastMeasure
{
    private readonly DemandPanel _panel;
    private readonly Sums[] _sums;

    /// <param name="panel">With the units that came.</param>
    /// <param name="origin">The first period that is forecast; differences before it scale the errors.</param>
    public ForecastMeasure(DemandPanel panel, int origin)
    {
        _panel = panel;
        _sums = [.. panel.Series.Select(series => new Sums { Scale = ScaleOf(series, origin) })];
    }

    /// <summary>Periods that were measured.</summary>
    public int Count => (int)_sums.Sum(s => s.Count);

    public void Add(int origin, ForecastGrid grid, ForecastIntervals intervals)
    {
        for (int s = 0; s < _sums.Length; s++)
        {
            for (int h = 0; h < grid.Horizon; h++)
            {
                float units = _panel.Series[s].Units[origin + h];
                if (float.IsNaN(units) || float.IsNaN(grid.Center[s][h]))
                {
                    continue;
                }

                Sums sums = _sums[s];
                double actual = Math.Max(0, units);
                double error = actual - Point(grid, s, h);
                sums.Count++;
                sums.Units += actual;
                sums.Absolute += Math.Abs(error);
                sums.Squared += error * error;
                if (actual > 0)
                {
                    sums.Positive++;
                    sums.SquaredShare += error / actual * (error / actual);
                }

                for (int level = 0; level < ForecastIntervals.Levels.Count; level++)
                {
                    double above = actual - intervals.Units(grid, s, h, level);
                    double share = ForecastIntervals.Levels[level];
                    sums.Pinball += 2 * (above > 0 ? share * above : (share - 1) * above) / ForecastIntervals.Levels.Count;
                }

                bool isInside = actual >= Math.Floor(intervals.Units(grid, s, h, ForecastIntervals.Ends.Low)) && actual <= Math.Ceiling(intervals.Units(grid, s, h, ForecastIntervals.Ends.High));
                sums.Inside += isInside ? 1 : 0;
            }
        }
    }

    /// <summary>The forecast as one number of units.</summary>
    public static double Point(ForecastGrid grid, int series, int step) => Math.Max(0, Math.Exp(grid.Center[series][step]) - 1);

    public IReadOnlyDictionary<string, MetricEstimate> Estimate(int seed)
    {
        Sums[] measured = [.. _sums.Where(s => s.Count > 0)];
        Sums[] scaled = [.. measured.Where(s => s.Scale > 0)];
        return new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal)
        {
            ["rmspe"] = Drawn(measured, of => Math.Sqrt(of.Sum(s => s.SquaredShare) / of.Sum(s => s.Positive))),
            ["wape"] = Drawn(measured, of => of.Sum(s => s.Absolute) / of.Sum(s => s.Units)),
            ["rmsse"] = Drawn(scaled, of => of.Average(s => Math.Sqrt(s.Squared / s.Count / s.Scale))),
            ["pinball"] = Drawn(measured, of => of.Sum(s => s.Pinball) / of.Sum(s => s.Units)),
            ["intervalCoverage"] = Drawn(measured, of => of.Sum(s => s.Inside) / of.Sum(s => s.Count)),
        };

        MetricEstimate Drawn(Sums[] from, Func<Sums[], double> of)
        {
            BootstrapInterval interval = Bootstrap.Statistic(rows => of(Array.ConvertAll(rows, row => from[row])), from.Length, seed);
            return new MetricEstimate(Finite(interval.Value), Finite(interval.Low), Finite(interval.High));
        }
    }

    // JSON has no word for what nobody sold.
    private static double Finite(double value) => double.IsFinite(value) ? value : 0;

    private static double ScaleOf(DemandSeries series, int origin)
    {
        double sum = 0;
        int count = 0;
        double before = double.NaN;
        for (int t = 0; t < origin; t++)
        {
            double units = series.Units[t];
            if (!double.IsNaN(units))
            {
                sum += double.IsNaN(before) ? 0 : (units - before) * (units - before);
                count += double.IsNaN(before) ? 0 : 1;
                before = units;
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    private sealed class Sums
    {
        public double Scale;
        public double Count;
        public double Units;
        public double Absolute;
        public double Squared;
        public double Positive;
        public double SquaredShare;
        public double Pinball;
        public double Inside;
    }
}
