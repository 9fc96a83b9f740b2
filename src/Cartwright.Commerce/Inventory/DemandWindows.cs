using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Inventory;

/// <summary>Stretches of series for a recurrent network: some history before an origin, and the horizon behind it.</summary>
internal sealed class DemandWindows
{
    private const int HistoryDays = 70;
    private const int MostOrigins = 90;

    private readonly DemandPanel _panel;
    private readonly int _history;
    private readonly List<(int Series, int Origin, DemandProfile Profile)> _windows = [];

    private DemandWindows(DemandPanel panel, int horizon)
    {
        (_panel, Horizon) = (panel, horizon);
        _history = panel.Period == DemandPeriod.Day ? HistoryDays : 16;
    }

    public int Horizon { get; }

    public int Count => _windows.Count;

    /// <summary>Numbers that describe a period.</summary>
    public static int InputSizeOf(DemandPanel panel) => (panel.Period == DemandPeriod.Day ? 7 + 2 : 0) + 2 + 4 + 2 + 4 + (3 * panel.Known.Count);

    /// <summary>All series at many origins of the past: to learn from.</summary>
    /// <param name="end">Nothing from this period on is known.</param>
    public static DemandWindows OfPast(DemandPanel panel, int end, int horizon)
    {
        var windows = new DemandWindows(panel, horizon);
        int first = DemandTrees.FirstOrigin(panel, end);
        int step = Math.Max(1, (end - horizon - first) / MostOrigins);
        for (int origin = end - horizon; origin >= first; origin -= step)
        {
            windows.Add(origin);
        }

        return windows;
    }

    /// <summary>All series at one origin, in their order.</summary>
    public static DemandWindows From(DemandPanel panel, int origin, int horizon)
    {
        var windows = new DemandWindows(panel, horizon);
        DemandProfile[] profiles = DemandProfile.Of(panel, origin);
        windows._windows.AddRange(profiles.Select((profile, s) => (s, origin, profile)));
        return windows;
    }

    public WindowBatch Take(int[] chosen)
    {
        int length = _history + Horizon;
        int size = InputSizeOf(_panel);
        var batch = new WindowBatch(chosen.Length, length, size);
        Parallel.For(0, chosen.Length, i =>
        {
            (int s, int origin, DemandProfile profile) = _windows[chosen[i]];
            DemandSeries series = _panel.Series[s];
            var offsets = new DemandOffsets(_panel, series, profile, origin);
            for (int step = 0; step < length; step++)
            {
                int t = origin - _history + step;
                if (t < 0 || t >= _panel.Length)
                {
                    continue;
                }

                int place = (i * length) + step;
                batch.Profiles[place] = profile.At(series, t);
                batch.Units[place] = series.Units[t];
                Describe(batch.Values.AsSpan(place * size, size), series, profile, offsets, origin, t);
            }
        });
        return batch;
    }

    private void Add(int origin)
    {
        DemandProfile[] profiles = DemandProfile.Of(_panel, origin);
        for (int s = 0; s < profiles.Length; s++)
        {
            if (_panel.Series[s].First < origin - (28 / _panel.DaysPerPeriod))
            {
                _windows.Add((s, origin, profiles[s]));
            }
        }
    }

    // What the series sold is there up to the origin; calendar and plan go on behind it.
    private void Describe(Span<float> to, DemandSeries series, DemandProfile profile, DemandOffsets offsets, int origin, int t)
    {
        int i = 0;
        DateOnly date = _panel.DateOf(t);
        if (_panel.Period == DemandPeriod.Day)
        {
            to[_panel.WeekdayOf(t)] = 1;
            i = 7;
            (to[i++], to[i++]) = Circle(date.Day / 31.0);
        }

        // A year that was seen once is a trend, and a network would go on with it.
        (to[i++], to[i++]) = _panel.Length < 1.5 * _panel.Year ? (0, 0) : Circle(date.DayOfYear / 366.0);
        float before = t - 1 < origin ? offsets.At(t - 1) : float.NaN;
        to[i++] = float.IsNaN(before) ? 0 : before;
        to[i++] = float.IsNaN(before) ? 0 : 1;
        int year = t - _panel.Year;
        int near = 10 / _panel.DaysPerPeriod;
        float ago = offsets.Mean(year - near, year + near + 1);
        to[i++] = float.IsNaN(ago) ? 0 : ago;
        to[i++] = t < origin ? 0 : (t - origin + 1f) / Horizon;
        to[i++] = series.IsOpen[t] ? 1 : 0;
        float price = _panel.IsPlanned ? MathF.Log(series.Price[t] / offsets.Price) : 0;
        to[i++] = float.IsFinite(price) ? price : 0;
        to[i++] = series.Promoted[t];
        to[i++] = t + 1 < _panel.Length ? series.Promoted[t + 1] : 0;
        to[i++] = (profile.Level / 5) - 1;
        to[i++] = profile.PromotionEffect;
        foreach (float[] known in series.Known)
        {
            to[i++] = known[t];
            to[i++] = t > 0 ? known[t - 1] : 0;
            to[i++] = t + 1 < known.Length ? known[t + 1] : 0;
        }
    }

    private static (float Sine, float Cosine) Circle(double share) => ((float)Math.Sin(2 * Math.PI * share), (float)Math.Cos(2 * Math.PI * share));
}

/// <summary>Windows side by side, as a network reads them.</summary>
internal sealed class WindowBatch(int count, int length, int size)
{
    public int Length => length;

    /// <summary>[windows · periods · numbers]</summary>
    public float[] Values { get; } = new float[count * length * size];

    /// <summary>What is ordinary, in ln(1 + units): [windows · periods]</summary>
    public float[] Profiles { get; } = new float[count * length];

    /// <summary>NaN where they are not known: [windows · periods]</summary>
    public float[] Units { get; } = [.. Enumerable.Repeat(float.NaN, count * length)];

    public Tensor Inputs() => Tensor.From(Values, count, length, size);

    /// <summary>The places whose units are known.</summary>
    public int[] Known() => [.. Enumerable.Range(0, Units.Length).Where(place => !float.IsNaN(Units[place]))];
}
