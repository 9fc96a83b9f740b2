using Cartwright.Commerce.Automation;

namespace Cartwright.Commerce.Tests.Automation;

public sealed class ExperimentTests
{
    private static readonly Experiment Halves = new()
    {
        Id = "halves", Name = "Halves", Outcome = ExperimentOutcome.Recorded,
        Arms = [new ExperimentArm { Id = "a", Share = 0.5 }, new ExperimentArm { Id = "b", Share = 0.5 }],
    };

    [Theory]
    [InlineData(0.05), InlineData(0.3)]
    public void Of_a_thousand_experiments_without_a_difference_looked_at_after_every_shopper_at_most_five_percent_find_one(double rate)
    {
        const int Experiments = 1_000;
        const int Shoppers = 4_000;
        int[] found = new int[Experiments];

        Parallel.For(0, Experiments, run =>
        {
            var random = new Random(run);
            ArmSum a = default, b = default;
            for (int shopper = 0; shopper < Shoppers; shopper++)
            {
                double value = random.NextDouble() < rate ? 1 : 0;
                (a, b) = random.Next(2) == 0 ? (a.With(value), b) : (a, b.With(value));
                if (ConfidenceSequence.Difference(a, b, 0.05) is { } interval && (interval.Low > 0 || interval.High < 0))
                {
                    found[run] = 1;
                    break;
                }
            }
        });

        Assert.InRange(found.Sum() / (double)Experiments, 0, 0.05);
    }

    [Fact]
    public void A_real_difference_is_found_and_lies_in_its_interval_at_every_look()
    {
        int found = 0, missed = 0;
        for (int run = 0; run < 100; run++)
        {
            var random = new Random(run);
            ArmSum a = default, b = default;
            (bool isFound, bool isMissed) = (false, false);
            for (int shopper = 0; shopper < 8_000; shopper++)
            {
                bool isB = random.Next(2) == 1;
                double value = random.NextDouble() < (isB ? 0.14 : 0.10) ? 1 : 0;
                (a, b) = isB ? (a, b.With(value)) : (a.With(value), b);
                if (ConfidenceSequence.Difference(a, b, 0.05) is { } interval)
                {
                    isFound |= interval.Low > 0;
                    isMissed |= interval.Low > 0.04 || interval.High < 0.04;
                }
            }

            found += isFound ? 1 : 0;
            missed += isMissed ? 1 : 0;
        }

        Assert.InRange(found, 80, 100);
        Assert.InRange(missed, 0, 9);
    }

    [Fact]
    public void Shares_that_are_right_are_hardly_ever_doubted_and_lost_shoppers_are_found()
    {
        int doubted = 0;
        for (int run = 0; run < 300; run++)
        {
            var random = new Random(run);
            long[] counts = [0, 0];
            bool isDoubted = false;
            for (int shopper = 0; shopper < 3_000; shopper++)
            {
                counts[random.Next(2)]++;
                isDoubted |= SampleRatio.Chance(counts, [0.5, 0.5]) < SampleRatio.Alarm;
            }

            doubted += isDoubted ? 1 : 0;
        }

        Assert.InRange(doubted, 0, 6);
        Assert.True(SampleRatio.Chance([5_000, 4_500], [0.5, 0.5]) < SampleRatio.Alarm);
        Assert.True(SampleRatio.Chance([5_000, 4_950], [0.5, 0.5]) > SampleRatio.Alarm);
    }

    [Fact]
    public void An_assignment_sticks_has_its_share_and_says_nothing_of_other_experiments()
    {
        Experiment other = Halves with { Id = "other" };
        string[] shoppers = [.. Enumerable.Range(0, 20_000).Select(i => $"u{i}")];
        bool[] first = [.. shoppers.Select(shopper => ExperimentDesk.ArmOf(Halves, shopper) == "b")], second = [.. shoppers.Select(shopper => ExperimentDesk.ArmOf(other, shopper) == "b")];

        Assert.Equal(first, shoppers.Select(shopper => ExperimentDesk.ArmOf(Halves, shopper) == "b"));
        Assert.InRange(first.Count(isB => isB), 9_700, 10_300);
        Assert.InRange(first.Zip(second, (x, y) => x == y).Count(same => same), 9_700, 10_300);
    }

    [Fact]
    public void A_verdict_names_the_better_arm_and_waits_where_it_is_too_early()
    {
        Assert.Contains("Too early", Result(50, 0.1, 0.5).Verdict, StringComparison.Ordinal);
        Assert.Equal("b is better than a.", Result(2_000, 0.1, 0.2).Verdict);
        Assert.Equal("a is best.", Result(2_000, 0.2, 0.1).Verdict);
        Assert.Contains("No difference", Result(2_000, 0.1, 0.1).Verdict, StringComparison.Ordinal);

        static ExperimentResult Result(int perArm, double a, double b)
        {
            Assignment[] outcomes = [.. Enumerable.Range(0, 2 * perArm).Select(i => new Assignment($"u{i}", i % 2 == 0 ? "a" : "b", default, i / 2 % 100 < 100 * (i % 2 == 0 ? a : b) ? 1 : 0))];
            return ExperimentDesk.Result(Halves, outcomes, outcomes);
        }
    }
}
