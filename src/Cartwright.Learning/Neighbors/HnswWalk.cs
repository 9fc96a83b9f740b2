using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Neighbors;

/// <summary>One walk through a graph, and the memory it needs: used by one thread at a time, and again for the next.</summary>
internal sealed class HnswWalk(HnswGraph graph)
{
    private readonly int[] _seenIn = new int[graph.Count];
    private readonly SimilarityHeap _open = new(bestOnTop: true);
    private readonly SimilarityHeap _nearest = new(bestOnTop: false);
    private int _layerWalk;

    /// <summary>What the last layer found, in no order.</summary>
    public ReadOnlySpan<(float Similarity, int Index)> Nearest => _nearest.Items;

    /// <summary>Algorithm 5: the nearest vectors, nearest first.</summary>
    public int Find(ReadOnlySpan<float> query, int breadth, Span<int> indexes, Span<float> similarities)
    {
        Begin(query);
        for (int layer = graph.LayerOf(graph.Entry); layer > 0; layer--)
        {
            WalkLayer(query, layer, breadth: 1);
        }

        WalkLayer(query, layer: 0, breadth);
        while (_nearest.Count > indexes.Length)
        {
            _nearest.Pop();
        }

        int count = _nearest.Count;
        for (int i = count - 1; i >= 0; i--)
        {
            (similarities[i], indexes[i]) = _nearest.Pop();
        }

        return count;
    }

    /// <summary>Puts the entry of the graph in place as the nearest so far.</summary>
    public void Begin(ReadOnlySpan<float> query)
    {
        _nearest.Clear();
        _nearest.Push(TensorPrimitives.Dot(query, graph.Vector(graph.Entry)), graph.Entry);
    }

    /// <summary>Algorithm 2: from the nearest so far along the links of a layer to as many nearest as <paramref name="breadth"/> says.</summary>
    public void WalkLayer(ReadOnlySpan<float> query, int layer, int breadth)
    {
        if (++_layerWalk == int.MaxValue)
        {
            Array.Clear(_seenIn);
            _layerWalk = 1;
        }

        _open.Clear();
        foreach ((float similarity, int index) in _nearest.Items)
        {
            _seenIn[index] = _layerWalk;
            _open.Push(similarity, index);
        }

        while (_nearest.Count > breadth)
        {
            _nearest.Pop();
        }

        while (_open.Count > 0)
        {
            (float Similarity, int Index) next = _open.Pop();
            if (_nearest.Count == breadth && SimilarityHeap.IsBetter(_nearest.Top, next))
            {
                return;
            }

            foreach (int neighbor in graph.Links(next.Index, layer))
            {
                if (_seenIn[neighbor] == _layerWalk)
                {
                    continue;
                }

                _seenIn[neighbor] = _layerWalk;
                float similarity = TensorPrimitives.Dot(query, graph.Vector(neighbor));
                if (_nearest.Count < breadth || SimilarityHeap.IsBetter((similarity, neighbor), _nearest.Top))
                {
                    _open.Push(similarity, neighbor);
                    _nearest.Push(similarity, neighbor);
                    if (_nearest.Count > breadth)
                    {
                        _nearest.Pop();
                    }
                }
            }
        }
    }
}
