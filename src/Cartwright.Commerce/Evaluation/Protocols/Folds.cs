using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation.Protocols;

/// <summary>The folds of <c>split.csv</c>: each tests once while the others train. Cases of all folds are measured together.</summary>
/// <remarks>Every product that a shopper has in the test fold is relevant. One random product of each shopper's training part validates.</remarks>
internal static class Folds
{
    /// <exception cref="ValidationException">The shop has no folds of its interactions.</exception>
    public static IReadOnlyList<RankingSplit> Cut(Sequences sequences, ShopSplit? split, int seed)
    {
        int[] folds = [.. (split is { Interaction.Length: > 0 } ? split.Parts : []).Select(FoldNumber).Where(fold => fold > 0).Distinct().Order()];
        if (folds.Length < 2)
        {
            throw new ValidationException("'folds' needs a split.csv that puts interactions into parts 'fold1', 'fold2' and so on, "
                + "and the data has none. Use 'leave-one-out' or 'random-75'.");
        }

        return [.. folds.Select(fold => Cut(sequences, split!, fold, seed))];
    }

    private static RankingSplit Cut(Sequences sequences, ShopSplit split, int fold, int seed)
    {
        var random = new Random(seed);
        var parts = new StepPart[sequences.StepCount];
        for (int s = 0; s < sequences.Count; s++)
        {
            var training = new List<int>();
            foreach (int step in RandomSplit.FirstSteps(sequences, s, parts))
            {
                int part = FoldNumber(split.PartName(split.Interaction, sequences.Row[step]));
                if (part == fold)
                {
                    parts[step] = StepPart.Test;
                }
                else if (part == 0)
                {
                    parts[step] = StepPart.None;
                }
                else
                {
                    training.Add(step);
                }
            }

            if (training.Count > 1)
            {
                parts[training[random.Next(training.Count)]] = StepPart.Validation;
            }
        }

        return RankingSplit.Cut(sequences, parts, excludesHistory: true, onlyKnown: false);
    }

    /// <returns>1 for "fold1"; 0 for what is no fold.</returns>
    private static int FoldNumber(string? part) => part?.StartsWith("fold", StringComparison.Ordinal) == true
        && int.TryParse(part.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
