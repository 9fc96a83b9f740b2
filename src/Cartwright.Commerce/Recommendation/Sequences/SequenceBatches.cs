using System.Numerics;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Sequences cut into training examples, shuffled anew for each epoch: every step but the first is a target.</summary>
internal sealed class SequenceBatches
{
    private readonly Steps[] _examples;
    private readonly ShuffledBatches _batches;
    private readonly bool _mergesRepeats;

    /// <param name="maxLength">Longest history; a longer sequence is cut into several examples, from its end.</param>
    /// <param name="mergesRepeats">True where a product twice in a row counts once.</param>
    /// <param name="batchSize">Examples in a batch.</param>
    public SequenceBatches(Sequences sequences, int maxLength, bool mergesRepeats, int batchSize)
    {
        _mergesRepeats = mergesRepeats;
        List<Steps> examples = [];
        for (int s = 0; s < sequences.Count; s++)
        {
            Steps steps = Merged(sequences.StepsOf(s), mergesRepeats);
            for (int end = steps.Count; end >= 2; end -= maxLength)
            {
                examples.Add(steps.Only([.. Enumerable.Range(Math.Max(0, end - maxLength - 1), Math.Min(end, maxLength + 1))]));
            }
        }

        _examples = [.. examples];
        _batches = new ShuffledBatches(_examples.Length, batchSize);
    }

    /// <summary>Batches in an epoch.</summary>
    public int Count => _batches.Count;

    public SequenceBatch Take(TrainingStep step)
    {
        ReadOnlySpan<int> members = _batches.Take(step);
        var histories = new Steps[members.Length];
        for (int i = 0; i < members.Length; i++)
        {
            histories[i] = _examples[members[i]];
        }

        return SequenceBatch.Of(histories, hasNext: true);
    }

    /// <summary>The end of a history as a network reads it.</summary>
    public static Steps Latest(Steps history, int maxLength, bool mergesRepeats) => Merged(history, mergesRepeats).Latest(maxLength);

    private static Steps Merged(Steps steps, bool mergesRepeats)
    {
        ReadOnlySpan<int> products = steps.Products.Span;
        List<int> kept = new(products.Length);
        for (int i = 0; i < products.Length; i++)
        {
            if (!mergesRepeats || i == 0 || products[i] != products[i - 1])
            {
                kept.Add(i);
            }
        }

        return kept.Count == steps.Count ? steps : steps.Only([.. kept]);
    }
}

/// <param name="History">Products that are read: [tokens].</param>
/// <param name="Gaps">How long after the step before each came: [tokens]; 0 where that is not known, else 1 + the logarithm to base 2 of the seconds.</param>
/// <param name="Offsets">Sequence s is the tokens Offsets[s] up to Offsets[s + 1].</param>
/// <param name="Next">The product that followed each: [tokens]; empty where none is known.</param>
internal readonly record struct SequenceBatch(int[] History, int[] Gaps, int[] Offsets, int[] Next)
{
    /// <summary>Gaps there are: 2^32 seconds are 136 years.</summary>
    public const int GapCount = 34;

    private const long MicrosecondsPerSecond = 1_000_000;

    /// <param name="hasNext">True where the last step of each is a target and not read.</param>
    public static SequenceBatch Of(ReadOnlySpan<Steps> histories, bool hasNext)
    {
        int behind = hasNext ? 1 : 0;
        int[] offsets = new int[histories.Length + 1];
        for (int s = 0; s < histories.Length; s++)
        {
            offsets[s + 1] = offsets[s] + histories[s].Count - behind;
        }

        var batch = new SequenceBatch(new int[offsets[^1]], new int[offsets[^1]], offsets, hasNext ? new int[offsets[^1]] : []);
        for (int s = 0; s < histories.Length; s++)
        {
            ReadOnlySpan<int> products = histories[s].Products.Span;
            products[..^behind].CopyTo(batch.History.AsSpan(offsets[s]));
            if (hasNext)
            {
                products[1..].CopyTo(batch.Next.AsSpan(offsets[s]));
            }

            ReadOnlySpan<long> at = histories[s].At.Span;
            for (int i = 1; i < at.Length - behind; i++)
            {
                long seconds = Math.Clamp((at[i] - at[i - 1]) / MicrosecondsPerSecond, 0, uint.MaxValue);
                batch.Gaps[offsets[s] + i] = 1 + BitOperations.Log2((uint)Math.Max(1, seconds)) + (seconds > 0 ? 1 : 0);
            }
        }

        return batch;
    }
}
