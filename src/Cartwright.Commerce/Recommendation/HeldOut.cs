using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What a training holds out of a shop: steps to choose options and epochs by, and others to judge the finished model by.</summary>
/// <remarks>
/// Sequences hold every step of interest, and steps on one product that follow each other count once. Where times are real, the latest 5 %
/// of the steps are held out (from a midnight on) and each shopper's first of them is a target; where they only keep an order, or
/// nobody is left to judge by, each shopper's last step is. Every second shopper with a target judges, so that no model is judged by what chose its epoch.
/// Products that only interactions name stand in histories; they are no target and no candidate, since no list may show them.
/// </remarks>
internal sealed record HeldOut(Sequences Train, RankingCases Validation, RankingCases Judging)
{
    private const double Share = 0.05;

    public static HeldOut Of(Snapshot snapshot)
    {
        Sequences sequences = SequenceReader.ByShopper(snapshot,
            Enum.GetValues<InteractionKind>().Where(kind => kind.IsInterest()).ToHashSet(), merged: true);
        bool[] isListed = [.. snapshot.Products.Select(product => !product.IsMentioned)];
        if (snapshot.Info.HasRealTimes && Cut(sequences, isListed, TimeSplit.MidnightBefore(sequences.At, Share)) is { Train.Count: > 0, Judging.Cases.Count: > 0 } latest)
        {
            return latest;
        }

        return Cut(sequences, isListed, from: null);
    }

    /// <param name="from">Holds out the steps from this time on; null each sequence's last.</param>
    private static HeldOut Cut(Sequences sequences, bool[] isListed, long? from)
    {
        var parts = new StepPart[sequences.StepCount];
        for (int s = 0; s < sequences.Count; s++)
        {
            Span<StepPart> labels = parts.AsSpan(sequences.Start[s]..sequences.Start[s + 1]);
            ReadOnlySpan<int> products = sequences.ProductsOf(s);
            int first = from is { } time ? FirstAt(time, sequences.TimesOf(s)) : Math.Max(1, labels.Length - 1);
            labels[first..].Fill(StepPart.None);
            int target = first;
            while (target < labels.Length && !isListed[products[target]])
            {
                target++;
            }

            if (target < labels.Length)
            {
                labels[target] = StepPart.Validation;
            }
        }

        RankingSplit split = RankingSplit.Cut(sequences, parts, RankingSplit.RarelyRepeats(sequences), onlyKnown: true);
        RankingCases cases = split.Validation with { Unlisted = [.. Enumerable.Range(0, isListed.Length).Where(product => !isListed[product])] };
        return new HeldOut(split.Train, EverySecond(cases, 0), EverySecond(cases, 1));
    }

    /// <returns>The first step from a time on; the number of steps where there is none.</returns>
    private static int FirstAt(long from, ReadOnlySpan<long> times)
    {
        int first = times.Length;
        while (first > 0 && times[first - 1] >= from)
        {
            first--;
        }

        return first;
    }

    private static RankingCases EverySecond(RankingCases cases, int first) => cases with
    {
        Cases = [.. cases.Cases.Where((_, i) => i % 2 == first)],
    };
}
