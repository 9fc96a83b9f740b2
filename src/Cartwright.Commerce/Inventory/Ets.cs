namespace Cartwright.Commerce.Inventory;

/// <summary>How a part of an exponential smoothing model joins the others.</summary>
internal enum EtsPart
{
    None,
    Additive,
    Multiplicative,
}

/// <summary>Which exponential smoothing model: ETS(error, trend, season).</summary>
/// <param name="Error">Additive or multiplicative.</param>
/// <param name="Trend">None or additive.</param>
/// <param name="IsDamped">Whether the trend fades.</param>
/// <param name="Season">None, additive or multiplicative.</param>
internal readonly record struct EtsForm(EtsPart Error, EtsPart Trend, bool IsDamped, EtsPart Season)
{
    /// <summary>As the literature writes it: "MAdM".</summary>
    public override string ToString() => $"{"NAM"[(int)Error]}{"NAM"[(int)Trend]}{(IsDamped ? "d" : "")}{"NAM"[(int)Season]}";
}

/// <summary>Smoothing parameters, and the states before the first value.</summary>
/// <param name="Beta">Of the trend, at most alpha.</param>
/// <param name="Phi">What is left of the trend after a period; 1 where it is not damped.</param>
/// <param name="Season">The seasons' states, that of the first value first; empty without a season.</param>
internal sealed record EtsStart(double Alpha, double Beta, double Gamma, double Phi, double Level, double Slope, double[] Season);

/// <summary>One exponential smoothing model of one series, with all that is known of it.</summary>
/// <remarks>
/// The innovations state space form of Hyndman, Koehler, Ord and Snyder, "Forecasting with Exponential Smoothing", 2008, chapter 2: with q the level
/// and the damped slope, l = q + alpha (p - q), b = phi b + beta / alpha (l - l' - phi b), s = s + gamma (t - s), where p is the value without its season
/// and t the value without q. A period without a value moves level and season on without an error.
/// </remarks>
internal sealed class Ets
{
    private const double Least = 1e-10;

    private readonly double[] _season;
    private double _level;
    private double _slope;
    private int _at;

    private Ets(EtsForm form, EtsStart start)
    {
        Form = form;
        Start = start;
        _season = [.. start.Season];
        (_level, _slope) = (start.Level, start.Slope);
    }

    public EtsForm Form { get; }

    public EtsStart Start { get; }

    /// <summary>Up to what all models of one series have in common: -n/2 ln(sum of squared errors) - sum of ln|forecast| where errors are multiplicative.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>Variance of the errors, relative ones where they are multiplicative.</summary>
    public double Variance { get; private set; }

    /// <summary>Parameters that were found, the variance among them.</summary>
    public int ParameterCount => 3 + (Form.Trend != EtsPart.None ? 2 : 0) + (Form.IsDamped ? 1 : 0) + (Form.Season != EtsPart.None ? _season.Length : 0);

    /// <summary>Akaike's criterion for small samples; lower is better.</summary>
    public double Aicc { get; private set; }

    /// <summary>One step ahead, for every value.</summary>
    public double[] Fitted { get; private set; } = [];

    /// <summary>Runs a model over a series.</summary>
    /// <param name="values">NaN where none is known.</param>
    public static Ets Run(EtsForm form, EtsStart start, ReadOnlySpan<double> values)
    {
        var model = new Ets(form, start) { Fitted = new double[values.Length] };
        model.Run(values, model.Fitted);
        return model;
    }

    /// <summary>The log-likelihood alone; negative infinity where the model can't be of these values.</summary>
    public static double LikelihoodOf(EtsForm form, EtsStart start, ReadOnlySpan<double> values)
    {
        var model = new Ets(form, start);
        model.Run(values, []);
        return model.LogLikelihood;
    }

    /// <summary>Mean and standard deviation of a value to come.</summary>
    /// <param name="step">From 0: the value after the last.</param>
    /// <remarks>The variance is exact for additive models (chapter 6, class 1), and of first order for others.</remarks>
    public (double Mean, double Deviation) Forecast(int step)
    {
        double damped = 0;
        double factor = 1;
        double spread = 1;
        for (int h = 0; h <= step; h++)
        {
            if (h > 0)
            {
                double weight = Start.Alpha + (Form.Trend == EtsPart.None ? 0 : Start.Beta * damped)
                    + (Form.Season != EtsPart.None && h % _season.Length == 0 ? Start.Gamma : 0);
                spread += weight * weight;
            }

            factor *= Start.Phi;
            damped += factor;
        }

        double mean = Join(_level + (Form.Trend == EtsPart.None ? 0 : damped * _slope), SeasonAt(_at + step));
        double deviation = Math.Sqrt(Variance * spread) * (Form.Error == EtsPart.Multiplicative ? Math.Abs(mean) : 1);
        return (mean, deviation);
    }

    private void Run(ReadOnlySpan<double> values, Span<double> fitted)
    {
        bool isMultiplicative = Form.Error == EtsPart.Multiplicative;
        double squares = 0;
        double logs = 0;
        int count = 0;
        for (int t = 0; t < values.Length; t++, _at++)
        {
            double q = Form.Trend == EtsPart.None ? _level : _level + (Start.Phi * _slope);
            double season = SeasonAt(_at);
            double forecast = Join(q, season);
            if (!fitted.IsEmpty)
            {
                fitted[t] = forecast;
            }

            if (isMultiplicative && forecast <= Least)
            {
                LogLikelihood = double.NegativeInfinity;
                return;
            }

            double value = values[t];
            if (double.IsNaN(value))
            {
                _level = q;
                _slope *= Start.Phi;
                continue;
            }

            double error = isMultiplicative ? (value - forecast) / forecast : value - forecast;
            squares += error * error;
            logs += isMultiplicative ? Math.Log(forecast) : 0;
            count++;
            Learn(value, q, season);
        }

        LogLikelihood = -(0.5 * count * Math.Log(Math.Max(squares, Least))) - logs;
        if (double.IsNaN(LogLikelihood))
        {
            LogLikelihood = double.NegativeInfinity;
        }

        int parameters = ParameterCount;
        Variance = squares / Math.Max(1, count - (parameters - 1));
        double left = count - parameters - 1;
        Aicc = left <= 0 ? double.PositiveInfinity : (-2 * LogLikelihood) + (2 * parameters) + (2.0 * parameters * (parameters + 1) / left);
    }

    private void Learn(double value, double q, double season)
    {
        double without = Form.Season switch
        {
            EtsPart.Additive => value - season,
            EtsPart.Multiplicative => value / Math.Max(Least, season),
            _ => value,
        };
        double level = q + (Start.Alpha * (without - q));
        if (Form.Trend != EtsPart.None)
        {
            double faded = Start.Phi * _slope;
            _slope = faded + (Start.Beta / Start.Alpha * (level - _level - faded));
        }

        _level = level;
        if (Form.Season != EtsPart.None)
        {
            double own = Form.Season == EtsPart.Additive ? value - q : value / (Math.Abs(q) < Least ? Least : q);
            _season[_at % _season.Length] = season + (Start.Gamma * (own - season));
        }
    }

    private double SeasonAt(int at) => _season.Length == 0 ? 0 : _season[at % _season.Length];

    private double Join(double q, double season) => Form.Season switch
    {
        EtsPart.Additive => q + season,
        EtsPart.Multiplicative => q * season,
        _ => q,
    };
}
