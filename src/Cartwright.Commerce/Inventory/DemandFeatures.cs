using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Inventory;

/// <summary>Rows for boosted trees: what is known at an origin of a period after it. The target is ln(1 + units) less the series' profile.</summary>
/// <remarks>
/// Calendar and plan of the period and its neighbors, the distance to the last and the next closed day, how the series did of late and a year
/// before, measured as distance from its profile so that all series speak one language.
/// </remarks>
internal sealed class DemandFeatures
{
    private static readonly int[] RecentDays = [7, 14, 28, 56, 112];
    private static readonly int[] RecentWeeks = [1, 2, 4, 8, 13, 26];
    private const int FarthestGap = 9;

    private readonly DemandPanel _panel;
    private readonly int[] _recent;
    private readonly List<string> _names = [];
    private readonly List<List<float>> _columns = [];

    public DemandFeatures(DemandPanel panel)
    {
        _panel = panel;
        _recent = panel.Period == DemandPeriod.Day ? RecentDays : RecentWeeks;
    }

    /// <summary>What each row is to be predicted as; NaN where the units are not known.</summary>
    public List<float> Targets { get; } = [];

    /// <summary>The profile of each row, which is added to a prediction.</summary>
    public List<float> Profiles { get; } = [];

    /// <summary>Series and step of each row.</summary>
    public List<(int Series, int Step)> Places { get; } = [];

    public int Count => Targets.Count;

    public FeatureColumn[] Columns() => [.. _columns.Select((column, i) => new FeatureColumn(_names[i], [.. column]))];

    /// <summary>Adds rows for the open periods from an origin on.</summary>
    /// <param name="onlyKnown">Leaves out periods whose units are not known: for learning.</param>
    public void Add(int origin, int horizon, bool onlyKnown)
    {
        DemandProfile[] profiles = DemandProfile.Of(_panel, origin);
        int end = Math.Min(origin + horizon, _panel.Length);
        for (int s = 0; s < profiles.Length; s++)
        {
            DemandSeries series = _panel.Series[s];
            if (onlyKnown && series.First > origin - _recent[0])
            {
                continue;
            }

            var history = new DemandOffsets(_panel, series, profiles[s], origin);
            for (int t = origin; t < end; t++)
            {
                float log = series.Log(t);
                if (series.IsOpen[t] && !(onlyKnown && float.IsNaN(log)))
                {
                    Row(series, profiles[s], history, origin, t);
                    Targets.Add(log - profiles[s].At(series, t));
                    Profiles.Add(profiles[s].At(series, t));
                    Places.Add((s, t - origin));
                }
            }
        }
    }

    private void Row(DemandSeries series, DemandProfile profile, DemandOffsets history, int origin, int t)
    {
        int year = _panel.Year;
        DateOnly date = _panel.DateOf(t);
        int column = 0;
        if (_panel.Period == DemandPeriod.Day)
        {
            Put("weekday", _panel.WeekdayOf(t));
            Put("day of month", date.Day);
            Put("days since closed", Gap(series, t, -1));
            Put("days until closed", Gap(series, t, 1));
        }

        Put("day of year", date.DayOfYear);
        Put("step", t - origin + 1);
        if (_panel.IsPlanned)
        {
            Put("promoted", series.Promoted[t]);
            int week = _panel.Period == DemandPeriod.Day ? 7 : 4;
            foreach (int lag in (ReadOnlySpan<int>)[-week, -1, 1, week])
            {
                Put("promoted near", At(series.Promoted, t + lag));
            }

            Put("promoted of late", Sum(series.Promoted, t - week + 1, t + 1));
            Put("price", MathF.Log(series.Price[t] / history.Price));
        }

        for (int k = 0; k < series.Known.Length; k++)
        {
            Put(_panel.Known[k], series.Known[k][t]);
            Put(_panel.Known[k] + " before", At(series.Known[k], t - 1));
            Put(_panel.Known[k] + " after", At(series.Known[k], t + 1));
        }

        foreach (int window in _recent)
        {
            Put("of late", history.Mean(origin - window, origin));
        }

        int near = 3 / _panel.DaysPerPeriod;
        Put("a year ago", history.Mean(t - year - near, t - year + near + 1));
        Put("a year ago, wider", history.Mean(t - year - (10 / _panel.DaysPerPeriod), t - year + (10 / _panel.DaysPerPeriod) + 1));
        Put("a year ago, widest", history.Mean(t - year - (28 / _panel.DaysPerPeriod), t - year + (28 / _panel.DaysPerPeriod) + 1));
        Put("that day a year ago", history.At(t - year));
        foreach (int window in (ReadOnlySpan<int>)[28 / _panel.DaysPerPeriod, 56 / _panel.DaysPerPeriod])
        {
            float then = history.Mean(origin - year - window, origin - year);
            Put("before the origin a year ago", then);
            Put("growth", history.Mean(origin - window, origin) - then);
        }

        Put("two years ago", history.Mean(t - (2 * year) - (7 / _panel.DaysPerPeriod), t - (2 * year) + (7 / _panel.DaysPerPeriod) + 1));
        Put("level", profile.Level);
        Put("spread", profile.Spread);
        Put("effect of promotions", profile.PromotionEffect);
        Put("effect of the day", profile.EffectAt(series, t));

        void Put(string name, float value)
        {
            if (column == _columns.Count)
            {
                _names.Add(name);
                _columns.Add([]);
            }

            _columns[column++].Add(value);
        }
    }

    private static float At(float[] values, int period) => period >= 0 && period < values.Length ? values[period] : float.NaN;

    private static float Sum(float[] values, int start, int end)
    {
        float sum = 0;
        for (int t = Math.Max(0, start); t < Math.Min(values.Length, end); t++)
        {
            sum += values[t];
        }

        return sum;
    }

    // Stores sell more around days on which they are closed. Beyond the end of the calendar nothing is known.
    private static float Gap(DemandSeries series, int t, int direction)
    {
        for (int gap = 1; gap < FarthestGap; gap++)
        {
            int at = t + (gap * direction);
            if (at < 0 || at >= series.IsOpen.Length)
            {
                return float.NaN;
            }

            if (!series.IsOpen[at])
            {
                // How long it is closed, too: a weekend is more than a Sunday.
                int next = at + direction;
                bool isLong = next >= 0 && next < series.IsOpen.Length && !series.IsOpen[next];
                return gap + (isLong ? 0.5f : 0);
            }
        }

        return FarthestGap;
    }
}
