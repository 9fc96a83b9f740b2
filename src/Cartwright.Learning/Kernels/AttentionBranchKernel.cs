namespace Cartwright.Learning.Kernels;

/// <summary>y = x + drop(W₂ · attend(W₁ · norm(x) + b₁) + b₂): the attention of a transformer block, in one pass each way.</summary>
/// <remarks>
/// W₁ gives queries, keys and values of a token side by side. A few sequences go the whole way at a time, so that what is
/// written for them is used while it is in the second cache. The rest is as <see cref="AttentionKernel"/> says.
/// </remarks>
internal static unsafe class AttentionBranchKernel
{
    /// <summary>Numbers of a token that W₁ gives, by those that W₂ takes: queries, keys and values.</summary>
    public const int Inputs = 3;

    private const int ForwardRows = 96;

    /// <param name="x">[tokens, width]</param>
    /// <param name="means">[tokens]: kept for the backward, like all up to y.</param>
    /// <param name="inverses">[tokens]</param>
    /// <param name="inputs">[tokens, 3 · inner]: queries, keys and values.</param>
    /// <param name="logSumExp">[tokens, heads]</param>
    /// <param name="middle">[tokens, inner]: what attention gives.</param>
    /// <param name="y">[tokens, width]</param>
    public static void Forward(
        in BranchShape shape,
        in AttentionSettings settings,
        in BranchWeights weights,
        ReadOnlySpan<float> x,
        Span<float> means,
        Span<float> inverses,
        Span<float> inputs,
        Span<float> logSumExp,
        Span<float> middle,
        Span<float> y)
    {
        ThrowUnlessSizes(shape, settings, weights, x, means, inverses, inputs, logSumExp, middle, y);
        MultiplyAdds.Count((long)shape.Rows * shape.Width * (shape.Columns + shape.Inner));
        fixed (int* offsets = settings.Offsets)
        fixed (float* pg = weights.Gain, ps = weights.Shift, pw = weights.InWeight, pb = weights.InBias, pow = weights.OutWeight, pob = weights.OutBias)
        fixed (float* px = x, pm = means, pi = inverses, pin = inputs, pl = logSumExp, pmi = middle, py = y)
        {
            AttentionGeometry geometry = settings.Geometry(offsets, shape);
            MultiplyAdds.Count(geometry.MultiplyAdds);
            var cuts = new SequenceCuts(offsets, 0, settings.SequenceCount, (shape.Rows + ForwardRows - 1) / ForwardRows);
            var ends = new BranchEnds(shape, pg, ps, pw, pb, pow, pob, isBackward: false);
            ParallelWork.For(cuts.Count, new ForwardBlock(shape, geometry, cuts, ends, px, pm, pi, pin, pl, pmi, py));
        }
    }

    /// <summary>Adds to all gradients that are asked for, or writes that of x where it is fresh.</summary>
    /// <param name="gradX">[tokens, width]</param>
    public static void Backward(
        in BranchShape shape,
        in AttentionSettings settings,
        in BranchWeights weights,
        ReadOnlySpan<float> gradY,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> means,
        ReadOnlySpan<float> inverses,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> logSumExp,
        ReadOnlySpan<float> middle,
        Span<float> gradX,
        bool isFresh,
        in BranchWeights gradients)
    {
        ThrowUnlessSizes(shape, settings, weights, x, means, inverses, inputs, logSumExp, middle, gradX);
        ShapeException.ThrowUnlessLength(gradY.Length, x.Length);
        fixed (int* offsets = settings.Offsets)
        fixed (float* pg = weights.Gain, ps = weights.Shift, pw = weights.InWeight, pb = weights.InBias, pow = weights.OutWeight, pob = weights.OutBias)
        fixed (float* pgy = gradY, px = x, pm = means, pi = inverses, pin = inputs, pl = logSumExp, pmi = middle, pgx = gradX)
        {
            AttentionGeometry geometry = settings.Geometry(offsets, shape);
            var cuts = new SequenceCuts(offsets, 0, settings.SequenceCount, shape.PartCount);
            var ends = new BranchEnds(shape, pg, ps, pw, pb, pow, pob, isBackward: true);
            var partials = new BranchPartials(shape);
            ParallelWork.For(
                cuts.Count, new BackwardPart(shape, geometry, offsets, cuts, ends, partials, pgy, px, pm, pi, pin, pl, pmi, pgx, isFresh));
            partials.AddTo(gradients);
        }
    }

    private static void ThrowUnlessSizes(
        in BranchShape shape,
        in AttentionSettings settings,
        in BranchWeights weights,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> means,
        ReadOnlySpan<float> inverses,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> logSumExp,
        ReadOnlySpan<float> middle,
        ReadOnlySpan<float> y)
    {
        weights.ThrowUnlessSizes(shape);
        DropoutKernel.ThrowUnlessRate(shape.Dropout);
        DropoutKernel.ThrowUnlessRate(settings.Dropout);
        AttentionKernel.ThrowUnlessHeads(shape.Inner, settings.Heads);
        ShapeException.Require(
            shape.Rows == SequenceOffsets.TotalOf(settings.Offsets, "offsets"),
            $"Attention over {shape.Rows} tokens needs offsets that end at {shape.Rows}; they end at {settings.Offsets[^1]}.");
        ShapeException.Require(
            shape.Columns == Inputs * shape.Inner,
            $"An attention branch {shape.Inner} wide has queries, keys and values of {Inputs * shape.Inner} numbers together, not {shape.Columns}.");
        ShapeException.ThrowUnlessLength(x.Length, (long)shape.Rows * shape.Width);
        ShapeException.ThrowUnlessLength(means.Length, shape.Rows);
        ShapeException.ThrowUnlessLength(inverses.Length, shape.Rows);
        ShapeException.ThrowUnlessLength(inputs.Length, (long)shape.Rows * shape.Columns);
        ShapeException.ThrowUnlessLength(logSumExp.Length, (long)shape.Rows * settings.Heads);
        ShapeException.ThrowUnlessLength(middle.Length, (long)shape.Rows * shape.Inner);
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
    }

    private readonly struct ForwardBlock(
        BranchShape shape,
        AttentionGeometry geometry,
        SequenceCuts cuts,
        BranchEnds ends,
        float* x,
        float* means,
        float* inverses,
        float* inputs,
        float* logSumExp,
        float* middle,
        float* y)
        : IWorkItem
    {
        public void Run(int index)
        {
            (int sequence, int end) = (cuts.Start(index), cuts.Start(index + 1));
            int row = geometry.Start(sequence);
            int rows = geometry.Start(end) - row;
            nint at = (nint)row * shape.Width;
            ends.Begin<Identity>(x + at, means + row, inverses + row, inputs + ((nint)row * shape.Columns), slopes: null, rows);

            var attention = new AttentionForward(geometry, inputs, inputs + shape.Inner, inputs + (2 * shape.Inner), middle, logSumExp);
            for (; sequence < end; sequence++)
            {
                for (int head = 0; head < geometry.Heads; head++)
                {
                    attention.Attend(head, sequence);
                }
            }

            ends.End(middle + ((nint)row * shape.Inner), x + at, y + at, row, rows);
        }
    }

    private readonly struct BackwardPart(
        BranchShape shape,
        AttentionGeometry geometry,
        int* offsets,
        SequenceCuts cuts,
        BranchEnds ends,
        BranchPartials partials,
        float* gradY,
        float* x,
        float* means,
        float* inverses,
        float* inputs,
        float* logSumExp,
        float* middle,
        float* gradX,
        bool isFresh)
        : IWorkItem
    {
        public void Run(int index)
        {
            (int start, int end) = (cuts.Start(index), cuts.Start(index + 1));
            int rows = geometry.Start(end) - geometry.Start(start);
            var chains = new SequenceCuts(offsets, start, end, Math.Max(1, (rows + AffineRows.MostRows - 1) / AffineRows.MostRows));
            partials.Clear(index);
            for (int chain = 0; chain < chains.Count; chain++)
            {
                Sequences(index, chains.Start(chain), chains.Start(chain + 1), isFirst: chain == 0);
            }
        }

        private void Sequences(int part, int sequence, int end, bool isFirst)
        {
            int row = geometry.Start(sequence);
            int rows = geometry.Start(end) - row;
            nint at = (nint)row * shape.Width;
            nint atMiddle = (nint)row * shape.Inner;
            float* gradMiddle = Scratch.Take(Scratch.Use.BranchOutputs, (nint)rows * shape.Inner);
            ends.EndBackward(gradY + at, middle + atMiddle, gradMiddle, partials, part, row, rows, isFirst);

            // Attention looks at tokens by their place among all.
            float* gradInputs = Scratch.Take(Scratch.Use.AffineGradients, (nint)rows * shape.Columns);
            float* gradients = gradInputs - ((nint)row * shape.Columns);
            var attention = new AttentionBackward(
                geometry, gradMiddle - atMiddle, inputs, inputs + shape.Inner, inputs + (2 * shape.Inner), middle, logSumExp,
                gradients, gradients + shape.Inner, gradients + (2 * shape.Inner), isFresh: true);
            for (; sequence < end; sequence++)
            {
                for (int head = 0; head < geometry.Heads; head++)
                {
                    attention.Attend(head, sequence);
                }
            }

            AffineRows.GradientOfSums<Identity>(gradInputs, gradInputs, gradInputs, partials.InBias(part), rows, shape.Columns);
            ends.BeginBackward(
                gradInputs, gradY + at, x + at, means + row, inverses + row, gradX + at, isFresh, partials, part, rows, isFirst);
        }
    }
}
