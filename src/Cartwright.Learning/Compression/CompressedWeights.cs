using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
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

/// <summary>A convolution's weights in 8 bits.</summary>
/// <param name="layer">A layer with one group.</param>
/// <param name="inputScale">What 1 stands for in the input; 0 where each picture finds its own.</param>
internal sealed class Int8Kernel(Conv2d layer, float inputScale)
{
    private readonly int[] _shape = [.. layer.Weight.Shape];
    private readonly ConvOptions _options = layer.Options;
    private readonly Int8Matrix _weights = Int8Convolution.Pack(
        layer.Weight.Values, layer.Weight.Shape[0], layer.Weight.Shape[1], layer.Weight.Shape[2] * layer.Weight.Shape[3]);

    /// <summary>Memory they take.</summary>
    public long Bytes => _weights.Bytes;

    public Tensor Convolve(Tensor x, Tensor? bias, bool thenRelu)
    {
        ConvShape shape = _options.ShapeOf(x.Dimensions, _shape);
        Tensor y = Tensor.Result([shape.Batch, shape.OutChannels, shape.Vertical.Out, shape.Horizontal.Out], [x], NoBackward.Throw);
        Int8Convolution.Forward(shape, x.Values, inputScale, _weights, bias is null ? [] : bias.Values, y.Output, thenRelu);
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
