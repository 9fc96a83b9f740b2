using Cartwright.Learning;
using MathNet.Numerics.Distributions;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Says which options to try next: those that stood in good trials and seldom in the others.</summary>
/// <remarks>
/// The tree-structured Parzen estimator of Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NIPS 2011, section 4: of the trials so far the best quarter give the
/// density l of an option's values, the others g; some values are drawn from l, and the one with the largest l / g is tried. A density is an even one and a truncated normal
/// around each value, as wide as the distance to its farther neighbor; of choices the counts, one added to each. Options are taken as independent. The first trials are
/// drawn evenly. What is drawn depends on the seed and the trials so far alone, so a search that was stopped goes on as if it had not been.
/// </remarks>
internal sealed class TreeParzen(IReadOnlyList<OptionAxis> axes, int seed)
{
    private const int EvenTrials = 8;
    private const double GoodShare = 0.25;
    private const int Draws = 24;
    private const int Attempts = 20;

    /// <param name="trials">Those so far; one without options is the model's own choice and tells nothing.</param>
    /// <returns>"name=value" for each option; not tried before, unless hardly anything is left.</returns>
    public IReadOnlyList<string> Next(IReadOnlyList<TuneTrial> trials)
    {
        Random random = Seeds.Random((ulong)seed, 100_003 + (ulong)trials.Count);
        TuneTrial[] known = [.. trials.Where(trial => trial.Options.Count > 0).OrderByDescending(trial => trial.Value).ThenBy(trial => trial.Number)];
        HashSet<string> tried = [.. known.Select(trial => string.Join(',', trial.Options))];
        int good = Math.Max(2, (int)Math.Ceiling(GoodShare * known.Length));
        string[] options = [];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            options = [.. axes.Select((axis, a) => $"{axis.Name}={axis.Write(known.Length < EvenTrials || attempt > Attempts / 2 ? random.NextDouble()
                : Choose(axis, [.. known.Take(good).Select(trial => Place(axis, trial, a))], [.. known.Skip(good).Select(trial => Place(axis, trial, a))], random))}")];
            if (!tried.Contains(string.Join(',', options)))
            {
                break;
            }
        }

        return options;
    }

    private static double Place(OptionAxis axis, TuneTrial trial, int a) => axis.Place(trial.Options[a][(axis.Name.Length + 1)..]);

    private static double Choose(OptionAxis axis, double[] good, double[] rest, Random random)
    {
        if (axis.Choices.Count > 0)
        {
            int count = axis.Choices.Count;
            double[] likely = [.. Enumerable.Range(0, count).Select(choice => 1.0 + good.Count(place => (int)place == choice))];
            double[] other = [.. Enumerable.Range(0, count).Select(choice => 1.0 + rest.Count(place => (int)place == choice))];
            int best = Enumerable.Range(0, Draws).Select(_ => Drawn(likely, random)).MaxBy(choice => likely[choice] / other[choice]);
            return (best + 0.5) / count;
        }

        var below = new Density(good);
        var above = new Density(rest);
        return Enumerable.Range(0, Draws).Select(_ => below.Draw(random)).MaxBy(place => below.At(place) / above.At(place));
    }

    private static int Drawn(double[] weights, Random random)
    {
        double at = random.NextDouble() * weights.Sum();
        int choice = 0;
        while (choice < weights.Length - 1 && at >= weights[choice])
        {
            at -= weights[choice++];
        }

        return choice;
    }

    /// <summary>An even density and a truncated normal around each value, all of one weight, on 0 to 1.</summary>
    private sealed class Density
    {
        private readonly double[] _centers;
        private readonly double[] _widths;

        public Density(double[] values)
        {
            _centers = [.. values.Order()];
            double least = 1.0 / Math.Min(100, values.Length + 1);
            _widths = [.. _centers.Select((center, i) => Math.Clamp(Math.Max(center - (i == 0 ? 0 : _centers[i - 1]), (i == _centers.Length - 1 ? 1 : _centers[i + 1]) - center), least, 1))];
        }

        public double At(double place)
        {
            double sum = 1;
            for (int i = 0; i < _centers.Length; i++)
            {
                double inside = Normal.CDF(_centers[i], _widths[i], 1) - Normal.CDF(_centers[i], _widths[i], 0);
                sum += Normal.PDF(_centers[i], _widths[i], place) / inside;
            }

            return sum / (_centers.Length + 1);
        }

        public double Draw(Random random)
        {
            int of = random.Next(_centers.Length + 1);
            if (of == _centers.Length)
            {
                return random.NextDouble();
            }

            double low = Normal.CDF(_centers[of], _widths[of], 0), high = Normal.CDF(_centers[of], _widths[of], 1);
            return Math.Clamp(Normal.InvCDF(_centers[of], _widths[of], low + (random.NextDouble() * (high - low))), 0, 1);
        }
    }
}
