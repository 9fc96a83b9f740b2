using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Sessions side by side, one step of each in a batch; where one ends, the next one takes its place.</summary>
/// <remarks>
/// Session-parallel batches of Hidasi et al., "Session-based Recommendations with Recurrent Neural Networks", ICLR 2016, section 3.1.1.
/// An epoch goes through the sessions in the order in which they began, so batches must be taken in their order.
/// </remarks>
internal sealed class Gru4RecBatches
{
    private readonly Sequences _sequences;
    private readonly int[] _sessions;
    private readonly int _width;
    private readonly List<Lane> _lanes = [];
    private int _nextSession;

    /// <param name="sequences">Sessions; those of one step teach nothing and are left out.</param>
    /// <param name="width">Sessions side by side, at most.</param>
    public Gru4RecBatches(Sequences sequences, int width)
    {
        _sequences = sequences;
        _width = width;
        _sessions = [.. Enumerable.Range(0, sequences.Count).Where(s => sequences.LengthOf(s) > 1).OrderBy(s => sequences.At[sequences.Start[s]])];
        Count = CountBatches();
    }

    /// <summary>Batches in an epoch.</summary>
    public int Count { get; }

    /// <summary>The batch after the last one; the first where <paramref name="step"/> begins an epoch.</summary>
    public Gru4RecBatch Take(TrainingStep step)
    {
        if (step.Index == 0)
        {
            _lanes.Clear();
            _nextSession = 0;
        }

        Advance();
        var batch = new Gru4RecBatch(new int[_lanes.Count], new int[_lanes.Count], new int[_lanes.Count]);
        for (int i = 0; i < _lanes.Count; i++)
        {
            batch.Products[i] = _sequences.Product[_lanes[i].At];
            batch.Next[i] = _sequences.Product[_lanes[i].At + 1];
            batch.Before[i] = _lanes[i].Before;
        }

        return batch;
    }

    /// <summary>Moves every session on by a step, and puts new ones where some have ended.</summary>
    private void Advance()
    {
        int kept = 0;
        for (int i = 0; i < _lanes.Count; i++)
        {
            Lane lane = _lanes[i] with { At = _lanes[i].At + 1, Before = i };
            if (lane.At + 1 < lane.End)
            {
                _lanes[kept++] = lane;
            }
            else if (_nextSession < _sessions.Length)
            {
                _lanes[kept++] = NewLane();
            }
        }

        _lanes.RemoveRange(kept, _lanes.Count - kept);
        while (_lanes.Count < _width && _nextSession < _sessions.Length)
        {
            _lanes.Add(NewLane());
        }
    }

    private Lane NewLane()
    {
        int session = _sessions[_nextSession++];
        return new Lane(_sequences.Start[session], _sequences.Start[session + 1], Gru4RecBatch.IsNew);
    }

    private int CountBatches()
    {
        // Ends of the sessions that are under way, in batches: a new one begins where the earliest ends.
        var ends = new PriorityQueue<int, int>();
        int last = 0;
        foreach (int session in _sessions)
        {
            int end = (ends.Count < _width ? 0 : ends.Dequeue()) + _sequences.LengthOf(session) - 1;
            ends.Enqueue(end, end);
            last = Math.Max(last, end);
        }

        return last;
    }

    /// <param name="At">The step it is at.</param>
    /// <param name="End">Behind its last step.</param>
    /// <param name="Before">Its row in the batch before; <see cref="Gru4RecBatch.IsNew"/> where it was not there.</param>
    private readonly record struct Lane(int At, int End, int Before);
}

/// <param name="Products">The product that each session is at: [sessions].</param>
/// <param name="Next">The product that followed: [sessions].</param>
/// <param name="Before">Each session's row in the batch before, or <see cref="IsNew"/>: [sessions].</param>
internal readonly record struct Gru4RecBatch(int[] Products, int[] Next, int[] Before)
{
    public const int IsNew = -1;
}
