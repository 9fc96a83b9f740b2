using Cartwright.Commerce.Automation;

namespace Cartwright.Commerce.Tests.Automation;

public sealed class ThompsonSamplingTests
{
    private static readonly ChoiceSlot Slot = new() { Id = "slot", Name = "Slot", Arms = ["a", "b", "c"] };

    private static readonly bool[] All = [true, true, true];

    [Fact]
    public void The_better_arm_is_chosen_more_and_more()
    {
        (int[] chosen, _) = Play(3_000, [0.05, 0.10, 0.07], seed: 1);

        Assert.InRange(chosen[1], 1_500, 3_000);
    }

    [Fact]
    public void Logged_chances_tell_without_bias_what_each_arm_would_have_come_to()
    {
        double[] rates = [0.2, 0.3, 0.25];
        double[] mean = new double[3];
        const int Runs = 60;
        for (int run = 0; run < Runs; run++)
        {
            (_, ArmCount[] arms) = Play(600, rates, run);
            for (int i = 0; i < 3; i++)
            {
                mean[i] += arms[i].Weighted / 600 / Runs;
            }
        }

        Assert.All(rates.Zip(mean), pair => Assert.InRange(pair.Second, pair.First - 0.04, pair.First + 0.04));
    }

    [Fact]
    public void Chances_are_the_shares_with_which_arms_are_chosen_and_the_same_seed_chooses_the_same()
    {
        ArmCount[] arms = [new("a", 40, 40, 8, 0), new("b", 40, 40, 10, 0), new("c", 40, 40, 6, 0)];
        int[] chosen = new int[3];
        double[] sum = new double[3];
        for (int number = 0; number < 2_000; number++)
        {
            var counts = new SlotCounts(Slot, number, arms);
            (double[] chances, int arm) = ThompsonSampling.Choose(counts, All);
            Assert.Equal(arm, ThompsonSampling.Choose(counts, All).Chosen);
            Assert.Equal(1, chances.Sum(), 9);
            chosen[arm]++;
            sum = [.. sum.Zip(chances, (x, y) => x + y)];
        }

        Assert.All(chosen.Zip(sum), pair => Assert.InRange(pair.First, pair.Second - 120, pair.Second + 120));
    }

    [Fact]
    public void An_arm_that_is_not_allowed_is_never_chosen()
    {
        for (int number = 0; number < 200; number++)
        {
            (double[] chances, int arm) = ThompsonSampling.Choose(new SlotCounts(Slot, number, [new("a", 9, 9, 9, 0), new("b", 9, 9, 1, 0), new("c", 0, 0, 0, 0)]), [false, true, true]);

            Assert.NotEqual(0, arm);
            Assert.Equal(0, chances[0]);
        }
    }

    private static (int[] Chosen, ArmCount[] Arms) Play(int choices, double[] rates, int seed)
    {
        var random = new Random(seed);
        ArmCount[] arms = [.. Slot.Arms.Select(arm => new ArmCount(arm, 0, 0, 0, 0))];
        for (int number = 0; number < choices; number++)
        {
            (double[] chances, int at) = ThompsonSampling.Choose(new SlotCounts(Slot with { Seed = seed }, number, arms), All);
            double reward = random.NextDouble() < rates[at] ? 1 : 0;
            arms[at] = arms[at] with { Chosen = arms[at].Chosen + 1, Settled = arms[at].Settled + 1, Reward = arms[at].Reward + reward, Weighted = arms[at].Weighted + (reward / chances[at]) };
        }

        return ([.. arms.Select(arm => (int)arm.Chosen)], arms);
    }
}
