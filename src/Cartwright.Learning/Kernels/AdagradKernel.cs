using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>One step of Adagrad with momentum, over all numbers of a weight or over some of its rows.</summary>
/// <remarks>
/// g = gradient + weightDecay * weight; sum += g²; velocity = momentum * velocity + learningRate * g / (√sum + epsilon);
/// weight -= velocity.
/// </remarks>
internal static unsafe class AdagradKernel
{
    /// <param name="sum">As many numbers as the weight; 0 before the first step.</param>
    /// <param name="velocity">As many numbers as the weight; 0 before the first step.</param>
    public static void Step(in Settings settings, Span<float> weight, ReadOnlySpan<float> gradient, Span<float> sum, Span<float> velocity)
    {
        ShapeException.ThrowUnlessLength(gradient.Length, weight.Length);
        ShapeException.ThrowUnlessLength(sum.Length, weight.Length);
        ShapeException.ThrowUnlessLength(velocity.Length, weight.Length);
        fixed (float* w = weight, g = gradient, s = sum, v = velocity)
        {
            var blocks = new RowBlocks(weight.Length, 1);
            ParallelWork.For(blocks.Count, new StepBlock(blocks, settings, w, g, s, v));
        }
    }

    /// <param name="weight">[any, columns], as sum and velocity.</param>
    /// <param name="gradient">[rows.Length, columns]: of these rows alone.</param>
    /// <param name="rows">The rows to change, each once.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside of the weight.</exception>
    public static void StepRows(in Settings settings, Span<float> weight, ReadOnlySpan<float> gradient, Span<float> sum,
        Span<float> velocity, ReadOnlySpan<int> rows, int columns)
    {
        ShapeException.ThrowUnlessLength(gradient.Length, (long)rows.Length * columns);
        ShapeException.ThrowUnlessLength(sum.Length, weight.Length);
        ShapeException.ThrowUnlessLength(velocity.Length, weight.Length);
        GatherKernel.ThrowUnlessRows(rows, weight.Length, columns);
        fixed (float* w = weight, g = gradient, s = sum, v = velocity)
        fixed (int* r = rows)
        {
            var blocks = new RowBlocks(rows.Length, columns);
            ParallelWork.For(blocks.Count, new RowsBlock(blocks, settings, r, columns, w, g, s, v));
        }
    }

    private static void Step(in Settings settings, float* weight, float* gradient, float* sum, float* velocity, int count)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> w = Vector.Load(weight + i);
                Vector<float> g = Vector.Load(gradient + i) + (w * settings.WeightDecay);
                Vector<float> squares = Vector.Load(sum + i) + (g * g);
                Vector<float> scaled = g * settings.LearningRate / (Vector.SquareRoot(squares) + new Vector<float>(settings.Epsilon));
                Vector<float> step = (Vector.Load(velocity + i) * settings.Momentum) + scaled;
                squares.Store(sum + i);
                step.Store(velocity + i);
                (w - step).Store(weight + i);
            }
        }

        for (; i < count; i++)
        {
            float g = gradient[i] + (weight[i] * settings.WeightDecay);
            sum[i] += g * g;
            velocity[i] = (velocity[i] * settings.Momentum) + (g * settings.LearningRate / (MathF.Sqrt(sum[i]) + settings.Epsilon));
            weight[i] -= velocity[i];
        }
    }

    internal readonly record struct Settings(float LearningRate, float Momentum, float Epsilon, float WeightDecay);

    private readonly struct StepBlock(RowBlocks blocks, Settings settings, float* weight, float* gradient, float* sum, float* velocity)
        : IWorkItem
    {
        public void Run(int index)
        {
            int start = blocks.Start(index);
            Step(settings, weight + start, gradient + start, sum + start, velocity + start, blocks.End(index) - start);
        }
    }

    private readonly struct RowsBlock(
        RowBlocks blocks, Settings settings, int* rows, int columns, float* weight, float* gradient, float* sum, float* velocity) : IWorkItem
    {
        public void Run(int index)
        {
            for (int i = blocks.Start(index); i < blocks.End(index); i++)
            {
                nint at = (nint)rows[i] * columns;
                Step(settings, weight + at, gradient + ((nint)i * columns), sum + at, velocity + at, columns);
            }
        }
    }
}
