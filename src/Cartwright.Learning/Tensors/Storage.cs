using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tensors;

/// <summary>The numbers behind one or more tensors of the same length, and their gradient.</summary>
internal sealed class Storage
{
    /// <summary>The garbage collector keeps arrays from this size on with the old ones anyway: they may as well be pinned.</summary>
    private const int LargeLength = 85_000 / sizeof(float);

    private readonly float[] _values;
    private readonly int _start;
    private readonly TensorScope? _scope;
    private float[]? _gradient;
    private int _gradientStart;
    private RowGradient? _rows;
    private bool _isDense;

    /// <summary>True while the buffer holds what the rows hold.</summary>
    private bool _isExpanded;

    /// <summary>Takes a buffer from the open scope, or from the garbage collector where none is open.</summary>
    /// <exception cref="ShapeException">An <see cref="AllocationLimit"/> is set and reached.</exception>
    public Storage(int length)
    {
        AllocationLimit.Take(length);
        Length = length;
        _scope = TensorScope.Current;
        _values = Allocate(out _start);
    }

    /// <summary>Takes numbers that belong to no step and to nobody else.</summary>
    public Storage(float[] values)
    {
        Length = values.Length;
        _values = values;
        if (Length >= LargeLength)
        {
            _values = CacheLines.Allocate(Length);
            _start = CacheLines.Start(_values);
            values.CopyTo(Values);
        }
    }

    /// <summary>Zeros that belong to no step.</summary>
    public static Storage OfZeros(int length)
    {
        float[] values = CacheLines.AllocateZeros(length);
        return new Storage(values, CacheLines.Start(values), length);
    }

    private Storage(float[] values, int start, int length)
    {
        Length = length;
        _values = values;
        _start = start;
    }

    public int Length { get; }

    public Span<float> Values
    {
        get
        {
            ThrowIfEnded();
            return _values.AsSpan(_start, Length);
        }
    }

    public bool HasGradient { get; private set; }

    /// <summary>The gradient of the rows that were touched; null where all may have been.</summary>
    public RowGradient? TouchedRows => HasGradient && !_isDense ? _rows : null;

    /// <summary>The gradient as it is; empty where there is none.</summary>
    public ReadOnlySpan<float> GradientValues => !HasGradient ? [] : _isDense ? GradientBuffer : Expanded();

    /// <summary>The numbers of the gradient that may be other than 0, wherever they belong, to be changed in place; empty where there is none.</summary>
    public Span<float> GradientInPlace
    {
        get
        {
            _isExpanded = false;
            return !HasGradient ? [] : _isDense ? GradientBuffer : _rows!.Values;
        }
    }

    /// <summary>The gradient for somebody who adds to it, zeroed when it is first asked for.</summary>
    public Span<float> Gradient
    {
        get
        {
            Span<float> gradient = GradientToFill(out bool isFresh);
            if (isFresh)
            {
                Zeros.Write(gradient);
            }

            return gradient;
        }
    }

    /// <summary>The gradient for somebody who will write all of it.</summary>
    /// <param name="isFresh">True where it holds nothing yet and must be written, false where it must be added to.</param>
    public Span<float> GradientToFill(out bool isFresh)
    {
        isFresh = !HasGradient;
        Span<float> gradient = TouchedRows is null ? GradientBuffer : Expanded();
        _rows?.Clear();
        HasGradient = true;
        _isDense = true;
        return gradient;
    }

    /// <summary>The gradient of a table for somebody who adds to some rows of it only.</summary>
    /// <param name="ids">Rows of the table, any as often as may be.</param>
    /// <param name="places">For each id its row in what is returned.</param>
    /// <returns>Rows of <paramref name="columns"/> numbers: those that were touched where this is a weight, else all.</returns>
    public Span<float> GradientOfRows(ReadOnlySpan<int> ids, int columns, out ReadOnlySpan<int> places)
    {
        if (RowsToAddTo(columns) is { } rows)
        {
            places = rows.PlacesOf(ids);
            return rows.Values;
        }

        places = ids;
        return Gradient;
    }

    /// <summary>Adds gradients[i, :] to the gradient of row ids[i] of a table, in the order of i.</summary>
    /// <param name="gradients">[ids.Length, columns]</param>
    public void AddToRows(ReadOnlySpan<int> ids, ReadOnlySpan<float> gradients, int columns)
    {
        if (RowsToAddTo(columns) is { } rows)
        {
            rows.Add(ids, gradients);
            return;
        }

        GatherKernel.ScatterAdd(gradients, ids, Gradient, columns);
    }

    /// <summary>Lets a weight have no gradient, until somebody adds to it again.</summary>
    public void ClearGradient()
    {
        _rows?.Clear();
        _isExpanded = false;
        HasGradient = false;
    }

    /// <summary>The gradient of some rows, for somebody who adds to it; null where it must be that of the whole table.</summary>
    private RowGradient? RowsToAddTo(int columns)
    {
        // What lives for a step only is no larger than its batch, and not worth an index of its rows.
        bool isOtherWidth = _rows is not null && _rows.Columns != columns;
        if (_scope is not null || isOtherWidth || (HasGradient && _isDense))
        {
            return null;
        }

        HasGradient = true;
        _isDense = false;
        _isExpanded = false;
        return _rows ??= new RowGradient(Length / columns, columns);
    }

    private Span<float> Expanded()
    {
        Span<float> gradient = GradientBuffer;
        if (!_isExpanded)
        {
            gradient.Clear();
            _rows!.CopyTo(gradient);
            _isExpanded = true;
        }

        return gradient;
    }

    private Span<float> GradientBuffer
    {
        get
        {
            ThrowIfEnded();
            _gradient ??= Allocate(out _gradientStart);
            return _gradient.AsSpan(_gradientStart, Length);
        }
    }

    private float[] Allocate(out int start)
    {
        if (_scope is null && Length < LargeLength)
        {
            start = 0;
            return GC.AllocateUninitializedArray<float>(Length);
        }

        float[] buffer = _scope?.Rent(Length) ?? CacheLines.Allocate(Length);
        start = CacheLines.Start(buffer);
        return buffer;
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
