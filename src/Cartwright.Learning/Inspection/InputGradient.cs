using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Inspection;

/// <summary>The derivative of what a model says by what it was given; the model's weights keep their gradients as they were.</summary>
public static class InputGradient
{
    /// <param name="score">Gives a number for each example, or a loss; what it gives is summed. Set the model to answer, not to train.</param>
    /// <param name="examples">[examples, ...]</param>
    /// <returns>In the order of the examples' numbers.</returns>
    public static float[] Of(Func<Tensor, Tensor> score, Tensor examples)
    {
        using var scope = TensorScope.Begin();
        using var frozen = FrozenWeights.Begin();
        Tensor watched = Tensor.Watched(examples.Values, examples.Dimensions);
        score(watched).Sum().Backward();
        return watched.Gradient.IsEmpty ? new float[watched.Length] : watched.Gradient.ToArray();
    }
}
