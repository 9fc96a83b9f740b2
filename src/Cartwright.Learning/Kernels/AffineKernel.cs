using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>y = f(x · Wᵀ + b) and its gradients, a few rows at a time, so that what a product writes is used while it is in the nearest caches.</summary>
internal static unsafe class AffineKernel
{
    private const int ForwardRows = 96;

    /// <summary>Rows of a chain of multiply-adds for the gradient of the weights: as many as a chunk of the product's depth.</summary>
    private const int BackwardRows = 256;

    /// <summary>Rows whose gradient of the bias is summed in registers. More would lie in too few sets of the first cache.</summary>
    private const int RowsOfBias = 4;

    /// <summary>Fewer rows don't pay for a copy of the weights in panels.</summary>
    private const int FewRows = 4;

    /// <summary>More columns are cut by the product, which has work for several threads then even with few rows.</summary>
    private const int MostColumns = 512;
    private const int MostWeights = 1 << 20;

    /// <summary>Rows have a gradient of the weights for each part of so many, which is added to the others at the end.</summary>
    private const int RowsOfPart = 512;
    private const int MostParts = 16;
    private const int MostWeightsOfPart = 1 << 15;

    /// <param name="x">[m, k]</param>
    /// <param name="weight">[n, k]</param>
    /// <param name="bias">[n]</param>
    /// <param name="added">[m, n]: is added to the sums; empty for nothing.</param>
    /// <param name="sums">
    /// [m, n]: what goes into the function, for the backward, where that needs it. May be the same memory as <paramref name="y"/>, to which it is
    /// lost then.
    /// </param>
    /// <param name="y">[m, n]</param>
    public static void Forward<TActivation>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<float> added,
        Span<float> sums,
        Span<float> y,
        int m,
        int k,
        int n)
        where TActivation : struct, IActivation
    {
        ThrowUnlessSizes(x, weight, y, m, k, n);
        ShapeException.ThrowUnlessEqual(bias.Length, n);
        ShapeException.ThrowUnlessEqual(sums.Length, y.Length);
        ShapeException.ThrowUnlessEqual(added.IsEmpty ? y.Length : added.Length, y.Length);
        MultiplyAdds.Count((long)m * n * k);
        fixed (float* px = x, pw = weight, pb = bias, pa = added, ps = sums, py = y)
        {
            MatrixView w = MatrixView.Contiguous(pw, k, n, isTransposed: true);
            bool isOnePass = m >= FewRows && k > 0 && n > 0 && n <= MostColumns && (long)k * n <= MostWeights;
            if (!isOnePass)
            {
                Product.Multiply(new MatrixView(px, k, 1), w, ps, n, m, n, k, beta: 0);
            }

            TiledMatrix tiles = isOnePass ? new TiledMatrix(w, k, n, Scratch.Take(Scratch.Use.AffineWeights, TiledMatrix.Size(k, n))) : default;
            int blocks = (m + ForwardRows - 1) / ForwardRows;
            ParallelWork.For(blocks, new ForwardBlock<TActivation>(blocks, isOnePass ? px : null, tiles, pb, pa, ps, py, m, k, n));
        }
    }

    /// <summary>True where <see cref="Backward"/> is quicker than a product after the other: for weights that stay in the second cache.</summary>
    public static bool HasOnePassBackward(int m, int k, int n) => m >= FewRows && k > 0 && n > 0 && (long)k * n <= MostWeightsOfPart;

    /// <summary>Adds the gradients of x, weight and bias, or writes those that are fresh; leaves out those for which an empty span is given.</summary>
    /// <param name="sums">What <see cref="Forward"/> kept.</param>
    public static void Backward<TActivation>(
        ReadOnlySpan<float> gradY,
        ReadOnlySpan<float> sums,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> weight,
        Span<float> gradX,
        bool isFreshX,
        Span<float> gradWeight,
        bool isFreshWeight,
        Span<float> gradBias,
        int m,
        int k,
        int n)
        where TActivation : struct, IActivation
    {
        ThrowUnlessSizes(x, weight, gradY, m, k, n);
        ShapeException.ThrowUnlessEqual(sums.Length, gradY.Length);
        ShapeException.ThrowUnlessEqual(gradX.IsEmpty ? x.Length : gradX.Length, x.Length);
        ShapeException.ThrowUnlessEqual(gradWeight.IsEmpty ? weight.Length : gradWeight.Length, weight.Length);
        ShapeException.ThrowUnlessEqual(gradBias.IsEmpty ? n : gradBias.Length, n);

        int parts = Math.Clamp(m / RowsOfPart, 1, MostParts);
        int size = (n * k) + n;
        fixed (float* pg = gradY, ps = sums, px = x, pw = weight, pgx = gradX, pgw = gradWeight, pgb = gradBias)
        {
            float* partials = Scratch.Take(Scratch.Use.Products, (nint)parts * size);
            TiledMatrix tiles = pgx == null ? default : new TiledMatrix(
                new MatrixView(pw, k, 1), n, k, Scratch.Take(Scratch.Use.AffineWeights, TiledMatrix.Size(n, k)));
            ParallelWork.For(parts, new BackwardPart<TActivation>(
                parts, partials, pgw != null, pg, ps, px, tiles, pgx, isFreshX, m, k, n));
            for (int part = 0; part < parts; part++)
            {
                float* partial = partials + ((nint)part * size);
                if (pgw != null && part == 0 && isFreshWeight)
                {
                    new ReadOnlySpan<float>(partial, n * k).CopyTo(gradWeight);
                }
                else if (pgw != null)
                {
                    Reduce.Add(partial, pgw, n * k);
                }

                if (pgb != null)
                {
                    Reduce.Add(partial + (n * k), pgb, n);
                }
            }
        }
    }

    private static void ThrowUnlessSizes(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> y, int m, int k, int n)
    {
        ShapeException.ThrowUnlessEqual(x.Length, (long)m * k);
        ShapeException.ThrowUnlessEqual(weight.Length, (long)n * k);
        ShapeException.ThrowUnlessEqual(y.Length, (long)m * n);
    }

    private readonly struct ForwardBlock<TActivation>(
        int blocks, float* x, TiledMatrix tiles, float* bias, float* added, float* sums, float* y, int m, int k, int n) : IWorkItem
        where TActivation : struct, IActivation
    {
        public void Run(int index)
        {
            int row = (int)((long)m * index / blocks);
            int rows = (int)((long)m * (index + 1) / blocks) - row;
            nint at = (nint)row * n;
            if (x != null)
            {
                tiles.Multiply(x + ((nint)row * k), rows, sums + at, accumulate: false);
            }

            float* addedRow = added == null ? null : added + at;
            if (WideLanes.AreSupported)
            {
                Finish<WideLanes>(addedRow, sums + at, y + at, rows);
            }
            else
            {
                Finish<UsualLanes>(addedRow, sums + at, y + at, rows);
            }
        }

        // A method of its own, as Slopes below: in a larger one the compiler no longer inlines what the function is made of.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Finish<TLanes>(float* added, float* sums, float* y, int rows)
            where TLanes : struct, ILanes<TLanes>
        {
            for (; rows > 0; rows--)
            {
                int j = 0;
                if (Vector.IsHardwareAccelerated)
                {
                    for (; j <= n - TLanes.Count; j += TLanes.Count)
                    {
                        TLanes sum = TLanes.Load(sums + j) + TLanes.Load(bias + j);
                        sum = added == null ? sum : sum + TLanes.Load(added + j);
                        if (!TActivation.HasSlopeOfValue)
                        {
                            sum.Store(sums + j);
                        }

                        TActivation.Of(sum).Store(y + j);
                    }
                }

                for (; j < n; j++)
                {
                    float sum = sums[j] + bias[j];
                    sum = added == null ? sum : sum + added[j];
                    sums[j] = sum;
                    y[j] = TActivation.Of(sum);
                }

                sums += n;
                y += n;
                added = added == null ? null : added + n;
            }
        }
    }

    private readonly struct BackwardPart<TActivation>(
        int parts, float* partials, bool needsWeight, float* gradY, float* sums, float* x, TiledMatrix tiles, float* gradX, bool isFreshX, int m, int k, int n)
        : IWorkItem
        where TActivation : struct, IActivation
    {
        public void Run(int index)
        {
            int start = (int)((long)m * index / parts);
            int end = (int)((long)m * (index + 1) / parts);
            float* gradWeight = partials + ((nint)index * ((n * k) + n));
            float* gradBias = gradWeight + (n * k);
            new Span<float>(gradBias, n).Clear();
            for (int row = start; row < end; row += BackwardRows)
            {
                int rows = Math.Min(BackwardRows, end - row);
                float* gradSums = gradY + ((nint)row * n);
                if (!TActivation.IsIdentity)
                {
                    gradSums = Scratch.Take(Scratch.Use.AffineGradients, (nint)rows * n);
                }

                if (WideLanes.AreSupported)
                {
                    Slopes<WideLanes>(row, rows, gradSums, gradBias);
                }
                else
                {
                    Slopes<UsualLanes>(row, rows, gradSums, gradBias);
                }

                if (gradX != null)
                {
                    tiles.Multiply(gradSums, rows, gradX + ((nint)row * k), accumulate: !isFreshX);
                }

                if (needsWeight)
                {
                    var left = new MatrixView(gradSums, 1, n);
                    var right = new MatrixView(x + ((nint)row * k), k, 1);
                    GemmBlock.Multiply(left, right, null, 0, 0, gradWeight, k, n, k, rows, accumulate: row > start);
                }
            }
        }

        // The gradient of the sums, and of the bias, which is the sum of each of its columns: a few rows at a time, or every
        // row would wait for the sums of the one before.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Slopes<TLanes>(int firstRow, int rows, float* gradSums, float* gradBias)
            where TLanes : struct, ILanes<TLanes>
        {
            for (int done = 0; done < rows; done += RowsOfBias)
            {
                nint at = (nint)(firstRow + done) * n;
                int size = Math.Min(RowsOfBias, rows - done) * n;
                SlopesOfRows<TLanes>(gradY + at, sums + at, gradSums + ((nint)done * n), size, gradBias);
            }
        }

        private void SlopesOfRows<TLanes>(float* g, float* s, float* gradSums, int size, float* gradBias)
            where TLanes : struct, ILanes<TLanes>
        {
            int j = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; j <= n - TLanes.Count; j += TLanes.Count)
                {
                    TLanes sum = TLanes.Load(gradBias + j);
                    for (int i = j; i < size; i += n)
                    {
                        TLanes gradient = TLanes.Load(g + i);
                        if (!TActivation.IsIdentity)
                        {
                            gradient *= TActivation.Slope(TLanes.Load(s + i));
                            gradient.Store(gradSums + i);
                        }

                        sum += gradient;
                    }

                    sum.Store(gradBias + j);
                }
            }

            for (; j < n; j++)
            {
                for (int i = j; i < size; i += n)
                {
                    float gradient = g[i];
                    if (!TActivation.IsIdentity)
                    {
                        gradient *= TActivation.Slope(s[i]);
                        gradSums[i] = gradient;
                    }

                    gradBias[j] += gradient;
                }
            }
        }
    }
}
