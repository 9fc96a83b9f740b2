using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tensors;

/// <summary>The gradient of a table of which a few rows were touched: those rows alone, in the order of the first touch.</summary>
/// <remarks>
/// They lie close together, which is far quicker to add to, to read and to clear than rows spread over a large table. Which row has which
/// place is a sparse set: Briggs and Torczon, "An Efficient Representation for Sparse Sets", 1993.
/// </remarks>
internal sealed class RowGradient(int rowCount, int columns)
{
    /// <summary>For each row of the table its place among <see cref="Rows"/>, if that names the row; else what is left of earlier steps.</summary>
    private readonly int[] _placeOfRow = new int[rowCount];
    private int[] _places = [];
    private int[] _rows = [];
    private int[] _first = [];
    private int[] _next = [];
    private float[] _values = CacheLines.Allocate(0);
    private int _count;

    /// <summary>Numbers in a row.</summary>
    public int Columns => columns;

    /// <summary>Which rows were touched.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>[Rows.Length, columns]</summary>
    public Span<float> Values => _values.AsSpan(CacheLines.Start(_values), _count * columns);

    /// <summary>Finds where the gradient of each id lies in <see cref="Values"/>; rows that are new here get zeros.</summary>
    /// <returns>A row of <see cref="Values"/> for each id, until the next call.</returns>
    public ReadOnlySpan<int> PlacesOf(ReadOnlySpan<int> ids)
    {
        int before = FindPlaces(ids);
        Zeros.Write(Values[(before * columns)..]);
        return _places.AsSpan(0, ids.Length);
    }

    /// <summary>Adds gradients[i, :] to the gradient of row ids[i], in the order of i.</summary>
    /// <param name="gradients">[ids.Length, columns]</param>
    public void Add(ReadOnlySpan<int> ids, ReadOnlySpan<float> gradients)
    {
        int before = FindPlaces(ids);
        Reserve(ref _first, _count);
        Reserve(ref _next, ids.Length);
        Span<int> first = _first.AsSpan(0, _count);
        Span<int> next = _next.AsSpan(0, ids.Length);
        first.Fill(-1);
        for (int i = ids.Length - 1; i >= 0; i--)
        {
            ref int head = ref first[_places[i]];
            next[i] = head;
            head = i;
        }

        GatherKernel.SumChains(gradients, first, next, Values, columns, before);
    }

    /// <summary>Writes the touched rows into a whole table's gradient.</summary>
    public void CopyTo(Span<float> table)
    {
        for (int i = 0; i < _count; i++)
        {
            Values.Slice(i * columns, columns).CopyTo(table.Slice(_rows[i] * columns, columns));
        }
    }

    public void Clear() => _count = 0;

    /// <summary>Finds the place of each id, and makes room for the rows that are new here.</summary>
    /// <returns>How many rows there were before.</returns>
    private int FindPlaces(ReadOnlySpan<int> ids)
    {
        int before = _count;
        Reserve(ref _places, ids.Length);
        Reserve(ref _rows, Math.Min(rowCount, _count + ids.Length));
        for (int i = 0; i < ids.Length; i++)
        {
            ref int place = ref _placeOfRow[ids[i]];
            if (place >= _count || _rows[place] != ids[i])
            {
                place = _count++;
                _rows[place] = ids[i];
            }

            _places[i] = place;
        }

        int length = _count * columns;
        if (_values.Length - CacheLines.Padding < length)
        {
            float[] grown = CacheLines.Allocate(BufferPool.RoundUp(length));
            _values.AsSpan(CacheLines.Start(_values), before * columns).CopyTo(grown.AsSpan(CacheLines.Start(grown)));
            _values = grown;
        }

        return before;
    }

    private static void Reserve(ref int[] array, int length)
    {
        if (array.Length < length)
        {
            Array.Resize(ref array, BufferPool.RoundUp(length));
        }
    }
}
