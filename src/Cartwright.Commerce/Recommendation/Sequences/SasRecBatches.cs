using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Distributed;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Sequences cut into training examples, shuffled anew for each epoch.</summary>
internal sealed class SasRecBatches
{
    private readonly int[][] _examples;
    private readonly ShuffledBatches _batches;

    /// <param name="sequences">What shoppers did.</param>
    /// <param name="maxLength">Longest history; a longer sequence is cut into several examples, from its end.</param>
    /// <param name="batchSize">Examples in a batch.</param>
    public SasRecBatches(Sequences sequences, int maxLength, int batchSize)
    {
        List<int[]> examples = [];
        for (int s = 0; s < sequences.Count; s++)
        {
            int[] steps = SasRecTrainer.WithoutRepeats(sequences.ProductsOf(s));
            for (int end = steps.Length; end >= 2; end -= maxLength)
            {
                examples.Add(steps[Math.Max(0, end - maxLength - 1)..end]);
            }
        }

        _examples = [.. examples];
        _batches = new ShuffledBatches(_examples.Length, batchSize);
    }

    /// <summary>Batches in an epoch.</summary>
    public int Count => _batches.Count;

    /// <param name="group">Processes that share the batch: this rank's part of its sequences is taken. Null takes all.</param>
    public SasRecBatch Take(TrainingStep step, ProcessGroup? group)
    {
        ReadOnlySpan<int> members = _batches.Take(step);
        if (group is not null)
        {
            (int start, int end) = group.PartOf(members.Length);
            members = members[start..end];
        }

        int[] offsets = new int[members.Length + 1];
        for (int i = 0; i < members.Length; i++)
        {
            offsets[i + 1] = offsets[i] + _examples[members[i]].Length - 1;
        }

        int[] history = new int[offsets[^1]];
        int[] next = new int[offsets[^1]];
        for (int i = 0; i < members.Length; i++)
        {
            int[] steps = _examples[members[i]];
            steps.AsSpan(0, steps.Length - 1).CopyTo(history.AsSpan(offsets[i]));
            steps.AsSpan(1).CopyTo(next.AsSpan(offsets[i]));
        }

        return new SasRecBatch(history, offsets, next);
    }
}

/// <param name="History">Products that are read: [tokens].</param>
/// <param name="Offsets">Sequence s is the tokens Offsets[s] up to Offsets[s + 1].</param>
/// <param name="Next">The product that followed each: [tokens].</param>
internal readonly record struct SasRecBatch(int[] History, int[] Offsets, int[] Next);
