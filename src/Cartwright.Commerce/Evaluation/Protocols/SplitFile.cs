using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation.Protocols;

/// <summary>The parts train, valid and test that <c>split.csv</c> gives to interactions. All held-out products of a shopper are relevant.</summary>
/// <remarks>Without a part "valid" the last training step of each shopper who has two validates. Products in the history are no
/// candidates where shoppers rarely come back to one (<see cref="RankingSplit.RarelyRepeats"/>).</remarks>
internal static class SplitFile
{
    /// <exception cref="ValidationException">The shop has no such split of its interactions.</exception>
    public static RankingSplit Cut(Sequences sequences, ShopSplit? split)
    {
        if (split is null || split.Interaction.Length == 0 || !split.Parts.Contains("test"))
        {
            throw new ValidationException("'split-file' needs a split.csv that puts interactions into parts 'train' and 'test' "
                + $"(and 'valid'), and the data has {(split is null ? "none" : "one that says nothing of interactions")}. Use 'leave-one-out' or 'time-split'.");
        }

        var parts = new StepPart[sequences.StepCount];
        for (int step = 0; step < parts.Length; step++)
        {
            parts[step] = StepParts.Named(split.PartName(split.Interaction, sequences.Row[step]));
        }

        bool namesValidation = parts.Contains(StepPart.Validation);
        if (!namesValidation)
        {
            HoldOutLast(sequences, parts);
        }

        RankingSplit cut = RankingSplit.Cut(sequences, parts, RankingSplit.RarelyRepeats(sequences), onlyKnown: false);
        return namesValidation ? cut with { Whole = null } : cut;
    }

    private static void HoldOutLast(Sequences sequences, Span<StepPart> parts)
    {
        for (int s = 0; s < sequences.Count; s++)
        {
            Span<StepPart> labels = parts[sequences.Start[s]..sequences.Start[s + 1]];
            if (labels.Count(StepPart.Train) > 1)
            {
                labels[labels.LastIndexOf(StepPart.Train)] = StepPart.Validation;
            }
        }
    }
}
