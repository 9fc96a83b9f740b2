using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation.Protocols;

/// <summary>Whole sessions train or test, as <c>split.csv</c> says. Every next product of a test session is a target; repeats stay candidates.</summary>
/// <remarks>Validation sessions are those of the part "valid"; without one, the last 5 % of the training sessions (by their start).</remarks>
internal static class SessionSplit
{
    private const double ValidationShare = 0.05;

    /// <param name="sessions">One sequence per session, in the order in which they began.</param>
    /// <exception cref="ValidationException">The shop has no split of its sessions.</exception>
    public static RankingSplit Cut(Sequences sessions, ShopSplit? split)
    {
        if (split is null || split.Session.Length == 0)
        {
            throw new ValidationException("'session-split' needs a split.csv with rows of kind 'session', and the data has none. "
                + "Use 'leave-one-out', or name the test sessions with --test.");
        }

        var parts = new StepPart[sessions.StepCount];
        for (int s = 0; s < sessions.Count; s++)
        {
            parts.AsSpan(sessions.Start[s]..sessions.Start[s + 1]).Fill(StepParts.Named(split.PartName(split.Session, sessions.Owner[s].Index)));
        }

        Sequences test = RankingSplit.Keep(sessions, parts, StepPart.Test);
        if (test.Count == 0)
        {
            throw new ValidationException("'session-split' needs sessions of part 'test' in split.csv, and none of the data's sessions is.");
        }

        return parts.Contains(StepPart.Validation)
            ? new RankingSplit(RankingSplit.Keep(sessions, parts, StepPart.Train), NextSteps(RankingSplit.Keep(sessions, parts, StepPart.Validation)), NextSteps(test))
            : Cut(RankingSplit.Keep(sessions, parts, StepPart.Train), test);
    }

    /// <param name="training">Sessions that train and validate, in the order in which they began.</param>
    public static RankingSplit Cut(Sequences training, Sequences test)
    {
        int firstHeldOut = training.Count - (int)Math.Ceiling(training.Count * ValidationShare);
        var parts = new StepPart[training.StepCount];
        parts.AsSpan(training.Start[firstHeldOut]..).Fill(StepPart.Validation);
        return new RankingSplit(RankingSplit.Keep(training, parts, StepPart.Train),
            NextSteps(RankingSplit.Keep(training, parts, StepPart.Validation)), NextSteps(test))
        {
            Whole = training,
        };
    }

    /// <summary>A case for every step but the first of each sequence: what came before, and the product that came next.</summary>
    private static RankingCases NextSteps(Sequences sequences)
    {
        var cases = new List<RankingCase>();
        for (int s = 0; s < sequences.Count; s++)
        {
            for (int step = sequences.Start[s] + 1; step < sequences.Start[s + 1]; step++)
            {
                cases.Add(new RankingCase(s, sequences.StepsOf(sequences.Start[s]..step), sequences.Product.AsMemory(step, 1)));
            }
        }

        return new RankingCases { Cases = cases, ExcludesHistory = false };
    }
}
