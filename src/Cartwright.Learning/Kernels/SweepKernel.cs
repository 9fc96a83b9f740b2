using System.Buffers;
using System.Numerics.Tensors;

namespace Cartwright.Learning.Kernels;

/// <summary>Inverts a symmetric positive definite matrix in place, block by block, on all threads.</summary>
/// <remarks>
/// The sweep operator on blocks: to sweep block k is a_ij -= a_ik p a_kj, a_ik = a_ik p, a_kk = -p with p the inverse of a_kk; after every
/// block was swept the matrix is its negative inverse. All stays symmetric, so only the lower half is kept up: n^3 / 2 multiply-adds.
/// Diagonal blocks are inverted in doubles. Goodnight, "A Tutorial on the SWEEP Operator", 1979.
/// </remarks>
internal static unsafe class SweepKernel
{
    private const int BlockSize = 256;

    /// <param name="matrix">[size, size], row by row; the half below the diagonal is read, both are written.</param>
    /// <returns>False where the matrix is not positive definite; what it holds then means nothing.</returns>
    public static bool Invert(Span<float> matrix, int size, CancellationToken cancellation)
    {
        ShapeException.ThrowUnlessLength(matrix.Length, (long)size * size);
        int width = Math.Min(BlockSize, size);
        float[] panel = ArrayPool<float>.Shared.Rent(size * width);
        float[] product = ArrayPool<float>.Shared.Rent(size * width);
        try
        {
            fixed (float* a = matrix, w = panel, v = product)
            {
                for (int start = 0; start < size; start += BlockSize)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (!SweepBlock(a, size, start, Math.Min(BlockSize, size - start), w, v))
                    {
                        return false;
                    }
                }

                ParallelWork.For((size + BlockSize - 1) / BlockSize, new Ending(a, size));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(panel);
            ArrayPool<float>.Shared.Return(product);
        }

        return true;
    }

    private static bool SweepBlock(float* a, int size, int start, int width, float* panel, float* product)
    {
        float[] inverse = new float[width * width];
        if (!NegativeInverse(a, size, start, width, inverse))
        {
            return false;
        }

        ReadPanel(a, size, start, width, panel);
        Gemm.Multiply(new ReadOnlySpan<float>(panel, size * width), false, inverse, false,
            new Span<float>(product, size * width), size, width, width, 0);
        MultiplyAdds.Count((long)size * size * width / 2);
        for (int row = 0; row < size; row += BlockSize)
        {
            if (row != start)
            {
                int end = Math.Min(size, row + BlockSize);
                Product.Multiply(new MatrixView(product + ((nint)row * width), width, 1), new MatrixView(panel, 1, width),
                    a + ((nint)row * size), size, end - row, end, width, beta: 1);
            }
        }

        WritePanel(a, size, start, width, product, inverse);
        return true;
    }

    /// <summary>The negative inverse of a diagonal block, by sweeping one row after the other.</summary>
    private static bool NegativeInverse(float* a, int size, int start, int width, float[] inverse)
    {
        double[] block = new double[width * width];
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                block[(i * width) + j] = block[(j * width) + i] = a[((nint)(start + i) * size) + start + j];
            }
        }

        double[] pivotRow = new double[width];
        for (int k = 0; k < width; k++)
        {
            block.AsSpan(k * width, width).CopyTo(pivotRow);
            double pivot = pivotRow[k];
            if (!(pivot > 0))
            {
                return false;
            }

            for (int i = 0; i < width; i++)
            {
                Span<double> row = block.AsSpan(i * width, width);
                double factor = pivotRow[i] / pivot;
                if (i == k)
                {
                    TensorPrimitives.Divide(row, pivot, row);
                    row[k] = -1 / pivot;
                }
                else
                {
                    TensorPrimitives.MultiplyAdd(pivotRow, -factor, row, row);
                    row[k] = factor;
                }
            }
        }

        for (int i = 0; i < inverse.Length; i++)
        {
            inverse[i] = (float)block[i];
        }

        return true;
    }

    /// <summary>The columns of a block as [size, width], with 0 where they cross the block itself, so that its own rows stay.</summary>
    private static void ReadPanel(float* a, int size, int start, int width, float* panel)
    {
        for (int c = 0; c < width; c++)
        {
            float* row = a + ((nint)(start + c) * size);
            for (int i = 0; i < start; i++)
            {
                panel[((nint)i * width) + c] = row[i];
            }
        }

        new Span<float>(panel + ((nint)start * width), width * width).Clear();
        for (int i = start + width; i < size; i++)
        {
            new ReadOnlySpan<float>(a + ((nint)i * size) + start, width).CopyTo(new Span<float>(panel + ((nint)i * width), width));
        }
    }

    private static void WritePanel(float* a, int size, int start, int width, float* product, float[] inverse)
    {
        for (int c = 0; c < width; c++)
        {
            float* row = a + ((nint)(start + c) * size);
            for (int i = 0; i < start; i++)
            {
                row[i] = -product[((nint)i * width) + c];
            }

            inverse.AsSpan(c * width, width).CopyTo(new Span<float>(row + start, width));
        }

        for (int i = start + width; i < size; i++)
        {
            TensorPrimitives.Negate(new ReadOnlySpan<float>(product + ((nint)i * width), width), new Span<float>(a + ((nint)i * size) + start, width));
        }
    }

    /// <summary>Turns the sign of a block of rows below the diagonal and writes it above too.</summary>
    private readonly struct Ending(float* a, int size) : IWorkItem
    {
        public void Run(int index)
        {
            for (int i = index * BlockSize; i < Math.Min(size, (index + 1) * BlockSize); i++)
            {
                float* row = a + ((nint)i * size);
                for (int j = 0; j <= i; j++)
                {
                    row[j] = -row[j];
                    a[((nint)j * size) + i] = row[j];
                }
            }
        }
    }
}
