namespace Cartwright.Commerce.Inventory;

/// <summary>How far a series was from its profile before an origin: means over any window in no time.</summary>
internal sealed class DemandOffsets
{
    private readonly double[] _sums;
    private readonly int[] _counts;
    private readonly int _origin;

    public DemandOffsets(DemandPanel panel, DemandSeries series, DemandProfile profile, int origin)
    {
        _origin = origin;
        _sums = new double[origin + 1];
        _counts = new int[origin + 1];
        double price = 0;
        int priced = 0;
        for (int t = 0; t < origin; t++)
        {
            float off = series.Log(t) - profile.At(series, t);
            bool isKnown = !float.IsNaN(off);
            _sums[t + 1] = _sums[t] + (isKnown ? off : 0);
            _counts[t + 1] = _counts[t] + (isKnown ? 1 : 0);
            if (t >= origin - panel.Year && series.Price[t] > 0)
            {
                price += series.Price[t];
                priced++;
            }
        }

        Price = priced == 0 ? float.NaN : (float)(price / priced);
    }

    /// <summary>Mean price of the last year; NaN where none is known.</summary>
    public float Price { get; }

    public float At(int period) => Mean(period, period + 1);

    /// <summary>NaN where nothing is known of the window.</summary>
    public float Mean(int start, int end)
    {
        start = Math.Clamp(start, 0, _origin);
        end = Math.Clamp(end, 0, _origin);
        int count = end > start ? _counts[end] - _counts[start] : 0;
        return count == 0 ? float.NaN : (float)((_sums[end] - _sums[start]) / count);
    }
}
