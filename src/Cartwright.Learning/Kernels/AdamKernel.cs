using System.Numerics;
using System.Runtime.CompilerServices;

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
        ShapeException.ThrowUnlessLength(grad.Length, weight.Length);
        ShapeException.ThrowUnlessLength(m.Length, weight.Length);
        ShapeException.ThrowUnlessLength(v.Length, weight.Length);
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
        ShapeException.ThrowUnlessLength(grad.Length, (long)rows.Length * columns);
        ShapeException.ThrowUnlessLength(m.Length, weight.Length);
        ShapeException.ThrowUnlessLength(v.Length, weight.Length);
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
        if (WideLanes.AreSupported)
        {
            i = StepLanes<WideLanes>(weight, grad, m, v, count, i, s);
        }

        if (Vector.IsHardwareAccelerated)
        {
            i = StepLanes<UsualLanes>(weight, grad, m, v, count, i, s);
        }

        for (; i < count; i++)
        {
            float g = float.MultiplyAddEstimate(weight[i], s.Decay, grad[i]);
            m[i] = float.MultiplyAddEstimate(m[i], s.Beta1, g * (1 - s.Beta1));
            v[i] = float.MultiplyAddEstimate(v[i], s.Beta2, g * g * (1 - s.Beta2));
            weight[i] = float.MultiplyAddEstimate(m[i] / (MathF.Sqrt(v[i]) + s.Epsilon), -s.StepSize, weight[i] * s.Shrink);
        }
    }

    /// <summary>From <paramref name="i"/> on, as far as whole vectors go.</summary>
    /// <returns>Where the rest begins.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int StepLanes<TLanes>(float* weight, float* grad, float* m, float* v, int count, int i, in Settings s)
        where TLanes : struct, ILanes<TLanes>
    {
        // Kept in registers: the compiler would read the settings again behind every store.
        TLanes decay = TLanes.Repeat(s.Decay), shrink = TLanes.Repeat(s.Shrink), stepSize = TLanes.Repeat(-s.StepSize);
        TLanes beta1 = TLanes.Repeat(s.Beta1), rest1 = TLanes.Repeat(1 - s.Beta1), epsilon = TLanes.Repeat(s.Epsilon);
        TLanes beta2 = TLanes.Repeat(s.Beta2), rest2 = TLanes.Repeat(1 - s.Beta2);
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TLanes w = TLanes.Load(weight + i);
            TLanes g = TLanes.MultiplyAdd(w, decay, TLanes.Load(grad + i));
            TLanes mean = TLanes.MultiplyAdd(TLanes.Load(m + i), beta1, g * rest1);
            TLanes square = TLanes.MultiplyAdd(TLanes.Load(v + i), beta2, g * g * rest2);
            mean.Store(m + i);
            square.Store(v + i);
            TLanes.MultiplyAdd(mean / (TLanes.SquareRoot(square) + epsilon), stepSize, w * shrink).Store(weight + i);
        }

        return i;
    }

    /// <summary>√v / c + ε under m, with c = √(1 - beta2^step), is (√v + c ε) / c: both corrections go into the step's size.</summary>
    private readonly struct Settings
    {
        public readonly float Shrink;
        public readonly float Decay;
        public readonly float StepSize;
        public readonly float Beta1;
        public readonly float Beta2;
        public readonly float Epsilon;

        public Settings(float learningRate, float beta1, float beta2, float epsilon, float weightDecay, bool decoupled, int step)
        {
            double correction = Math.Sqrt(1 - Math.Pow(beta2, step));
            Shrink = decoupled ? 1 - (learningRate * weightDecay) : 1;
            Decay = decoupled ? 0 : weightDecay;
            StepSize = (float)(learningRate * correction / (1 - Math.Pow(beta1, step)));
            Beta1 = beta1;
            Beta2 = beta2;
            Epsilon = (float)(epsilon * correction);
        }
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
