using Cartwright.Commerce.Catalog;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Sequences cut into training examples, shuffled anew for each epoch.</summary>
internal sealed class SasRecBatches
{
    private readonly int[][] _examples;
    private readonly int _batchSize;
    private int[] _order = [];
    private int _orderedEpoch = -1;

    /// <param name="sequences">What shoppers did.</param>
    /// <param name="maxLength">Longest history; a longer sequence is cut into several examples, from its end.</param>
    /// <param name="batchSize">Examples in a batch.</param>
    public SasRecBatches(Sequences sequences, int maxLength, int batchSize)
    {
        _batchSize = batchSize;
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
    }

    /// <summary>Batches in an epoch.</summary>
    public int Count => (_examples.Length + _batchSize - 1) / _batchSize;

    public SasRecBatch Take(int epoch, int index, ulong epochSeed)
    {
        if (_orderedEpoch != epoch)
        {
            _order = [.. Enumerable.Range(0, _examples.Length)];
            Seeds.Random(epochSeed, 0).Shuffle(_order);
            _orderedEpoch = epoch;
        }

        int[] members = _order[(index * _batchSize)..Math.Min((index + 1) * _batchSize, _order.Length)];
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
