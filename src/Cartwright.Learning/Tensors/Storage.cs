namespace Cartwright.Learning.Tensors;

/// <summary>The numbers behind one or more tensors of the same length, and their gradient.</summary>
internal sealed class Storage
{
    private readonly float[] _values;
    private readonly TensorScope? _scope;
    private float[]? _gradient;
    private RowSet? _rows;
    private bool _isDense = true;

    /// <summary>Takes a buffer from the open scope, or from the garbage collector where none is open.</summary>
    public Storage(int length)
    {
        Length = length;
        _scope = TensorScope.Current;
        _values = _scope?.Rent(length) ?? GC.AllocateUninitializedArray<float>(length);
    }

    /// <summary>Takes a buffer that belongs to nobody else.</summary>
    public Storage(float[] values)
    {
        Length = values.Length;
        _values = values;
    }

    public int Length { get; }

    public Span<float> Values
    {
        get
        {
            ThrowIfEnded();
            return _values.AsSpan(0, Length);
        }
    }

    public bool HasGradient => _gradient is not null;

    /// <summary>Rows that the gradient touches; null where it may touch all.</summary>
    public RowSet? TouchedRows => _isDense ? null : _rows;

    /// <summary>The gradient as it is; empty where there is none.</summary>
    public ReadOnlySpan<float> GradientValues => _gradient is null ? [] : GradientBuffer;

    /// <summary>The gradient for somebody who changes what is there and touches no new row.</summary>
    public Span<float> GradientInPlace => GradientBuffer;

    /// <summary>As <see cref="GradientInPlace"/>; empty where there is none.</summary>
    public Span<float> GradientOrNothing => _gradient is null ? [] : GradientBuffer;

    /// <summary>The gradient for somebody who adds to it, zeroed when it is first asked for.</summary>
    public Span<float> Gradient
    {
        get
        {
            Span<float> gradient = GradientToFill(out bool isFresh);
            if (isFresh)
            {
                gradient.Clear();
            }

            return gradient;
        }
    }

    /// <summary>The gradient for somebody who will write all of it.</summary>
    /// <param name="isFresh">True where it holds nothing yet and must be written, false where it must be added to.</param>
    public Span<float> GradientToFill(out bool isFresh)
    {
        isFresh = _gradient is null;
        _isDense = true;
        return GradientBuffer;
    }

    /// <summary>The gradient for somebody who adds to some rows of it only.</summary>
    public Span<float> GradientOfRows(ReadOnlySpan<int> rows, int rowCount)
    {
        if (_gradient is null)
        {
            _isDense = false;
            GradientBuffer.Clear();
        }

        if (!_isDense)
        {
            _rows ??= new RowSet(rowCount);
            _rows.Add(rows);
        }

        return GradientBuffer;
    }

    /// <summary>Sets the gradient of a weight back to zero, touched rows only where they are known.</summary>
    public void ClearGradient(int rowLength)
    {
        if (_gradient is null)
        {
            return;
        }

        if (_isDense)
        {
            GradientBuffer.Clear();
        }
        else if (_rows is not null)
        {
            foreach (int row in _rows.Rows)
            {
                GradientBuffer.Slice(row * rowLength, rowLength).Clear();
            }
        }

        _rows?.Clear();
        _isDense = false;
    }

    private Span<float> GradientBuffer
    {
        get
        {
            ThrowIfEnded();
            _gradient ??= _scope?.Rent(Length) ?? GC.AllocateUninitializedArray<float>(Length);
            return _gradient.AsSpan(0, Length);
        }
    }

    private void ThrowIfEnded()
    {
        if (_scope is { HasEnded: true })
        {
            throw new InvalidOperationException(
                "This tensor belonged to a step that has ended, and its buffer is in use elsewhere. Copy what you need with ToArray() inside the step.");
        }
    }
}

/// <summary>A set of row numbers that remembers which were added first.</summary>
internal sealed class RowSet(int rowCount)
{
    private readonly bool[] _contains = new bool[rowCount];
    private readonly List<int> _rows = [];

    public List<int> Rows => _rows;

    public void Add(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if (!_contains[row])
            {
                _contains[row] = true;
                _rows.Add(row);
            }
        }
    }

    public void Clear()
    {
        foreach (int row in _rows)
        {
            _contains[row] = false;
        }

        _rows.Clear();
    }
}
