namespace Cartwright.Learning.Kernels;

/// <summary>y = f(x · Wᵀ + b) and its gradients, a few rows at a time, so that what a product writes is used while it is in the nearest caches.</summary>
internal static unsafe class AffineKernel
{
    private const int ForwardRows = 96;

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
    /// <param name="slopes">[m, n]: the slopes of the function, for the backward; empty where that needs none.</param>
    /// <param name="y">[m, n]</param>
    public static void Forward<TActivation>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<float> added,
        Span<float> slopes,
        Span<float> y,
        int m,
        int k,
        int n)
        where TActivation : struct, IActivation
    {
        ThrowUnlessSizes(x, weight, y, m, k, n);
        ShapeException.ThrowUnlessLength(bias.Length, n);
        ShapeException.ThrowUnlessLength(slopes.IsEmpty ? y.Length : slopes.Length, y.Length);
        ShapeException.ThrowUnlessLength(added.IsEmpty ? y.Length : added.Length, y.Length);
        MultiplyAdds.Count((long)m * n * k);
        fixed (float* px = x, pw = weight, pb = bias, pa = added, ps = slopes, py = y)
        {
            MatrixView w = MatrixView.Contiguous(pw, k, n, isTransposed: true);
            bool isOnePass = m >= FewRows && k > 0 && n > 0 && n <= MostColumns && (long)k * n <= MostWeights;
            if (!isOnePass)
            {
                Product.Multiply(new MatrixView(px, k, 1), w, py, n, m, n, k, beta: 0);
            }

            TiledMatrix tiles = isOnePass ? new TiledMatrix(w, k, n, Scratch.Take(Scratch.Use.AffineWeights, TiledMatrix.Size(k, n))) : default;
            int blocks = (m + ForwardRows - 1) / ForwardRows;
            ParallelWork.For(blocks, new ForwardBlock<TActivation>(blocks, isOnePass ? px : null, tiles, pb, pa, ps, py, m, k, n));
        }
    }

    /// <summary>True where <see cref="Backward"/> is quicker than a product after the other: for weights that stay in the second cache.</summary>
    public static bool HasOnePassBackward(int m, int k, int n) => m >= FewRows && k > 0 && n > 0 && (long)k * n <= MostWeightsOfPart;

    /// <summary>Adds the gradients of x, weight and bias, or writes those that are fresh; leaves out those for which an empty span is given.</summary>
    /// <param name="slopes">What <see cref="Forward"/> kept, or y where the function has its slope of that.</param>
    public static void Backward<TActivation>(
        ReadOnlySpan<float> gradY,
        ReadOnlySpan<float> slopes,
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
        ShapeException.ThrowUnlessLength(slopes.Length, gradY.Length);
        ShapeException.ThrowUnlessLength(gradX.IsEmpty ? x.Length : gradX.Length, x.Length);
        ShapeException.ThrowUnlessLength(gradWeight.IsEmpty ? weight.Length : gradWeight.Length, weight.Length);
        ShapeException.ThrowUnlessLength(gradBias.IsEmpty ? n : gradBias.Length, n);

        int parts = Math.Clamp(m / RowsOfPart, 1, MostParts);
        int size = (n * k) + n;
        fixed (float* pg = gradY, ps = slopes, px = x, pw = weight, pgx = gradX, pgw = gradWeight, pgb = gradBias)
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
        ShapeException.ThrowUnlessLength(x.Length, (long)m * k);
        ShapeException.ThrowUnlessLength(weight.Length, (long)n * k);
        ShapeException.ThrowUnlessLength(y.Length, (long)m * n);
    }

    private readonly struct ForwardBlock<TActivation>(
        int blocks, float* x, TiledMatrix tiles, float* bias, float* added, float* slopes, float* y, int m, int k, int n) : IWorkItem
        where TActivation : struct, IActivation
    {
        public void Run(int index)
        {
            int row = (int)((long)m * index / blocks);
            int rows = (int)((long)m * (index + 1) / blocks) - row;
            nint at = (nint)row * n;
            if (x != null)
            {
                tiles.Multiply(x + ((nint)row * k), rows, y + at, accumulate: false);
            }

            AffineRows.Finish<TActivation>(
                y + at, bias, added == null ? null : added + at, slopes == null ? null : slopes + at, rows, n);
        }
    }

    private readonly struct BackwardPart<TActivation>(
        int parts, float* partials, bool needsWeight, float* gradY, float* slopes, float* x, TiledMatrix tiles, float* gradX, bool isFreshX, int m, int k, int n)
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
            int chains = (end - start + AffineRows.MostRows - 1) / AffineRows.MostRows;
            for (int chain = 0; chain < chains; chain++)
            {
                int row = start + (int)((long)(end - start) * chain / chains);
                int rows = start + (int)((long)(end - start) * (chain + 1) / chains) - row;
                nint at = (nint)row * n;
                float* gradSums = TActivation.IsIdentity ? gradY + at : Scratch.Take(Scratch.Use.AffineGradients, (nint)rows * n);
                AffineRows.GradientOfSums<TActivation>(gradY + at, slopes + at, gradSums, gradBias, rows, n);
                if (gradX != null)
                {
                    tiles.Multiply(gradSums, rows, gradX + ((nint)row * k), accumulate: !isFreshX);
                }

                if (needsWeight)
                {
                    AffineRows.GradientOfWeight(gradSums, x + ((nint)row * k), gradWeight, rows, n, k, accumulate: chain > 0);
                }
            }
        }
    }
}
