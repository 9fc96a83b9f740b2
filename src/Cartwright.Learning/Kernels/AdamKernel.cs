using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>One step of Adam or AdamW over all numbers of a weight.</summary>
/// <remarks>
/// m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g²,
/// weight -= learningRate / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon).
/// Adam (Kingma and Ba, ICLR 2015) takes g = grad + weightDecay * weight; AdamW (Loshchilov and Hutter, ICLR 2019,
/// <c>decoupled</c>) takes g = grad and first shrinks the weight by 1 - learningRate * weightDecay.
/// </remarks>
internal static unsafe class AdamKernel
{
    /// <param name="m">Running mean of the gradient, 0 before the first step.</param>
    /// <param name="v">Running mean of its square, 0 before the first step.</param>
    /// <param name="step">Counts from 1.</param>
    public static void Step(
        Span<float> weight,
        ReadOnlySpan<float> grad,
        Span<float> m,
        Span<float> v,
        float learningRate,
        float beta1,
        float beta2,
        float epsilon,
        float weightDecay,
        bool decoupled,
        int step)
    {
        ShapeException.ThrowUnlessEqual(grad.Length, weight.Length);
        ShapeException.ThrowUnlessEqual(m.Length, weight.Length);
        ShapeException.ThrowUnlessEqual(v.Length, weight.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        var settings = new Settings(learningRate, beta1, beta2, epsilon, weightDecay, decoupled, step);
        fixed (float* pw = weight, pg = grad, pm = m, pv = v)
        {
            var blocks = new RowBlocks(weight.Length, 1);
            ParallelWork.For(blocks.Count, new StepBlock(blocks, pw, pg, pm, pv, settings));
        }
    }

    /// <summary>The same step over some rows of a weight, the others left alone.</summary>
    /// <param name="grad">[rows.Length, columns]: of these rows alone.</param>
    /// <param name="rows">Row numbers, each once.</param>
    /// <param name="columns">Numbers in a row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside of the weight.</exception>
    public static void StepRows(
        Span<float> weight,
        ReadOnlySpan<float> grad,
        Span<float> m,
        Span<float> v,
        ReadOnlySpan<int> rows,
        int columns,
        float learningRate,
        float beta1,
        float beta2,
        float epsilon,
        float weightDecay,
        bool decoupled,
        int step)
    {
        ShapeException.ThrowUnlessEqual(grad.Length, (long)rows.Length * columns);
        ShapeException.ThrowUnlessEqual(m.Length, weight.Length);
        ShapeException.ThrowUnlessEqual(v.Length, weight.Length);
        GatherKernel.ThrowUnlessRows(rows, weight.Length, columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        var settings = new Settings(learningRate, beta1, beta2, epsilon, weightDecay, decoupled, step);
        fixed (float* pw = weight, pg = grad, pm = m, pv = v)
        fixed (int* pr = rows)
        {
            var blocks = new RowBlocks(rows.Length, columns);
            ParallelWork.For(blocks.Count, new RowsBlock(blocks, pr, rows.Length, columns, pw, pg, pm, pv, settings));
        }
    }

    private static void Step(float* weight, float* grad, float* m, float* v, int count, in Settings s)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> w = Vector.Load(weight + i);
                Vector<float> g = Vector.Load(grad + i) + (w * s.Decay);
                Vector<float> mean = (Vector.Load(m + i) * s.Beta1) + (g * (1 - s.Beta1));
                Vector<float> square = (Vector.Load(v + i) * s.Beta2) + (g * g * (1 - s.Beta2));
                mean.Store(m + i);
                square.Store(v + i);
                Vector<float> deviation =
                    (Vector.SquareRoot(square) * s.InverseCorrection) + new Vector<float>(s.Epsilon);
                ((w * s.Shrink) - (mean / deviation * s.StepSize)).Store(weight + i);
            }
        }

        for (; i < count; i++)
        {
            float g = grad[i] + (weight[i] * s.Decay);
            m[i] = (m[i] * s.Beta1) + (g * (1 - s.Beta1));
            v[i] = (v[i] * s.Beta2) + (g * g * (1 - s.Beta2));
            float deviation = (MathF.Sqrt(v[i]) * s.InverseCorrection) + s.Epsilon;
            weight[i] = (weight[i] * s.Shrink) - (m[i] / deviation * s.StepSize);
        }
    }

    private readonly struct Settings(
        float learningRate, float beta1, float beta2, float epsilon, float weightDecay, bool decoupled, int step)
    {
        public readonly float Shrink = decoupled ? 1 - (learningRate * weightDecay) : 1;
        public readonly float Decay = decoupled ? 0 : weightDecay;
        public readonly float StepSize = (float)(learningRate / (1 - Math.Pow(beta1, step)));
        public readonly float InverseCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
        public readonly float Beta1 = beta1;
        public readonly float Beta2 = beta2;
        public readonly float Epsilon = epsilon;
    }

    private readonly struct StepBlock(
        RowBlocks blocks, float* weight, float* grad, float* m, float* v, Settings settings) : IWorkItem
    {
        public void Run(int index)
        {
            int start = blocks.Start(index);
            Step(weight + start, grad + start, m + start, v + start, blocks.End(index) - start, settings);
        }
    }

    private readonly struct RowsBlock(
        RowBlocks blocks, int* rows, int rowCount, int columns, float* weight, float* grad, float* m, float* v, Settings settings)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int i = blocks.Start(index); i < blocks.End(index); i++)
            {
                if (i + Prefetch.RowsAhead < rowCount)
                {
                    nint ahead = (nint)rows[i + Prefetch.RowsAhead] * columns;
                    Prefetch.Row(weight + ahead, columns);
                    Prefetch.Row(m + ahead, columns);
                    Prefetch.Row(v + ahead, columns);
                }

                nint at = (nint)rows[i] * columns;
                Step(weight + at, grad + ((nint)i * columns), m + at, v + at, columns, settings);
            }
        }
    }
}
