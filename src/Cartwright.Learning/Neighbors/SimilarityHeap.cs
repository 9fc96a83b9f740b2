namespace Cartwright.Learning.Neighbors;

/// <summary>Vectors by how near they are, the best or the worst of them on top; of equal ones the lower index is the better.</summary>
internal sealed class SimilarityHeap(bool bestOnTop)
{
    private (float Similarity, int Index)[] _items = new (float, int)[64];

    public int Count { get; private set; }

    public (float Similarity, int Index) Top => _items[0];

    /// <summary>In no order.</summary>
    public ReadOnlySpan<(float Similarity, int Index)> Items => _items.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Push(float similarity, int index)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, 2 * Count);
        }

        int i = Count++;
        for (int parent = (i - 1) / 2; i > 0 && IsAbove((similarity, index), _items[parent]); parent = (i - 1) / 2)
        {
            _items[i] = _items[parent];
            i = parent;
        }

        _items[i] = (similarity, index);
    }

    public (float Similarity, int Index) Pop()
    {
        (float, int) top = _items[0];
        (float, int) last = _items[--Count];
        int i = 0;
        for (int child = 1; child < Count; child = (2 * i) + 1)
        {
            child += child + 1 < Count && IsAbove(_items[child + 1], _items[child]) ? 1 : 0;
            if (!IsAbove(_items[child], last))
            {
                break;
            }

            _items[i] = _items[child];
            i = child;
        }

        _items[i] = last;
        return top;
    }

    public static bool IsBetter((float Similarity, int Index) a, (float Similarity, int Index) b) =>
        a.Similarity > b.Similarity || (a.Similarity == b.Similarity && a.Index < b.Index);

    private bool IsAbove((float Similarity, int Index) a, (float Similarity, int Index) b) => bestOnTop ? IsBetter(a, b) : IsBetter(b, a);
}
