using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Histories and what is asked after each, some of each shopper's anew for each epoch.</summary>
internal sealed class TwoTowerBatches
{
    private readonly int[][] _sequences;
    private readonly TwoTowerOptions _options;
    private readonly int _targetCount;
    private readonly ShuffledBatches _batches;

    /// <param name="batchSize">Sequences in a batch.</param>
    /// <param name="targetCount">Targets of a sequence in an epoch, at most.</param>
    public TwoTowerBatches(Sequences sequences, TwoTowerOptions options, int batchSize, int targetCount)
    {
        _sequences = [.. Enumerable.Range(0, sequences.Count).Select(s => SasRecTrainer.WithoutRepeats(sequences.ProductsOf(s))).Where(steps => steps.Length > 1)];
        (_options, _targetCount) = (options, targetCount);
        _batches = new ShuffledBatches(_sequences.Length, batchSize);
    }

    /// <summary>Batches in an epoch.</summary>
    public int Count => _batches.Count;

    /// <param name="random">Draws the targets.</param>
    public TwoTowerBatch Take(TrainingStep step, Random random)
    {
        List<int> history = [], offsets = [0], targets = [];
        int first = _options.Targets == TwoTowerTargets.Next ? 1 : 0;
        foreach (int member in _batches.Take(step))
        {
            int[] steps = _sequences[member];
            int[] places = [.. Enumerable.Range(first, steps.Length - first)];
            random.Shuffle(places);
            foreach (int place in places.AsSpan(0, Math.Min(_targetCount, places.Length)))
            {
                AddHistory(steps, place, history);
                offsets.Add(history.Count);
                targets.Add(steps[place]);
            }
        }

        return new TwoTowerBatch([.. history], [.. offsets], [.. targets]);
    }

    /// <summary>The latest steps before the target, or before and after it.</summary>
    private void AddHistory(int[] steps, int place, List<int> history)
    {
        int end = _options.Targets == TwoTowerTargets.Next ? place : steps.Length;
        int start = history.Count;
        for (int i = end - 1; i >= 0 && history.Count - start < _options.MaxLength; i--)
        {
            if (i != place)
            {
                history.Add(steps[i]);
            }
        }

        history.Reverse(start, history.Count - start);
    }
}

/// <param name="History">Products of all histories, oldest first: [tokens].</param>
/// <param name="Offsets">History h is the tokens Offsets[h] up to Offsets[h + 1].</param>
/// <param name="Targets">What is asked after each: [histories].</param>
internal readonly record struct TwoTowerBatch(int[] History, int[] Offsets, int[] Targets);
