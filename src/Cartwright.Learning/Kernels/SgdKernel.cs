using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>One step of gradient descent with momentum over all numbers of a weight.</summary>
/// <remarks>
/// g = grad + weightDecay * weight; velocity = momentum * velocity + g; weight -= learningRate * velocity, or
/// learningRate * (g + momentum * velocity) with Nesterov's look ahead. As PyTorch defines it.
/// </remarks>
internal static unsafe class SgdKernel
{
    /// <param name="velocity">0 before the first step.</param>
    /// <param name="momentum">From 0 (plain descent) to below 1.</param>
    public static void Step(
        Span<float> weight,
        ReadOnlySpan<float> grad,
        Span<float> velocity,
        float learningRate,
        float momentum,
        float weightDecay,
        bool nesterov)
    {
        ShapeException.ThrowUnlessEqual(grad.Length, weight.Length);
        ShapeException.ThrowUnlessEqual(velocity.Length, weight.Length);
        fixed (float* pw = weight, pg = grad, pv = velocity)
        {
            var blocks = new RowBlocks(weight.Length, 1);
            ParallelWork.For(
                blocks.Count, new StepBlock(blocks, pw, pg, pv, learningRate, momentum, weightDecay, nesterov ? 1 : 0));
        }
    }

    private readonly struct StepBlock(
        RowBlocks blocks,
        float* weight,
        float* grad,
        float* velocity,
        float learningRate,
        float momentum,
        float weightDecay,
        float lookAhead)
        : IWorkItem
    {
        public void Run(int index)
        {
            // The step is velocity, or g + momentum * velocity: one expression with factors of 0 and 1.
            float ofGradient = lookAhead;
            float ofVelocity = (lookAhead * momentum) + 1 - lookAhead;
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> w = Vector.Load(weight + i);
                    Vector<float> g = Vector.Load(grad + i) + (w * weightDecay);
                    Vector<float> speed = (Vector.Load(velocity + i) * momentum) + g;
                    speed.Store(velocity + i);
                    (w - (((g * ofGradient) + (speed * ofVelocity)) * learningRate)).Store(weight + i);
                }
            }

            for (; i < end; i++)
            {
                float g = grad[i] + (weight[i] * weightDecay);
                velocity[i] = (velocity[i] * momentum) + g;
                weight[i] -= ((g * ofGradient) + (velocity[i] * ofVelocity)) * learningRate;
            }
        }
    }
}
