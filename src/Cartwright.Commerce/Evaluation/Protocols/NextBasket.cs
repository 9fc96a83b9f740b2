using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation.Protocols;

/// <summary>Test data from a second shop folder, never seen in training: the next basket of every shopper (or session) who is known.</summary>
/// <remarks>
/// The next basket is what stands first after the last date of the training data and what has the same session; without a session, what
/// was done on the same day (UTC). Where times only keep an order, "after" is counted from the shopper's own last step, and a basket is
/// what has the same time. The whole training data is the history; each shopper's last basket in it validates. Products in the history
/// are no candidates where shoppers rarely come back to one (<see cref="RankingSplit.RarelyRepeats"/>).
/// </remarks>
internal static class NextBasket
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    /// <param name="sequences">The training data's, one per shopper.</param>
    /// <param name="later">The test data's, one per shopper, with products numbered as in the union of both.</param>
    /// <exception cref="ValidationException">Nobody has a next basket.</exception>
    public static RankingSplit Cut(Sequences sequences, Snapshot data, Sequences later, Snapshot test)
    {
        Basket basket = new(data.Info.HasRealTimes);
        var laterOf = new Dictionary<SequenceOwner, int>();
        for (int s = 0; s < later.Count; s++)
        {
            SequenceOwner owner = KnownOwner(later.Owner[s], data, test);
            if (owner.Index != Snapshot.None)
            {
                laterOf[owner] = s;
            }
        }

        long lastDate = data.Interactions.At.Length == 0 ? long.MinValue : data.Interactions.At.Max();
        bool excludes = RankingSplit.RarelyRepeats(sequences);
        var parts = new StepPart[sequences.StepCount];
        var cases = new List<RankingCase>();
        for (int s = 0; s < sequences.Count; s++)
        {
            basket.LabelLast(sequences, data.Interactions.Session, s, parts);
            if (laterOf.TryGetValue(sequences.Owner[s], out int next))
            {
                long after = data.Info.HasRealTimes ? lastDate : sequences.TimesOf(s)[^1];
                int[] targets = basket.First(later, test.Interactions.Session, next, after);
                if (targets.Length > 0)
                {
                    cases.Add(RankingCase.Of(s, sequences.StepsOf(s), later.StepsOf(next).Only(targets)));
                }
            }
        }

        if (cases.Count == 0)
        {
            throw new ValidationException("The test data holds no next basket: none of the shoppers or sessions known from --data does "
                + "anything in --test after the last date of --data. To test on whole new sessions use --protocol session-split.");
        }

        RankingSplit split = RankingSplit.Cut(sequences, parts, excludes, onlyKnown: true);
        return split with { Test = new RankingCases { Cases = cases, ExcludesHistory = excludes } };
    }

    private static SequenceOwner KnownOwner(SequenceOwner owner, Snapshot data, Snapshot test) => owner.IsShopper
        ? new SequenceOwner(true, data.ShopperIndex(test.Shoppers[owner.Index].Id))
        : new SequenceOwner(false, data.SessionIndex(test.Sessions[owner.Index]));

    private sealed class Basket(bool hasRealTimes)
    {
        /// <summary>Labels the last basket of a sequence as validation, where something stands before it.</summary>
        public void LabelLast(Sequences sequences, int[] sessions, int sequence, Span<StepPart> parts)
        {
            int end = sequences.Start[sequence + 1];
            int first = end - 1;
            while (first > sequences.Start[sequence] && Same(sequences, sessions, first - 1, end - 1))
            {
                first--;
            }

            if (first > sequences.Start[sequence])
            {
                parts[first..end].Fill(StepPart.Validation);
            }
        }

        /// <returns>Places in its sequence of the first basket after a time.</returns>
        public int[] First(Sequences sequences, int[] sessions, int sequence, long after)
        {
            int step = sequences.Start[sequence];
            int end = sequences.Start[sequence + 1];
            while (step < end && sequences.At[step] <= after)
            {
                step++;
            }

            int first = step;
            var places = new List<int>();
            for (; step < end; step++)
            {
                if (Same(sequences, sessions, first, step))
                {
                    places.Add(step - sequences.Start[sequence]);
                }
            }

            return [.. places];
        }

        private bool Same(Sequences sequences, int[] sessions, int a, int b)
        {
            int session = sessions[sequences.Row[a]];
            return session != Snapshot.None || sessions[sequences.Row[b]] != Snapshot.None
                ? session == sessions[sequences.Row[b]]
                : hasRealTimes
                    ? sequences.At[a] / MicrosecondsPerDay == sequences.At[b] / MicrosecondsPerDay
                    : sequences.At[a] == sequences.At[b];
        }
    }
}
