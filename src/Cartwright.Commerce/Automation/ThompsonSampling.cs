using MathNet.Numerics.Distributions;

namespace Cartwright.Commerce.Automation;

/// <summary>Chooses among arms by what is believed of their rewards, each as often as it may be the best, and says with what chance.</summary>
/// <remarks>
/// Beta beliefs that start even: Thompson, "On the Likelihood that One Unknown Probability Exceeds Another", Biometrika 1933; Chapelle and Li, "An Empirical Evaluation of
/// Thompson Sampling", NIPS 2011. Where the paper takes the best arm of one draw, some hundred draws are made and one of them is taken, so that the chance of each arm is known
/// exactly. A reward between 0 and 1 counts as that part of a success.
/// </remarks>
internal static class ThompsonSampling
{
    private const int Draws = 400;

    /// <summary>Chances of the arms to be chosen for the next choice.</summary>
    /// <param name="allowed">Which of them may be.</param>
    public static (double[] Chances, int Chosen) Choose(SlotCounts counts, IReadOnlyList<bool> allowed)
    {
        // The draws depend on the seed and the number of the choice alone: a choice can be repeated from the log.
        var random = new Random(unchecked((counts.Slot.Seed * 1_000_003) + (int)(counts.ChoiceCount * 7_919)));
        int[] wins = new int[counts.Arms.Count];
        int[] order = new int[Draws];
        for (int draw = 0; draw < Draws; draw++)
        {
            int best = -1;
            double most = -1;
            for (int arm = 0; arm < wins.Length; arm++)
            {
                if (allowed[arm] && Beta.Sample(random, Successes(counts.Arms[arm]), Failures(counts.Arms[arm])) is var drawn && drawn > most)
                {
                    (best, most) = (arm, drawn);
                }
            }

            wins[best]++;
            order[draw] = best;
        }

        return ([.. wins.Select(count => count / (double)Draws)], order[random.Next(Draws)]);
    }

    public static (double Mean, double Low, double High) Belief(ArmCount arm)
    {
        (double a, double b) = (Successes(arm), Failures(arm));
        return (a / (a + b), Beta.InvCDF(a, b, 0.05), Beta.InvCDF(a, b, 0.95));
    }

    private static double Successes(ArmCount arm) => 1 + arm.Reward;

    private static double Failures(ArmCount arm) => 1 + Math.Max(0, arm.Settled - arm.Reward);
}
