using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>A weight matrix in 16 bits: the upper halves of floats, rounded half to even. Half the memory, 8 bits of precision.</summary>
internal sealed unsafe class BFloat16Matrix
{
    /// <summary>Fewer rows of X than this are multiplied without widening the matrix first.</summary>
    private const int FewRows = 4;

    /// <summary>Rows of the matrix that are widened at a time.</summary>
    private const int RowsAtOnce = 128;

    private readonly ushort[] _values;

    /// <param name="weights">[rows, columns]</param>
    public BFloat16Matrix(ReadOnlySpan<float> weights, int rows, int columns)
    {
        ShapeException.ThrowUnlessLength(weights.Length, (long)rows * columns);
        (Rows, Columns) = (rows, columns);
        _values = new ushort[weights.Length];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = Narrow(weights[i]);
        }
    }

    /// <summary>Numbers that come out.</summary>
    public int Rows { get; }

    /// <summary>Numbers that go in.</summary>
    public int Columns { get; }

    /// <summary>Memory of it all.</summary>
    public long Bytes => (long)sizeof(ushort) * _values.Length;

    /// <summary>The numbers as they are multiplied, [rows, columns].</summary>
    public float[] Widened() => Array.ConvertAll(_values, Widen);

    /// <summary>Y = X · Wᵀ.</summary>
    /// <param name="x">[m, Columns]</param>
    /// <param name="y">[m, Rows]</param>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y, int m)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)m * Columns);
        ShapeException.ThrowUnlessLength(y.Length, (long)m * Rows);
        MultiplyAdds.Count((long)m * Rows * Columns);
        fixed (float* px = x, py = y)
        fixed (ushort* pw = _values)
        {
            if (m < FewRows)
            {
                var blocks = new RowBlocks(Rows, Columns);
                ParallelWork.For(blocks.Count, new Dots(px, pw, py, m, Rows, Columns, blocks));
                return;
            }

            float* widened = Scratch.Take(Scratch.Use.Widened, (nint)Math.Min(RowsAtOnce, Rows) * Columns);
            for (int row = 0; row < Rows; row += RowsAtOnce)
            {
                int rows = Math.Min(RowsAtOnce, Rows - row);
                Widen(pw + ((nint)row * Columns), widened, rows * Columns);
                Product.Multiply(
                    MatrixView.Contiguous(px, m, Columns, false), MatrixView.Contiguous(widened, Columns, rows, true),
                    py + row, Rows, m, rows, Columns, beta: 0);
            }
        }
    }

    /// <summary>The nearest number of 16 bits, half to even; what is no number stays so.</summary>
    internal static ushort Narrow(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    internal static float Widen(ushort x) => BitConverter.UInt32BitsToSingle((uint)x << 16);

    private static void Widen(ushort* from, float* to, int count)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
            {
                Widen(Vector.Load(from + i), out Vector<float> low, out Vector<float> high);
                low.Store(to + i);
                high.Store(to + i + Vector<float>.Count);
            }
        }

        for (; i < count; i++)
        {
            to[i] = Widen(from[i]);
        }
    }

    private static void Widen(Vector<ushort> x, out Vector<float> low, out Vector<float> high)
    {
        Vector.Widen(x, out Vector<uint> lower, out Vector<uint> upper);
        low = Vector.AsVectorSingle(lower << 16);
        high = Vector.AsVectorSingle(upper << 16);
    }

    private readonly struct Dots(float* x, ushort* w, float* y, int m, int n, int k, RowBlocks blocks) : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                for (int i = 0; i < m; i++)
                {
                    y[((nint)i * n) + row] = Dot(x + ((nint)i * k), w + ((nint)row * k), k);
                }
            }
        }

        private static float Dot(float* x, ushort* w, int count)
        {
            float sum = 0;
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                int width = Vector<float>.Count;
                Vector<float> sum0, sum1, sum2, sum3;
                sum0 = sum1 = sum2 = sum3 = Vector<float>.Zero;
                for (; i <= count - (4 * width); i += 4 * width)
                {
                    Widen(Vector.Load(w + i), out Vector<float> w0, out Vector<float> w1);
                    Widen(Vector.Load(w + i + (2 * width)), out Vector<float> w2, out Vector<float> w3);
                    sum0 = Vector.MultiplyAddEstimate(Vector.Load(x + i), w0, sum0);
                    sum1 = Vector.MultiplyAddEstimate(Vector.Load(x + i + width), w1, sum1);
                    sum2 = Vector.MultiplyAddEstimate(Vector.Load(x + i + (2 * width)), w2, sum2);
                    sum3 = Vector.MultiplyAddEstimate(Vector.Load(x + i + (3 * width)), w3, sum3);
                }

                sum = Vector.Sum(sum0 + sum1 + (sum2 + sum3));
            }

            for (; i < count; i++)
            {
                sum += x[i] * Widen(w[i]);
            }

            return sum;
        }
    }
}
