namespace Cartwright.Learning.Kernels;

/// <summary>Matrix product: packed, blocked for the caches, on all threads.</summary>
/// <remarks>
/// C is cut into blocks of rows and columns, which any thread may take; within a block k runs in chunks, so that a
/// panel of B stays in the first cache and a block of A in the second. All cuts depend on m, n and k alone.
/// Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008.
/// </remarks>
internal static unsafe class Gemm
{
    /// <summary>C = op(A)·op(B) + beta·C, all row-major and contiguous.</summary>
    /// <param name="a">[m, k], or [k, m] where <paramref name="transposeA"/>.</param>
    /// <param name="b">[k, n], or [n, k] where <paramref name="transposeB"/>.</param>
    /// <param name="c">[m, n]</param>
    /// <param name="beta">0 (what C held is not read, NaN or not) or 1.</param>
    public static void Multiply(
        ReadOnlySpan<float> a,
        bool transposeA,
        ReadOnlySpan<float> b,
        bool transposeB,
        Span<float> c,
        int m,
        int n,
        int k,
        float beta)
    {
        ShapeException.ThrowUnlessLength(a.Length, (long)m * k);
        ShapeException.ThrowUnlessLength(b.Length, (long)k * n);
        ShapeException.ThrowUnlessLength(c.Length, (long)m * n);
        ThrowUnlessZeroOrOne(beta);
        MultiplyAdds.Count((long)m * n * k);
        fixed (float* pa = a, pb = b, pc = c)
        {
            MatrixView left = MatrixView.Contiguous(pa, m, k, transposeA);
            MatrixView right = MatrixView.Contiguous(pb, k, n, transposeB);
            Product.Multiply(left, right, pc, n, m, n, k, beta);
        }
    }

    /// <summary>The product of each of <paramref name="batch"/> pairs, which lie one after the other.</summary>
    public static void MultiplyBatched(
        ReadOnlySpan<float> a,
        bool transposeA,
        ReadOnlySpan<float> b,
        bool transposeB,
        Span<float> c,
        int batch,
        int m,
        int n,
        int k,
        float beta)
    {
        ShapeException.ThrowUnlessLength(a.Length, (long)batch * m * k);
        ShapeException.ThrowUnlessLength(b.Length, (long)batch * k * n);
        ShapeException.ThrowUnlessLength(c.Length, (long)batch * m * n);
        ThrowUnlessZeroOrOne(beta);
        MultiplyAdds.Count((long)batch * m * n * k);
        fixed (float* pa = a, pb = b, pc = c)
        {
            // Every pair is one piece of work; the products inside then run on the thread that took it.
            var pairs = new Pair(pa, transposeA, pb, transposeB, pc, m, n, k, beta);
            ParallelWork.For(batch, pairs);
        }
    }

    private static void ThrowUnlessZeroOrOne(float beta)
    {
        if (beta is not 0 and not 1)
        {
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "beta is 0 or 1.");
        }
    }

    private readonly struct Pair(
        float* a, bool transposeA, float* b, bool transposeB, float* c, int m, int n, int k, float beta) : IWorkItem
    {
        public void Run(int index)
        {
            MatrixView left = MatrixView.Contiguous(a + ((nint)index * m * k), m, k, transposeA);
            MatrixView right = MatrixView.Contiguous(b + ((nint)index * k * n), k, n, transposeB);
            Product.Multiply(left, right, c + ((nint)index * m * n), n, m, n, k, beta);
        }
    }
}
