using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>How an optimizer that keeps one number beside every weight changes both.</summary>
internal interface IUpdateRule
{
    /// <returns>The weight after the step.</returns>
    Vector<float> Of(Vector<float> weight, Vector<float> gradient, ref Vector<float> state);

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    float Of(float weight, float gradient, ref float state);
}

/// <summary>One step over all numbers of a weight, or over some of its rows.</summary>
internal static unsafe class UpdateKernel
{
    /// <param name="state">As many numbers as the weight; 0 before the first step.</param>
    public static void Step<TRule>(TRule rule, Span<float> weight, ReadOnlySpan<float> gradient, Span<float> state)
        where TRule : struct, IUpdateRule
    {
        ShapeException.ThrowUnlessLength(gradient.Length, weight.Length);
        ShapeException.ThrowUnlessLength(state.Length, weight.Length);
        fixed (float* w = weight, g = gradient, s = state)
        {
            var blocks = new RowBlocks(weight.Length, 1);
            ParallelWork.For(blocks.Count, new StepBlock<TRule>(blocks, rule, w, g, s));
        }
    }

    /// <param name="weight">[any, columns], as the state.</param>
    /// <param name="gradient">[rows.Length, columns]: of these rows alone.</param>
    /// <param name="rows">The rows to change, each once.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside of the weight.</exception>
    public static void StepRows<TRule>(
        TRule rule, Span<float> weight, ReadOnlySpan<float> gradient, Span<float> state, ReadOnlySpan<int> rows, int columns)
        where TRule : struct, IUpdateRule
    {
        ShapeException.ThrowUnlessLength(gradient.Length, (long)rows.Length * columns);
        ShapeException.ThrowUnlessLength(state.Length, weight.Length);
        GatherKernel.ThrowUnlessRows(rows, weight.Length, columns);
        fixed (float* w = weight, g = gradient, s = state)
        fixed (int* r = rows)
        {
            var blocks = new RowBlocks(rows.Length, columns);
            ParallelWork.For(blocks.Count, new RowsBlock<TRule>(blocks, rule, w, g, s, r, columns));
        }
    }

    private static void Step<TRule>(TRule rule, float* weight, float* gradient, float* state, int count)
        where TRule : struct, IUpdateRule
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> kept = Vector.Load(state + i);
                rule.Of(Vector.Load(weight + i), Vector.Load(gradient + i), ref kept).Store(weight + i);
                kept.Store(state + i);
            }
        }

        for (; i < count; i++)
        {
            weight[i] = rule.Of(weight[i], gradient[i], ref state[i]);
        }
    }

    private readonly struct StepBlock<TRule>(RowBlocks blocks, TRule rule, float* weight, float* gradient, float* state) : IWorkItem
        where TRule : struct, IUpdateRule
    {
        public void Run(int index)
        {
            int start = blocks.Start(index);
            Step(rule, weight + start, gradient + start, state + start, blocks.End(index) - start);
        }
    }

    private readonly struct RowsBlock<TRule>(
        RowBlocks blocks, TRule rule, float* weight, float* gradient, float* state, int* rows, int columns) : IWorkItem
        where TRule : struct, IUpdateRule
    {
        public void Run(int index)
        {
            for (int i = blocks.Start(index); i < blocks.End(index); i++)
            {
                nint at = (nint)rows[i] * columns;
                Step(rule, weight + at, gradient + ((nint)i * columns), state + at, columns);
            }
        }
    }
}
