using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tensors;

/// <summary>The gradient of a table of which a few rows were touched: those rows alone, in the order of the first touch.</summary>
/// <remarks>They lie close together, which is far quicker to add to, to read and to clear than rows spread over a large table.</remarks>
internal sealed class RowGradient(int rowCount, int columns)
{
    /// <summary>For each row of the table its place among <see cref="Rows"/>, from 1; 0 where it was not touched.</summary>
    private readonly int[] _placeOfRow = new int[rowCount];
    private int[] _places = [];
    private int[] _rows = [];
    private float[] _values = [];
    private int _count;

    /// <summary>Numbers in a row.</summary>
    public int Columns => columns;

    /// <summary>Which rows were touched.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>[Rows.Length, columns]</summary>
    public Span<float> Values => _values.AsSpan(0, _count * columns);

    /// <summary>Finds where the gradient of each id lies in <see cref="Values"/>; rows that are new here get zeros.</summary>
    /// <returns>A row of <see cref="Values"/> for each id, until the next call.</returns>
    public ReadOnlySpan<int> PlacesOf(ReadOnlySpan<int> ids)
    {
        int before = _count;
        Reserve(ref _places, ids.Length);
        Reserve(ref _rows, Math.Min(rowCount, _count + ids.Length));
        for (int i = 0; i < ids.Length; i++)
        {
            ref int place = ref _placeOfRow[ids[i]];
            if (place == 0)
            {
                _rows[_count] = ids[i];
                place = ++_count;
            }

            _places[i] = place - 1;
        }

        Reserve(ref _values, _count * columns);

        Zeros.Write(_values.AsSpan(before * columns, (_count - before) * columns));
        return _places.AsSpan(0, ids.Length);
    }

    /// <summary>Writes the touched rows into a whole table's gradient.</summary>
    public void CopyTo(Span<float> table)
    {
        for (int i = 0; i < _count; i++)
        {
            _values.AsSpan(i * columns, columns).CopyTo(table.Slice(_rows[i] * columns, columns));
        }
    }

    public void Clear()
    {
        foreach (int row in Rows)
        {
            _placeOfRow[row] = 0;
        }

        _count = 0;
    }

    private static void Reserve<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            Array.Resize(ref array, BufferPool.RoundUp(length));
        }
    }
}
