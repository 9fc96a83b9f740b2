namespace Cartwright.Commerce.Pricing;

/// <summary>Estimates of one kind drawn toward what they have in common, by as much as each is uncertain.</summary>
/// <remarks>
/// estimate ~ N(value, error²), value ~ N(mean, spread²), nothing known of the mean, the spread half-normal with deviation 1: Gelman, "Prior
/// Distributions for Variance Parameters in Hierarchical Models", 2006. All spreads are weighed by how well they explain the estimates; taking
/// the likeliest alone would make intervals too narrow wherever it is 0 (Morris, "Parametric Empirical Bayes Inference", 1983).
/// </remarks>
internal sealed class CategoryPool
{
    private const int Steps = 120;
    private const double LargestSpread = 4;

    private readonly (double Spread, double Mean, double MeanVariance, double Weight)[] _spreads;

    /// <param name="estimates">Two or more, with the standard error of each, more than 0.</param>
    public CategoryPool(IReadOnlyList<(double Value, double Error)> estimates)
    {
        _spreads = new (double, double, double, double)[Steps];
        double[] logs = new double[Steps];
        for (int i = 0; i < Steps; i++)
        {
            double spread = LargestSpread * (i + 0.5) / Steps;
            double weights = estimates.Sum(e => 1 / ((e.Error * e.Error) + (spread * spread)));
            double mean = estimates.Sum(e => e.Value / ((e.Error * e.Error) + (spread * spread))) / weights;
            logs[i] = (-0.5 * spread * spread) - (0.5 * Math.Log(weights)) - (0.5 * estimates.Sum(e =>
                Math.Log((e.Error * e.Error) + (spread * spread)) + ((e.Value - mean) * (e.Value - mean) / ((e.Error * e.Error) + (spread * spread)))));
            _spreads[i] = (spread, mean, 1 / weights, 0);
        }

        double most = logs.Max();
        double sum = logs.Sum(log => Math.Exp(log - most));
        for (int i = 0; i < Steps; i++)
        {
            _spreads[i].Weight = Math.Exp(logs[i] - most) / sum;
        }
    }

    public double Mean => _spreads.Sum(s => s.Weight * s.Mean);

    public double Spread => _spreads.Sum(s => s.Weight * s.Spread);

    /// <summary>The value behind one of the estimates, with its standard deviation.</summary>
    public (double Value, double Deviation) Draw(double estimate, double error)
    {
        double value = 0, square = 0;
        foreach ((double spread, double mean, double meanVariance, double weight) in _spreads)
        {
            double own = spread * spread / ((spread * spread) + (error * error));
            double at = (own * estimate) + ((1 - own) * mean);
            value += weight * at;
            square += weight * ((at * at) + (own * error * error) + ((1 - own) * (1 - own) * meanVariance));
        }

        return (value, Math.Sqrt(square - (value * value)));
    }
}
