using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Y = X · Wᵀ + b with X and W in 8 bits: rows become whole numbers on the way, sums are exact, the result is float.</summary>
/// <remarks>
/// y[i, j] = Σ qx · qw · scale of row j · scale of x + bias[j], in that order, so that the bits are the same on every processor.
/// </remarks>
internal static unsafe class Int8Product
{
    private const int RowBlock = 96;

    /// <summary>Products in a piece of work, about.</summary>
    private const int PieceSize = 1 << 19;

    /// <summary>Bytes of whole numbers that are made at a time.</summary>
    private const int MostQuantized = 1 << 22;

    /// <param name="x">[m, weights.Columns]</param>
    /// <param name="xScale">What 1 stands for in x, found beforehand; 0 finds one for each row.</param>
    /// <param name="weights">[n, k] in 8 bits.</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <param name="y">[m, weights.Rows]</param>
    public static void Multiply(
        ReadOnlySpan<float> x, float xScale, Int8Matrix weights, ReadOnlySpan<float> bias, Span<float> y, int m) =>
        Multiply(x, xScale, weights, bias, y, m, Int8Tile.Layout);

    /// <summary>The same with the way of a lesser processor, for tests.</summary>
    internal static void Multiply(
        ReadOnlySpan<float> x, float xScale, Int8Matrix weights, ReadOnlySpan<float> bias, Span<float> y, int m, Int8Layout layout)
    {
        (int n, int k) = (weights.Rows, weights.Columns);
        ShapeException.ThrowUnlessLength(x.Length, (long)m * k);
        ShapeException.ThrowUnlessLength(y.Length, (long)m * n);
        ShapeException.ThrowUnlessLength(bias.Length, bias.IsEmpty ? 0 : n);
        MultiplyAdds.Count((long)m * n * k);
        nint rowSize = Int8Rows.RowSize(weights.Steps, layout);
        int chunk = (int)Math.Clamp(MostQuantized / Math.Max(1, rowSize), 1, Math.Max(1, m));
        chunk = Math.Max(1, chunk / RowBlock) * Math.Min(chunk, RowBlock);
        fixed (float* px = x, pb = bias, py = y)
        {
            byte* quantized = (byte*)Scratch.Take(Scratch.Use.Quantized, ((chunk * rowSize) + sizeof(float) - 1) / sizeof(float));
            float* scales = Scratch.Take(Scratch.Use.Scales, chunk);
            for (int start = 0; start < m; start += chunk)
            {
                int rows = Math.Min(chunk, m - start);
                var blocks = new RowBlocks(rows, k);
                Run(blocks.Count, new Quantizing(px + ((nint)start * k), k, xScale, weights.Steps, layout, quantized, scales, blocks), rows * (long)k > 65_536);
                var product = new Blocks(weights, layout, quantized, scales, pb, py + ((nint)start * n), rows);
                Run(product.Count, product, (long)rows * n * k > 2 * PieceSize);
            }
        }
    }

    /// <summary>From the sums of a row and a panel to floats.</summary>
    /// <param name="column">First row of the weights in the panel.</param>
    /// <param name="width">Rows of the weights in it, 1 to 16.</param>
    /// <param name="xScale">What 1 stands for in the row of X.</param>
    /// <param name="bias">Null for none.</param>
    internal static void Finish(
        int* sums, Int8Matrix weights, int column, int width, Int8Layout layout, float xScale, float* bias, float* y)
    {
        int offset = layout == Int8Layout.OffsetBytes ? Int8Rows.Offset : 0;
        fixed (float* scales = weights.Scales)
        fixed (int* wholes = weights.Sums)
        {
            int j = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; j <= width - Vector<int>.Count; j += Vector<int>.Count)
                {
                    Vector<int> sum = Vector.Load(sums + j) - (Vector.Load(wholes + column + j) * offset);
                    Vector<float> value = Vector.ConvertToSingle(sum) * Vector.Load(scales + column + j) * xScale;
                    (bias == null ? value : value + Vector.Load(bias + column + j)).Store(y + j);
                }
            }

            for (; j < width; j++)
            {
                int sum = sums[j] - (wholes[column + j] * offset);
                float value = sum * scales[column + j] * xScale;
                y[j] = bias == null ? value : value + bias[column + j];
            }
        }
    }

    private static void Run<TBody>(int count, TBody body, bool isWorthSharing)
        where TBody : struct, IWorkItem
    {
        if (isWorthSharing)
        {
            ParallelWork.For(count, body);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            body.Run(i);
        }
    }

    private readonly struct Quantizing(
        float* x, int k, float xScale, int steps, Int8Layout layout, byte* quantized, float* scales, RowBlocks blocks) : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                scales[row] = Int8Rows.Quantize(
                    x + ((nint)row * k), k, xScale, steps, layout, quantized + (row * Int8Rows.RowSize(steps, layout)));
            }
        }
    }

    /// <summary>Blocks of Y: up to 96 rows and a few panels of weights, each of which stays in the first cache for all rows.</summary>
    private readonly struct Blocks : IWorkItem
    {
        private readonly Int8Matrix _weights;
        private readonly Int8Layout _layout;
        private readonly byte* _quantized;
        private readonly float* _scales;
        private readonly float* _bias;
        private readonly float* _y;
        private readonly int _rows;
        private readonly int _rowBlocks;
        private readonly int _panelsPerBlock;

        public Blocks(Int8Matrix weights, Int8Layout layout, byte* quantized, float* scales, float* bias, float* y, int rows)
        {
            _weights = weights;
            _layout = layout;
            _quantized = quantized;
            _scales = scales;
            _bias = bias;
            _y = y;
            _rows = rows;
            _rowBlocks = (rows + RowBlock - 1) / RowBlock;
            long panelWork = Math.Max(1, (long)Math.Min(rows, RowBlock) * weights.PanelSize);
            _panelsPerBlock = (int)Math.Clamp(PieceSize / panelWork, 1, Math.Max(1, weights.Panels));
        }

        public int Count => _rowBlocks * ((_weights.Panels + _panelsPerBlock - 1) / _panelsPerBlock);

        public void Run(int index)
        {
            int firstRow = index % _rowBlocks * RowBlock;
            int endRow = Math.Min(_rows, firstRow + RowBlock);
            int firstPanel = index / _rowBlocks * _panelsPerBlock;
            int endPanel = Math.Min(_weights.Panels, firstPanel + _panelsPerBlock);
            nint rowSize = Int8Rows.RowSize(_weights.Steps, _layout);
            int* sums = stackalloc int[Int8Tile.Rows * Int8Tile.Columns];
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                for (int row = firstRow; row < endRow; row += Int8Tile.Rows)
                {
                    int rows = Math.Min(Int8Tile.Rows, endRow - row);
                    Int8Tile.Multiply(
                        _layout, _weights.Steps, _quantized + (row * rowSize), rowSize, rows, _weights.Panel(panel), sums);
                    for (int i = 0; i < rows; i++)
                    {
                        int column = panel * Int8Tile.Columns;
                        Finish(sums + (i * Int8Tile.Columns), _weights, column, Math.Min(Int8Tile.Columns, _weights.Rows - column), _layout,
                            _scales[row + i], _bias, _y + ((nint)(row + i) * _weights.Rows) + column);
                    }
                }
            }
        }
    }
}
