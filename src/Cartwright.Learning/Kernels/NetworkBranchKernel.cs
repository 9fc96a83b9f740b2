namespace Cartwright.Learning.Kernels;

/// <summary>y = x + drop(W₂ · drop(f(W₁ · norm(x) + b₁)) + b₂): the token network of a transformer block, in one pass each way.</summary>
internal static unsafe class NetworkBranchKernel
{
    private const int ForwardRows = 96;

    /// <param name="x">[rows, width]</param>
    /// <param name="means">[rows]: kept for the backward, like all up to y.</param>
    /// <param name="inverses">[rows]</param>
    /// <param name="slopes">[rows, inner]; empty where there will be no backward.</param>
    /// <param name="middle">[rows, inner]</param>
    /// <param name="y">[rows, width]</param>
    public static void Forward<TActivation>(
        in BranchShape shape,
        in BranchWeights weights,
        ReadOnlySpan<float> x,
        Span<float> means,
        Span<float> inverses,
        Span<float> slopes,
        Span<float> middle,
        Span<float> y)
        where TActivation : struct, IActivation
    {
        ThrowUnlessSizes(shape, weights, x, means, inverses, middle, y);
        ShapeException.ThrowUnlessLength(slopes.IsEmpty ? middle.Length : slopes.Length, middle.Length);
        MultiplyAdds.Count((long)shape.Rows * shape.Width * (shape.Columns + shape.Inner));
        fixed (float* pg = weights.Gain, ps = weights.Shift, pw = weights.InWeight, pb = weights.InBias, pow = weights.OutWeight, pob = weights.OutBias)
        fixed (float* px = x, pm = means, pi = inverses, psl = slopes, pmi = middle, py = y)
        {
            int blocks = (shape.Rows + ForwardRows - 1) / ForwardRows;
            var ends = new BranchEnds(shape, pg, ps, pw, pb, pow, pob, isBackward: false);
            ParallelWork.For(blocks, new ForwardBlock<TActivation>(shape, ends, blocks, px, pm, pi, psl, pmi, py));
        }
    }

    /// <summary>Adds to all gradients that are asked for, or writes that of x where it is fresh.</summary>
    /// <param name="gradX">[rows, width]</param>
    public static void Backward<TActivation>(
        in BranchShape shape,
        in BranchWeights weights,
        ReadOnlySpan<float> gradY,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> means,
        ReadOnlySpan<float> inverses,
        ReadOnlySpan<float> slopes,
        ReadOnlySpan<float> middle,
        Span<float> gradX,
        bool isFresh,
        in BranchWeights gradients)
        where TActivation : struct, IActivation
    {
        ThrowUnlessSizes(shape, weights, x, means, inverses, middle, gradX);
        ShapeException.ThrowUnlessLength(gradY.Length, x.Length);
        ShapeException.ThrowUnlessLength(slopes.Length, middle.Length);
        fixed (float* pg = weights.Gain, ps = weights.Shift, pw = weights.InWeight, pb = weights.InBias, pow = weights.OutWeight, pob = weights.OutBias)
        fixed (float* pgy = gradY, px = x, pm = means, pi = inverses, psl = slopes, pmi = middle, pgx = gradX)
        {
            var ends = new BranchEnds(shape, pg, ps, pw, pb, pow, pob, isBackward: true);
            var partials = new BranchPartials(shape);
            ParallelWork.For(shape.PartCount, new BackwardPart<TActivation>(shape, ends, partials, pgy, px, pm, pi, psl, pmi, pgx, isFresh));
            partials.AddTo(gradients);
        }
    }

    private static void ThrowUnlessSizes(
        in BranchShape shape,
        in BranchWeights weights,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> means,
        ReadOnlySpan<float> inverses,
        ReadOnlySpan<float> middle,
        ReadOnlySpan<float> y)
    {
        weights.ThrowUnlessSizes(shape);
        DropoutKernel.ThrowUnlessRate(shape.Dropout);
        ShapeException.Require(shape.Columns == shape.Inner, $"A token network {shape.Inner} wide in the middle writes as many numbers there, not {shape.Columns}.");
        ShapeException.ThrowUnlessLength(x.Length, (long)shape.Rows * shape.Width);
        ShapeException.ThrowUnlessLength(means.Length, shape.Rows);
        ShapeException.ThrowUnlessLength(inverses.Length, shape.Rows);
        ShapeException.ThrowUnlessLength(middle.Length, (long)shape.Rows * shape.Inner);
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
    }

    private readonly struct ForwardBlock<TActivation>(
        BranchShape shape, BranchEnds ends, int blocks, float* x, float* means, float* inverses, float* slopes, float* middle, float* y) : IWorkItem
        where TActivation : struct, IActivation
    {
        public void Run(int index)
        {
            int row = (int)((long)shape.Rows * index / blocks);
            int rows = (int)((long)shape.Rows * (index + 1) / blocks) - row;
            nint at = (nint)row * shape.Width;
            nint atMiddle = (nint)row * shape.Inner;
            ends.Begin<TActivation>(
                x + at, means + row, inverses + row, middle + atMiddle, slopes == null ? null : slopes + atMiddle, rows);
            if (shape.Dropout > 0)
            {
                new CounterHash(shape.MiddleSeed, shape.Dropout).Apply((uint)(row * shape.Inner), middle + atMiddle, rows * shape.Inner);
            }

            ends.End(middle + atMiddle, x + at, y + at, row, rows);
        }
    }

    private readonly struct BackwardPart<TActivation>(
        BranchShape shape,
        BranchEnds ends,
        BranchPartials partials,
        float* gradY,
        float* x,
        float* means,
        float* inverses,
        float* slopes,
        float* middle,
        float* gradX,
        bool isFresh)
        : IWorkItem
        where TActivation : struct, IActivation
    {
        public void Run(int index)
        {
            int start = (int)((long)shape.Rows * index / shape.PartCount);
            int count = (int)((long)shape.Rows * (index + 1) / shape.PartCount) - start;
            int chains = Math.Max(1, (count + AffineRows.MostRows - 1) / AffineRows.MostRows);
            partials.Clear(index);
            for (int chain = 0; chain < chains; chain++)
            {
                int row = start + (int)((long)count * chain / chains);
                Rows(index, row, start + (int)((long)count * (chain + 1) / chains) - row, isFirst: chain == 0);
            }
        }

        private void Rows(int part, int row, int rows, bool isFirst)
        {
            nint at = (nint)row * shape.Width;
            nint atMiddle = (nint)row * shape.Inner;
            float* gradMiddle = Scratch.Take(Scratch.Use.AffineGradients, (nint)rows * shape.Inner);
            ends.EndBackward(gradY + at, middle + atMiddle, gradMiddle, partials, part, row, rows, isFirst);
            if (shape.Dropout > 0)
            {
                new CounterHash(shape.MiddleSeed, shape.Dropout).Apply((uint)(row * shape.Inner), gradMiddle, rows * shape.Inner);
            }

            AffineRows.GradientOfSums<TActivation>(gradMiddle, slopes + atMiddle, gradMiddle, partials.InBias(part), rows, shape.Inner);
            ends.BeginBackward(
                gradMiddle, gradY + at, x + at, means + row, inverses + row, gradX + at, isFresh, partials, part, rows, isFirst);
        }
    }
}
