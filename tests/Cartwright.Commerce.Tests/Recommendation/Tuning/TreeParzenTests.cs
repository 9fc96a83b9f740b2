using System.Globalization;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation.Tuning;

public sealed class TreeParzenTests
{
    private static readonly OptionAxis[] Axes =
    [
        Number("x", 0, 1, isLogarithmic: false), Number("y", 0.001, 1_000, isLogarithmic: true), Number("z", -5, 5, isLogarithmic: false),
        new("kind", "Kind", typeof(DayOfWeek), new TunedAttribute(), [("a", 0), ("b", 1), ("c", 2)]),
    ];

    [Fact]
    public void It_comes_nearer_to_the_best_than_even_draws_do()
    {
        double[] searched = [.. Enumerable.Range(0, 12).Select(seed => Best(seed, trials => new TreeParzen(Axes, seed).Next(trials)))];
        double[] drawn = [.. Enumerable.Range(0, 12).Select(seed =>
        {
            var random = new Random(seed);
            return Best(seed, _ => [.. Axes.Select(axis => $"{axis.Name}={axis.Write(random.NextDouble())}")]);
        })];

        Assert.True(searched.Average() > drawn.Average(), $"searched {searched.Average():F4}, drawn {drawn.Average():F4}");
        Assert.True(searched.Zip(drawn).Count(pair => pair.First > pair.Second) >= 8);
    }

    [Fact]
    public void What_it_says_depends_on_seed_and_trials_alone_and_stays_within_the_bounds()
    {
        List<TuneTrial> trials = [];
        for (int i = 0; i < 40; i++)
        {
            IReadOnlyList<string> next = new TreeParzen(Axes, 5).Next(trials);

            Assert.Equal(next, new TreeParzen(Axes, 5).Next(trials));
            Assert.DoesNotContain(trials, trial => trial.Options.SequenceEqual(next));
            Assert.InRange(Value(next, 0), 0, 1);
            Assert.InRange(Value(next, 1), 0.001, 1_000);
            Assert.InRange(Value(next, 2), -5, 5);
            trials.Add(new TuneTrial(i + 1, next, Worth(next), 0, 0));
        }
    }

    private static double Best(int seed, Func<List<TuneTrial>, IReadOnlyList<string>> next)
    {
        List<TuneTrial> trials = [new(1, [], seed * 0, 0, 0)];
        for (int i = 0; i < 45; i++)
        {
            IReadOnlyList<string> options = next(trials);
            trials.Add(new TuneTrial(i + 2, options, Worth(options), 0, 0));
        }

        return trials.Max(trial => trial.Value);
    }

    /// <summary>1 where x is 0.3, y is 10, z is -2 and the kind is b.</summary>
    private static double Worth(IReadOnlyList<string> options) => 1 - Math.Pow(Value(options, 0) - 0.3, 2) - (0.05 * Math.Pow(Math.Log10(Value(options, 1)) - 1, 2))
        - (0.02 * Math.Pow(Value(options, 2) + 2, 2)) - (options[3] == "kind=b" ? 0 : 0.2);

    private static double Value(IReadOnlyList<string> options, int axis) => double.Parse(options[axis][(options[axis].IndexOf('=', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);

    private static OptionAxis Number(string name, double from, double to, bool isLogarithmic) => new(name, name, typeof(float), new TunedAttribute(from, to) { IsLogarithmic = isLogarithmic }, []);
}
