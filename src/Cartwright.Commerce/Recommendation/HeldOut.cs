using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What a training holds out of a shop: steps to choose options and epochs by, and others to judge the finished model by.</summary>
/// <remarks>
/// Sequences hold every step of interest, and steps on one product that follow each other count once. Where times are real, the latest 5 %
/// of the steps are held out (from a midnight on) and each shopper's first of them is a target; where they only keep an order, each
/// shopper's last step is. Every second shopper with a target judges, so that no model is judged by what chose its epoch.
/// </remarks>
internal sealed record HeldOut(Sequences Train, RankingCases Validation, RankingCases Judging)
{
    private const double Share = 0.05;

    public static HeldOut Of(Snapshot snapshot)
    {
        Sequences sequences = SequenceReader.ByShopper(snapshot,
            Enum.GetValues<InteractionKind>().Where(kind => kind.IsInterest()).ToHashSet(), merged: true);
        var parts = new StepPart[sequences.StepCount];
        long from = snapshot.Info.HasRealTimes ? TimeSplit.MidnightBefore(sequences.At, Share) : long.MaxValue;
        for (int s = 0; s < sequences.Count; s++)
        {
            Span<StepPart> labels = parts.AsSpan(sequences.Start[s]..sequences.Start[s + 1]);
            if (snapshot.Info.HasRealTimes)
            {
                int first = labels.Length;
                while (first > 0 && sequences.TimesOf(s)[first - 1] >= from)
                {
                    first--;
                }

                labels[first..].Fill(StepPart.None);
                if (first < labels.Length)
                {
                    labels[first] = StepPart.Validation;
                }
            }
            else if (labels.Length > 1)
            {
                labels[^1] = StepPart.Validation;
            }
        }

        RankingSplit split = RankingSplit.Cut(sequences, parts, RankingSplit.RarelyRepeats(sequences), onlyKnown: true);
        return new HeldOut(split.Train, EverySecond(split.Validation, 0), EverySecond(split.Validation, 1));
    }

    private static RankingCases EverySecond(RankingCases cases, int first) => cases with
    {
        Cases = [.. cases.Cases.Where((_, i) => i % 2 == first)],
    };
}
