namespace Cartwright.Commerce.Inventory;

/// <summary>What a series ordinarily sells on a weekday with or without a promotion, over the last year before an origin, in ln(1 + units).</summary>
/// <remarks>A cell with few periods is drawn toward the mean of all series: three periods count as much as what is common.</remarks>
internal sealed class DemandProfile
{
    private const float Prior = 3;
    private const float SpreadPrior = 8;
    private const float LeastSpread = 0.05f;

    private readonly float[] _effects;
    private readonly DemandPanel _panel;

    private DemandProfile(DemandPanel panel, float level, float[] effects, float spread)
    {
        _panel = panel;
        Level = level;
        _effects = effects;
        Spread = spread;
    }

    /// <summary>Mean of ln(1 + units).</summary>
    public float Level { get; }

    /// <summary>Standard deviation around the profile over the last sixteen weeks.</summary>
    public float Spread { get; }

    /// <summary>How much more a promotion sells, mean over weekdays.</summary>
    public float PromotionEffect
    {
        get
        {
            int weekdays = _effects.Length / 2;
            float sum = 0;
            for (int w = 0; w < weekdays; w++)
            {
                sum += _effects[(2 * w) + 1] - _effects[2 * w];
            }

            return sum / weekdays;
        }
    }

    /// <summary>What is ordinary for a period more than the level.</summary>
    public float EffectAt(DemandSeries series, int period) => _effects[Cell(_panel, series, period)];

    /// <summary>What is ordinary for a period, in ln(1 + units).</summary>
    public float At(DemandSeries series, int period) => Level + EffectAt(series, period);

    /// <summary>One for each series. A series without units before the origin gets the mean level of the others.</summary>
    public static DemandProfile[] Of(DemandPanel panel, int origin)
    {
        int cells = 2 * (panel.Period == DemandPeriod.Day ? 7 : 1);
        int start = Math.Max(0, origin - panel.Year);
        int count = panel.Series.Count;
        float[] levels = new float[count];
        float[][] sums = new float[count][];
        float[][] counts = new float[count][];
        float[] allSums = new float[cells];
        float[] allCounts = new float[cells];
        Parallel.For(0, count, s =>
        {
            DemandSeries series = panel.Series[s];
            (sums[s], counts[s]) = (new float[cells], new float[cells]);
            levels[s] = Mean(series, start, origin);
            for (int t = start; t < origin; t++)
            {
                float log = series.Log(t);
                if (!float.IsNaN(log))
                {
                    int cell = Cell(panel, series, t);
                    sums[s][cell] += log - levels[s];
                    counts[s][cell]++;
                }
            }
        });
        for (int s = 0; s < count; s++)
        {
            for (int cell = 0; cell < cells; cell++)
            {
                allSums[cell] += sums[s][cell];
                allCounts[cell] += counts[s][cell];
            }
        }

        float ordinary = levels.Where(level => !float.IsNaN(level)).DefaultIfEmpty(0).Average();
        float[][] effects = new float[count][];
        (double Squares, int Count)[] offs = new (double, int)[count];
        Parallel.For(0, count, s =>
        {
            effects[s] = new float[cells];
            for (int cell = 0; cell < cells; cell++)
            {
                float common = allSums[cell] / Math.Max(1, allCounts[cell]);
                effects[s][cell] = (sums[s][cell] + (Prior * common)) / (counts[s][cell] + Prior);
            }

            levels[s] = float.IsNaN(levels[s]) ? ordinary : levels[s];
            offs[s] = OffsOf(panel, panel.Series[s], origin, levels[s], effects[s]);
        });

        // A series that slept for sixteen weeks is not sure to sleep on: it borrows from the others.
        double usual = offs.Sum(o => o.Squares) / Math.Max(1, offs.Sum(o => (long)o.Count));
        return [.. offs.Select((o, s) => new DemandProfile(panel, levels[s], effects[s],
            MathF.Max(LeastSpread, (float)Math.Sqrt((o.Squares + (SpreadPrior * usual)) / (o.Count + SpreadPrior)))))];
    }

    private static int Cell(DemandPanel panel, DemandSeries series, int period) => (2 * panel.WeekdayOf(period)) + (series.IsPromoted(period) ? 1 : 0);

    private static float Mean(DemandSeries series, int start, int end)
    {
        double sum = 0;
        int count = 0;
        for (int t = start; t < end; t++)
        {
            float log = series.Log(t);
            if (!float.IsNaN(log))
            {
                sum += log;
                count++;
            }
        }

        return count == 0 ? float.NaN : (float)(sum / count);
    }

    private static (double Squares, int Count) OffsOf(DemandPanel panel, DemandSeries series, int origin, float level, float[] effects)
    {
        (double squares, int count) = (0, 0);
        for (int t = Math.Max(0, origin - (112 / panel.DaysPerPeriod)); t < origin; t++)
        {
            float off = series.Log(t) - level - effects[Cell(panel, series, t)];
            if (!float.IsNaN(off))
            {
                squares += off * off;
                count++;
            }
        }

        return (squares, count);
    }
}
