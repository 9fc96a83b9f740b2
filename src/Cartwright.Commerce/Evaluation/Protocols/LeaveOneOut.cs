using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation.Protocols;

/// <summary>Per shopper the last step tests and the one before validates; neither trains.</summary>
/// <remarks>The validation step is part of the test history. Products in the history are no candidates. Shoppers with fewer than
/// three steps train only, as in Kang and McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018.</remarks>
internal static class LeaveOneOut
{
    public static RankingSplit Cut(Sequences sequences)
    {
        var parts = new StepPart[sequences.StepCount];
        for (int s = 0; s < sequences.Count; s++)
        {
            if (sequences.LengthOf(s) >= 3)
            {
                parts[sequences.Start[s + 1] - 1] = StepPart.Test;
                parts[sequences.Start[s + 1] - 2] = StepPart.Validation;
            }
        }

        return RankingSplit.Cut(sequences, parts, excludesHistory: true, onlyKnown: true) with { Whole = null };
    }
}
