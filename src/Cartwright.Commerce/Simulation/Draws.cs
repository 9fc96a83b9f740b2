namespace Cartwright.Commerce.Simulation;

/// <summary>Draws from the distributions that the simulation uses.</summary>
internal static class Draws
{
    /// <summary>An independent stream of random numbers for one part of the simulation.</summary>
    public static Random Stream(int seed, string part)
    {
        ulong hash = (ulong)(uint)seed * 0x9E3779B97F4A7C15UL;
        foreach (char letter in part)
        {
            hash = (hash ^ letter) * 0xBF58476D1CE4E5B9UL;
            hash ^= hash >> 29;
        }

        return new Random((int)(hash >> 33));
    }

    /// <summary>Standard normal, by Box and Muller.</summary>
    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Log-normal with mean 1.</summary>
    /// <param name="sigma">Standard deviation of the logarithm.</param>
    public static double LogNormal(this Random random, double sigma) => Math.Exp((sigma * random.Normal()) - (sigma * sigma / 2));

    /// <summary>Poisson; above 30 the rounded normal, which is within a percent there.</summary>
    public static int Poisson(this Random random, double mean)
    {
        if (mean > 30)
        {
            return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * random.Normal())));
        }

        double limit = Math.Exp(-mean);
        double product = random.NextDouble();
        int count = 0;
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }

    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static T Pick<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>Standard Gumbel: adding it to scores and sorting draws a ranking by softmax.</summary>
    public static double Gumbel(this Random random) => -Math.Log(-Math.Log(random.NextDouble() + 1e-300) + 1e-300);

    /// <summary>Index drawn in proportion to weights, from their running sums.</summary>
    public static int FromCumulative(this Random random, ReadOnlySpan<double> cumulative)
    {
        double at = random.NextDouble() * cumulative[^1];
        int index = cumulative.BinarySearch(at);
        return Math.Min(index < 0 ? ~index : index + 1, cumulative.Length - 1);
    }
}
