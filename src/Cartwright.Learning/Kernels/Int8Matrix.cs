using System.Numerics.Tensors;

namespace Cartwright.Learning.Kernels;

/// <summary>A weight matrix in 8 bits: each row a scale and whole numbers from -127 to 127, in the order in which they are multiplied.</summary>
/// <remarks>
/// Panels of 16 rows: four columns of the first row, four of the second, …, then the next four columns. What is missing to a
/// whole panel is 0. Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
/// Inference", CVPR 2018; here symmetric, with one scale for each row.
/// </remarks>
internal sealed class Int8Matrix
{
    public const int RowsInPanel = 16;
    public const int ColumnsInStep = 4;
    public const int Largest = 127;

    /// <summary>Sums of more products than this might not fit into 32 bits.</summary>
    private const int MostColumns = 131_072;
    private const int Alignment = 64;

    private readonly sbyte[] _packed;
    private readonly nint _start;
    private readonly int[] _sums;
    private readonly float[] _scales;

    /// <param name="weights">[rows, columns]</param>
    /// <exception cref="ShapeException">The sizes do not fit, or there are more than 131,072 columns.</exception>
    public Int8Matrix(ReadOnlySpan<float> weights, int rows, int columns)
        : this(rows, columns)
    {
        ShapeException.ThrowUnlessLength(weights.Length, (long)rows * columns);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> numbers = weights.Slice(row * columns, columns);
            Pack(numbers, row, MathF.Abs(numbers.IsEmpty ? 0 : TensorPrimitives.MaxMagnitude(numbers)) / Largest);
        }
    }

    /// <summary>A matrix from what another one said of itself.</summary>
    /// <param name="wholes">Its <see cref="Wholes"/>: [rows, columns].</param>
    /// <param name="scales">Its <see cref="Scales"/> of the rows it has: [rows].</param>
    /// <exception cref="ShapeException">The sizes do not fit, or there are more than 131,072 columns.</exception>
    public Int8Matrix(ReadOnlySpan<float> wholes, ReadOnlySpan<float> scales, int columns)
        : this(scales.Length, columns)
    {
        ShapeException.ThrowUnlessLength(wholes.Length, (long)Rows * columns);
        for (int row = 0; row < Rows; row++)
        {
            Pack(wholes.Slice(row * columns, columns), row, 1);
            _scales[row] = scales[row];
        }
    }

    private unsafe Int8Matrix(int rows, int columns)
    {
        if (columns > MostColumns)
        {
            throw new ShapeException($"A matrix of 8 bits has at most {MostColumns} columns, not {columns}: larger sums do not fit into 32 bits.");
        }

        (Rows, Columns) = (rows, columns);
        _scales = new float[Panels * RowsInPanel];
        _sums = new int[Panels * RowsInPanel];

        // Pinned, so that it starts at a cache line for good.
        _packed = GC.AllocateArray<sbyte>(checked((int)(Panels * PanelSize)) + Alignment, pinned: true);
        fixed (sbyte* first = _packed)
        {
            _start = ((nint)first + Alignment - 1) & -Alignment;
        }
    }

    /// <summary>Numbers that come out.</summary>
    public int Rows { get; }

    /// <summary>Numbers that go in.</summary>
    public int Columns { get; }

    public int Panels => (Rows + RowsInPanel - 1) / RowsInPanel;

    /// <summary>Columns divided by 4, rounded up.</summary>
    public int Steps => (Columns + ColumnsInStep - 1) / ColumnsInStep;

    /// <summary>Bytes of a panel.</summary>
    public nint PanelSize => (nint)Steps * ColumnsInStep * RowsInPanel;

    /// <summary>Memory of it all.</summary>
    public long Bytes => _packed.Length + ((long)sizeof(float) * _scales.Length) + ((long)sizeof(int) * _sums.Length);

    /// <summary>What a whole number of each row stands for, filled up to whole panels.</summary>
    public ReadOnlySpan<float> Scales => _scales;

    /// <summary>Sum of each row's whole numbers, filled up to whole panels.</summary>
    public ReadOnlySpan<int> Sums => _sums;

    public unsafe sbyte* Panel(int panel) => (sbyte*)_start + (panel * PanelSize);

    /// <summary>The whole numbers, [rows, columns].</summary>
    public float[] Wholes()
    {
        float[] wholes = new float[Rows * Columns];
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                wholes[(row * Columns) + column] = At(row, column);
            }
        }

        return wholes;
    }

    private void Pack(ReadOnlySpan<float> weights, int row, float scale)
    {
        _scales[row] = scale;
        for (int column = 0; column < weights.Length; column++)
        {
            float whole = scale == 0 ? 0 : Math.Clamp(MathF.Round(weights[column] / scale), -Largest, Largest);
            At(row, column) = (sbyte)whole;
            _sums[row] += (int)whole;
        }
    }

    private unsafe ref sbyte At(int row, int column) => ref Panel(row / RowsInPanel)[
        (column / ColumnsInStep * ColumnsInStep * RowsInPanel) + (row % RowsInPanel * ColumnsInStep) + (column % ColumnsInStep)];
}
