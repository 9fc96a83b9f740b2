namespace Cartwright.Learning.Training;

/// <summary>Cuts examples into batches, in another order each epoch, which follows from the epoch's seed alone.</summary>
public sealed class ShuffledBatches
{
    private readonly int[] _order;
    private readonly int _batchSize;
    private ulong? _orderedFor;

    /// <param name="exampleCount">Examples, numbered from 0; 0 or more.</param>
    /// <param name="batchSize">Examples in a batch, 1 or more; the last of an epoch may have fewer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public ShuffledBatches(int exampleCount, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exampleCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _order = new int[exampleCount];
        _batchSize = batchSize;
    }

    /// <summary>Batches in an epoch.</summary>
    public int Count => (int)(((long)_order.Length + _batchSize - 1) / _batchSize);

    /// <returns>The numbers of the examples in a batch, valid until a batch of another epoch is taken.</returns>
    public ReadOnlySpan<int> Take(TrainingStep step)
    {
        if (_orderedFor != step.EpochSeed)
        {
            for (int i = 0; i < _order.Length; i++)
            {
                _order[i] = i;
            }

            Seeds.Random(step.EpochSeed, 0).Shuffle(_order);
            _orderedFor = step.EpochSeed;
        }

        int start = step.Index * _batchSize;
        return _order.AsSpan(start, Math.Min(_batchSize, _order.Length - start));
    }
}
