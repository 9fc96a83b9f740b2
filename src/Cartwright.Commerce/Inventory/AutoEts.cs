using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Cartwright.Commerce.Inventory;

/// <summary>Exponential smoothing of every series alone, in the form that fits it best.</summary>
/// <remarks>
/// Hyndman et al., "A State Space Framework for Automatic Forecasting Using Exponential Smoothing Methods", 2002: all forms by maximum likelihood
/// over smoothing parameters and first states, the one with the lowest AICc is taken. Trends are additive or damped; multiplicative seasons go with
/// multiplicative errors alone, and those with values above 0. A season of more than 24 periods is left out.
/// </remarks>
internal sealed class AutoEts : IForecaster
{
    private const int LongestSeason = 24;
    private const int MostPeriods = 182;
    private const int MostSteps = 500;
    private const float MostSpread = 3;

    public string Name => "auto-ets";

    public ForecastGrid Forecast(DemandPanel panel, int origin, int horizon)
    {
        ForecastGrid grid = ForecastGrid.Of(panel, origin, horizon, (_, _) => 0);
        int season = panel.Season <= LongestSeason ? panel.Season : 1;
        Parallel.For(0, panel.Series.Count, s =>
        {
            DemandSeries series = panel.Series[s];
            int first = Math.Max(series.First, origin - MostPeriods);
            double[] values = first >= origin ? [] : [.. series.Units[first..origin].Select(u => (double)MathF.Max(0, u))];
            Ets? model = Fit(values, season);
            for (int h = 0; h < horizon; h++)
            {
                (double mean, double deviation) = model?.Forecast(h) ?? (0, 1);
                mean = double.IsFinite(mean) ? Math.Max(0, mean) : 0;
                grid.Center[s][h] = (float)Math.Log(1 + mean);

                // A model that fits a quiet stretch too well is not to be believed: at least half of what the series wandered.
                float spread = (float)Math.Log((1 + mean + deviation) / (1 + mean));
                grid.Spread[s][h] = float.IsFinite(spread) ? Math.Clamp(spread, 0.5f * grid.Spread[s][h], Math.Max(MostSpread, grid.Spread[s][h])) : MostSpread;
            }
        });
        return grid;
    }

    /// <summary>The form with the lowest AICc.</summary>
    /// <param name="values">Oldest first; NaN where none is known.</param>
    /// <param name="season">Periods of a season; 1 for none.</param>
    /// <returns>Null where there is no value.</returns>
    public static Ets? Fit(double[] values, int season)
    {
        int known = values.Count(v => !double.IsNaN(v));
        if (known == 0)
        {
            return null;
        }

        bool arePositive = values.All(v => double.IsNaN(v) || v > 0);
        Ets? best = null;
        foreach (EtsForm form in Forms(season > 1 && known >= (2 * season) + 5, arePositive))
        {
            Ets model = Fit(form, values, season);
            if (best is null || model.Aicc < best.Aicc)
            {
                best = model;
            }
        }

        return best;
    }

    /// <summary>One form by maximum likelihood.</summary>
    public static Ets Fit(EtsForm form, double[] values, int season)
    {
        var search = new Search(form, values, form.Season == EtsPart.None ? 0 : season);
        return Ets.Run(form, search.Best(MostSteps), values);
    }

    private static IEnumerable<EtsForm> Forms(bool canBeSeasonal, bool arePositive)
    {
        foreach (EtsPart error in (EtsPart[])[EtsPart.Additive, EtsPart.Multiplicative])
        {
            foreach (EtsPart season in (EtsPart[])[EtsPart.None, EtsPart.Additive, EtsPart.Multiplicative])
            {
                bool isPossible = (arePositive || error == EtsPart.Additive)
                    && (canBeSeasonal || season == EtsPart.None)
                    && !(error == EtsPart.Additive && season == EtsPart.Multiplicative);
                if (isPossible)
                {
                    yield return new EtsForm(error, EtsPart.None, false, season);
                    yield return new EtsForm(error, EtsPart.Additive, false, season);
                    yield return new EtsForm(error, EtsPart.Additive, true, season);
                }
            }
        }
    }

    /// <summary>Looks for the start with the highest likelihood: bounded parameters through a logistic curve, then a simplex.</summary>
    private sealed class Search
    {
        private readonly EtsForm _form;
        private readonly double[] _values;
        private readonly int _season;
        private readonly double _scale;
        private double[]? _best;
        private double _lowest = double.PositiveInfinity;

        public Search(EtsForm form, double[] values, int season)
        {
            (_form, _values, _season) = (form, values, season);
            double[] known = [.. values.Where(v => !double.IsNaN(v))];
            double mean = known.Average();
            _scale = Math.Max(1e-6, Math.Sqrt(known.Average(v => (v - mean) * (v - mean))));
        }

        /// <summary>Begins again where it ended, until that no longer helps.</summary>
        public EtsStart Best(int mostSteps)
        {
            double[] at = First();
            _ = Loss(at);
            for (int round = 0; round < 4; round++)
            {
                double before = _lowest;
                var start = Vector<double>.Build.DenseOfArray(_best ?? at);
                try
                {
                    NelderMeadSimplex.Minimum(ObjectiveFunction.Value(x => Loss(x.AsArray() ?? x.ToArray())), start, Steps(start), 1e-7, mostSteps);
                }
                catch (MaximumIterationsException)
                {
                    // The best so far is kept, and the next round goes on from it.
                }

                if (before - _lowest < 1e-3)
                {
                    break;
                }
            }

            return StartOf(_best ?? at);
        }

        private double Loss(double[] x)
        {
            double likelihood = Ets.LikelihoodOf(_form, StartOf(x), _values);
            double loss = double.IsFinite(likelihood) ? -likelihood : 1e12;
            if (loss < _lowest || _best is null)
            {
                (_lowest, _best) = (loss, [.. x]);
            }

            return loss;
        }

        private Vector<double> Steps(Vector<double> at) => Vector<double>.Build.Dense(at.Count, i =>
            i < SmoothingCount ? 0.7 : i == SmoothingCount ? 0.3 : _form.Season == EtsPart.Multiplicative && i >= SmoothingCount + 1 + SlopeCount ? 0.1 : 0.2);

        private int SlopeCount => _form.Trend == EtsPart.None ? 0 : 1;

        private int SmoothingCount => 1 + SlopeCount + (_season > 0 ? 1 : 0) + (_form.IsDamped ? 1 : 0);

        /// <summary>Seasons from the first years, then a line through what is left of the first values.</summary>
        private double[] First()
        {
            double[] seasons = Seasons();
            double[] rest = [.. _values.Select((v, t) => _season == 0 ? v
                : _form.Season == EtsPart.Additive ? v - seasons[t % _season] : v / seasons[t % _season])];
            int[] early = [.. Enumerable.Range(0, rest.Length).Where(t => !double.IsNaN(rest[t])).Take(Math.Max(10, 2 * _season))];
            (double level, double slope) = (early.Average(t => rest[t]), 0);
            if (_form.Trend != EtsPart.None && early.Length > 2)
            {
                (level, slope) = MathNet.Numerics.Fit.Line([.. early.Select(t => t + 1.0)], [.. early.Select(t => rest[t])]);
            }

            var x = new List<double> { Logit(0.3) };
            x.AddRange(_form.Trend == EtsPart.None ? [] : [Logit(0.1)]);
            x.AddRange(_season > 0 ? [Logit(0.05)] : []);
            x.AddRange(_form.IsDamped ? [Logit(0.8)] : []);
            x.Add(level / _scale);
            x.AddRange(_form.Trend == EtsPart.None ? [] : [slope / _scale]);
            x.AddRange(seasons.SkipLast(1).Select(s => _form.Season == EtsPart.Additive ? s / _scale : s));
            return [.. x];
        }

        private double[] Seasons()
        {
            if (_season == 0)
            {
                return [];
            }

            int span = Math.Min(_values.Length, _season * Math.Max(2, Math.Min(4, _values.Length / _season)));
            double mean = _values.Take(span).Where(v => !double.IsNaN(v)).DefaultIfEmpty(1).Average();
            double[] seasons = [.. Enumerable.Range(0, _season).Select(s =>
            {
                double own = _values.Take(span).Where((v, t) => t % _season == s && !double.IsNaN(v)).DefaultIfEmpty(mean).Average();
                return _form.Season == EtsPart.Additive ? own - mean : Math.Max(0.01, own / Math.Max(1e-9, mean));
            })];
            double center = seasons.Average();
            return [.. seasons.Select(s => _form.Season == EtsPart.Additive ? s - center : s / center)];
        }

        private EtsStart StartOf(double[] x)
        {
            int i = 0;
            double alpha = Between(x[i++], 1e-4, 0.9999);
            double beta = _form.Trend == EtsPart.None ? 0 : Between(x[i++], 1e-4, alpha);
            double gamma = _season == 0 ? 0 : Between(x[i++], 1e-4, Math.Max(2e-4, 1 - alpha));
            double phi = _form.IsDamped ? Between(x[i++], 0.8, 0.98) : 1;
            double level = x[i++] * _scale;
            double slope = _form.Trend == EtsPart.None ? 0 : x[i++] * _scale;
            double[] seasons = new double[_season];
            if (_season > 0)
            {
                double unit = _form.Season == EtsPart.Additive ? _scale : 1;
                double sum = 0;
                for (int s = 0; s < _season - 1; s++)
                {
                    sum += seasons[s] = x[i++] * unit;
                }

                seasons[^1] = (_form.Season == EtsPart.Additive ? 0 : _season) - sum;
            }

            return new EtsStart(alpha, beta, gamma, phi, level, slope, seasons);
        }

        private static double Between(double x, double low, double high) => low + ((high - low) / (1 + Math.Exp(-x)));

        private static double Logit(double share) => Math.Log(share / (1 - share));
    }
}
