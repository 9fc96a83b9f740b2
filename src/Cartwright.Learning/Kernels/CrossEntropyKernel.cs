using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Softmax with cross-entropy, row by row: loss = ln Σ e^logit - logit of the target.</summary>
/// <remarks>The forward reads the logits once and stores no probabilities; the backward makes them again.</remarks>
internal static unsafe class CrossEntropyKernel
{
    /// <param name="logits">[rows, columns]; ±1000 is fine.</param>
    /// <param name="targets">[rows]: a column each, or <paramref name="ignoreIndex"/>.</param>
    /// <param name="losses">[rows]: 0 where the target is ignored.</param>
    /// <param name="logSumExp">[rows]: kept for the backward; 0 where the target is ignored.</param>
    /// <exception cref="ArgumentOutOfRangeException">A target is no column.</exception>
    public static void Forward(
        ReadOnlySpan<float> logits,
        ReadOnlySpan<int> targets,
        Span<float> losses,
        Span<float> logSumExp,
        int rows,
        int columns,
        int ignoreIndex)
    {
        ShapeException.ThrowUnlessLength(logits.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(targets.Length, rows);
        ShapeException.ThrowUnlessLength(losses.Length, rows);
        ShapeException.ThrowUnlessLength(logSumExp.Length, rows);
        ThrowUnlessColumns(targets, columns, ignoreIndex);
        fixed (float* px = logits, pl = losses, ps = logSumExp)
        fixed (int* pt = targets)
        {
            var blocks = new RowBlocks(rows, columns);
            ParallelWork.For(blocks.Count, new ForwardBlock(blocks, px, pt, pl, ps, columns, ignoreIndex));
        }
    }

    /// <summary>Adds rowScale (softmax(logits) - 1 at the target) to gradLogits; ignored rows get nothing.</summary>
    /// <param name="rowScale">[rows]: the gradient of each row's loss.</param>
    public static void Backward(
        ReadOnlySpan<float> logits,
        ReadOnlySpan<int> targets,
        ReadOnlySpan<float> logSumExp,
        ReadOnlySpan<float> rowScale,
        Span<float> gradLogits,
        int rows,
        int columns,
        int ignoreIndex)
    {
        ShapeException.ThrowUnlessLength(logits.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(targets.Length, rows);
        ShapeException.ThrowUnlessLength(logSumExp.Length, rows);
        ShapeException.ThrowUnlessLength(rowScale.Length, rows);
        ShapeException.ThrowUnlessLength(gradLogits.Length, logits.Length);
        ThrowUnlessColumns(targets, columns, ignoreIndex);
        fixed (float* px = logits, ps = logSumExp, pr = rowScale, pg = gradLogits)
        fixed (int* pt = targets)
        {
            var blocks = new RowBlocks(rows, columns);
            ParallelWork.For(blocks.Count, new BackwardBlock(blocks, px, pt, ps, pr, pg, columns, ignoreIndex));
        }
    }

    /// <summary>An index outside would reach into foreign memory, so every target is looked at.</summary>
    internal static void ThrowUnlessColumns(ReadOnlySpan<int> targets, int columns, int? ignoreIndex = null)
    {
        for (int row = 0; row < targets.Length; row++)
        {
            if ((uint)targets[row] >= (uint)columns && targets[row] != ignoreIndex)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(targets), targets[row], $"The target of row {row} is not one of {columns} columns.");
            }
        }
    }

    private readonly struct ForwardBlock(
        RowBlocks blocks, float* logits, int* targets, float* losses, float* logSumExp, int columns, int ignoreIndex)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                int target = targets[row];
                if (target == ignoreIndex)
                {
                    losses[row] = 0;
                    logSumExp[row] = 0;
                    continue;
                }

                float* x = logits + ((nint)row * columns);
                logSumExp[row] = Exponentials.LogSum(x, columns);
                losses[row] = logSumExp[row] - x[target];
            }
        }
    }

    private readonly struct BackwardBlock(
        RowBlocks blocks,
        float* logits,
        int* targets,
        float* logSumExp,
        float* rowScale,
        float* gradLogits,
        int columns,
        int ignoreIndex)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                int target = targets[row];
                if (target == ignoreIndex)
                {
                    continue;
                }

                float* x = logits + ((nint)row * columns);
                float* gradient = gradLogits + ((nint)row * columns);
                float shift = logSumExp[row];
                float scale = rowScale[row];
                int i = 0;
                if (Vector.IsHardwareAccelerated)
                {
                    for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                    {
                        Vector<float> probability = VectorExp.Of(Vector.Load(x + i) - new Vector<float>(shift));
                        Vector.MultiplyAddEstimate(probability, new Vector<float>(scale), Vector.Load(gradient + i))
                            .Store(gradient + i);
                    }
                }

                for (; i < columns; i++)
                {
                    gradient[i] += MathF.Exp(x[i] - shift) * scale;
                }

                gradient[target] -= scale;
            }
        }
    }
}
