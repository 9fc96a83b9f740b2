using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>A loss whose gradients were made along with its value.</summary>
internal static class FusedLoss
{
    /// <param name="gradients">What the loss depends on, and its gradient by each, of the same length.</param>
    public static Tensor Result(double value, params (Tensor Input, Tensor Gradient)[] gradients)
    {
        Tensor loss = Tensor.Result([], [.. gradients.Select(g => g.Input)], loss =>
        {
            foreach ((Tensor input, Tensor gradient) in gradients)
            {
                Arithmetic.AddScaledGradient(input, gradient.Values, loss.Gradient[0]);
            }
        });
        loss.Output[0] = (float)value;
        return loss;
    }
}
