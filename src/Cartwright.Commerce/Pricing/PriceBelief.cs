namespace Cartwright.Commerce.Pricing;

/// <summary>What is believed of one product's demand: ln units a day = level + elasticity · ln(price / usual) + pull · ln(competitors / usual) + lift · promoted.</summary>
/// <remarks>
/// A normal distribution over the four, moved by each day's units as a Poisson count: the count says something of one sum of them
/// only, so its likeliest value is found along that line by Newton steps, and the curvature there narrows the belief.
/// Laplace's approximation, as for generalized linear models in West, Harrison and Migon, "Dynamic Generalized Linear Models and
/// Bayesian Forecasting", JASA 1985.
/// </remarks>
internal sealed class PriceBelief
{
    public const int Size = 4;

    /// <summary>Variance that the level gains in a day, so that what is old counts less: 1 % a day.</summary>
    private const double Drift = 0.01 * 0.01;

    private readonly double[] _mean;
    private readonly double[] _covariance;                // row by row

    /// <param name="usualPrice">The price that others are compared with; more than 0.</param>
    /// <param name="deviation">How sure the means are, one standard deviation each.</param>
    public PriceBelief(double usualPrice, ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation)
    {
        UsualPrice = usualPrice;
        _mean = mean.ToArray();
        _covariance = new double[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            _covariance[(i * Size) + i] = deviation[i] * deviation[i];
        }
    }

    public double UsualPrice { get; }

    public double Elasticity => _mean[1];

    public double ElasticityDeviation => Math.Sqrt(_covariance[Size + 1]);

    /// <summary>Units a day at a price, at the likeliest values.</summary>
    /// <param name="promoted">Share of the units that sell under a promotion.</param>
    public double Units(double price, double? competitors, double promoted = 0) => Math.Exp(Sum(_mean, Features(price, competitors, promoted)));

    /// <summary>Learns from what sold.</summary>
    /// <param name="sold">Of a day, or of the days it says. Where it was sold out, only more units than expected say something.</param>
    /// <param name="factor">What the time did to the whole shop's demand; more than 0.</param>
    public void Observe(SoldDay sold, double factor)
    {
        _covariance[0] += Drift * sold.Days;
        double[] x = Features(sold.Price, sold.Competitors, sold.Promoted);
        double before = Sum(_mean, x);
        if (sold.IsSoldOut && sold.Units <= factor * sold.Days * Math.Exp(before))
        {
            return;
        }

        Span<double> px = stackalloc double[Size];
        double variance = 0;
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                px[i] += _covariance[(i * Size) + j] * x[j];
            }

            variance += x[i] * px[i];
        }

        (double at, double left) = Posterior(before, variance, sold.Units, factor * sold.Days);
        for (int i = 0; i < Size; i++)
        {
            _mean[i] += px[i] * (at - before) / variance;
            for (int j = 0; j < Size; j++)
            {
                _covariance[(i * Size) + j] -= (variance - left) / (variance * variance) * px[i] * px[j];
            }
        }
    }

    /// <summary>What a count says of the logarithm of its rate: mean and variance after it.</summary>
    /// <param name="expected">The count is drawn from Poisson with this times e to the logarithm; more than 0.</param>
    public static (double Mean, double Variance) Posterior(double mean, double variance, double count, double expected)
    {
        double at = mean;
        for (int step = 0; step < 30; step++)
        {
            double rate = expected * Math.Exp(Math.Min(at, 30));
            double move = (count - rate - ((at - mean) / variance)) / (rate + (1 / variance));
            at += Math.Clamp(move, -1, 1);
            if (Math.Abs(move) < 1e-10)
            {
                break;
            }
        }

        return (at, 1 / ((1 / variance) + (expected * Math.Exp(Math.Min(at, 30)))));
    }

    /// <summary>One draw of the four from the belief.</summary>
    public double[] Draw(Random random)
    {
        // Cholesky of the covariance, row by row.
        Span<double> root = stackalloc double[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = _covariance[(i * Size) + j];
                for (int k = 0; k < j; k++)
                {
                    rest -= root[(i * Size) + k] * root[(j * Size) + k];
                }

                root[(i * Size) + j] = i == j ? Math.Sqrt(Math.Max(0, rest)) : root[(j * Size) + j] > 0 ? rest / root[(j * Size) + j] : 0;
            }
        }

        double[] draw = [.. _mean];
        Span<double> normal = stackalloc double[Size];
        for (int i = 0; i < Size; i++)
        {
            normal[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            for (int k = 0; k <= i; k++)
            {
                draw[i] += root[(i * Size) + k] * normal[k];
            }
        }

        return draw;
    }

    /// <summary>Units a day at a price if the four were as drawn.</summary>
    public double Units(ReadOnlySpan<double> drawn, double price, double? competitors) => Math.Exp(Math.Min(Sum(drawn, Features(price, competitors, promoted: 0)), 30));

    private double[] Features(double price, double? competitors, double promoted) =>
        [1, Math.Log(price / UsualPrice), competitors is > 0 ? Math.Log(competitors.Value / UsualPrice) : 0, promoted];

    private static double Sum(ReadOnlySpan<double> weights, ReadOnlySpan<double> x) => (weights[0] * x[0]) + (weights[1] * x[1]) + (weights[2] * x[2]) + (weights[3] * x[3]);
}
