using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation.Protocols;

/// <summary>Per shopper a random quarter of the products tests; every product held out is relevant, whatever its rating.</summary>
/// <remarks>A product that a shopper has several times counts once, the first. One product of each shopper's training part validates.
/// The split is the stratified one of Microsoft's Recommenders: round(0.75 * products) train, products in the history are no candidates.</remarks>
internal static class RandomSplit
{
    public static RankingSplit Cut(Sequences sequences, int seed)
    {
        var random = new Random(seed);
        var parts = new StepPart[sequences.StepCount];
        for (int s = 0; s < sequences.Count; s++)
        {
            int[] steps = FirstSteps(sequences, s, parts);
            random.Shuffle(steps);
            int trainCount = (int)Math.Round(steps.Length * 0.75, MidpointRounding.AwayFromZero);
            foreach (int step in steps.AsSpan(trainCount))
            {
                parts[step] = StepPart.Test;
            }

            if (trainCount > 1)
            {
                parts[steps[0]] = StepPart.Validation;
            }
        }

        return RankingSplit.Cut(sequences, parts, excludesHistory: true, onlyKnown: false);
    }

    /// <summary>The step of each product's first appearance; the others get the label <see cref="StepPart.None"/>.</summary>
    internal static int[] FirstSteps(Sequences sequences, int sequence, Span<StepPart> parts)
    {
        var seen = new HashSet<int>();
        var steps = new List<int>();
        for (int step = sequences.Start[sequence]; step < sequences.Start[sequence + 1]; step++)
        {
            if (seen.Add(sequences.Product[step]))
            {
                steps.Add(step);
            }
            else
            {
                parts[step] = StepPart.None;
            }
        }

        return [.. steps];
    }
}
