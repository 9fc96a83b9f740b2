using System.Collections;

namespace Cartwright.Commerce.Catalog;

/// <summary>A list that one thread at a time adds to while others read it without a lock. What was seen once stays.</summary>
internal sealed class GrowingList<T> : IReadOnlyList<T>
{
    private volatile T[] _items;
    private volatile int _count;

    public GrowingList(IReadOnlyCollection<T> items)
    {
        _items = [.. items];
        _count = _items.Length;
    }

    public int Count => _count;

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
            return _items[index];
        }
    }

    public void Add(T item)
    {
        T[] items = _items;
        int count = _count;
        if (count == items.Length)
        {
            Array.Resize(ref items, Math.Max(4, count * 2));
        }

        items[count] = item;
        _items = items;
        _count = count + 1;
    }

    public void Replace(int index, T item) => _items[index] = item;

    public IEnumerator<T> GetEnumerator()
    {
        int count = _count;
        for (int i = 0; i < count; i++)
        {
            yield return _items[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
