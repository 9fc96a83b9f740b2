using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Compression;

/// <summary>Weights of a dense layer in fewer bits: for answers only.</summary>
internal interface ICompressedWeights
{
    /// <summary>Memory they take.</summary>
    long Bytes { get; }

    /// <summary>x · Wᵀ + b.</summary>
    Tensor Multiply(Tensor x, Tensor? bias);
}

/// <summary>In 8 bits.</summary>
/// <param name="weights">[outputs, inputs]</param>
/// <param name="inputScale">What 1 stands for in the input; 0 where each row finds its own.</param>
internal sealed class Int8Weights(Int8Matrix weights, float inputScale) : ICompressedWeights
{
    public long Bytes => weights.Bytes;

    public Tensor Multiply(Tensor x, Tensor? bias)
    {
        ShapeException.ThrowUnlessEqual(x.Columns, weights.Columns);
        Tensor y = Tensor.Result([.. x.Dimensions[..^1], weights.Rows], [x], NoBackward.Throw);
        Int8Product.Multiply(x.Values, inputScale, weights, bias is null ? [] : bias.Values, y.Output, x.Rows);
        return y;
    }
}

/// <summary>In bfloat16.</summary>
/// <param name="weights">[outputs, inputs]</param>
internal sealed class BFloat16Weights(BFloat16Matrix weights) : ICompressedWeights
{
    public long Bytes => weights.Bytes;

    public Tensor Multiply(Tensor x, Tensor? bias)
    {
        ShapeException.ThrowUnlessEqual(x.Columns, weights.Columns);
        Tensor y = Tensor.Result([.. x.Dimensions[..^1], weights.Rows], [x], NoBackward.Throw);
        weights.Multiply(x.Values, y.Output, x.Rows);
        if (bias is not null)
        {
            BiasKernel.Add(y.Values, bias.Values, y.Output, y.Rows, y.Columns);
        }

        return y;
    }
}

internal static class NoBackward
{
    public static void Throw(Tensor y) => throw new InvalidOperationException(
        "A layer that was compressed answers only; no gradient flows through it. To train, load the model again.");
}
