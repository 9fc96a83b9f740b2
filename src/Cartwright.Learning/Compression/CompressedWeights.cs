using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Compression;

/// <summary>Weights of a layer in fewer bits: for answers only.</summary>
internal interface ICompressedWeights
{
    /// <summary>Memory they take.</summary>
    long Bytes { get; }

    /// <summary>Of the weight they stand for.</summary>
    IReadOnlyList<int> Shape { get; }

    /// <summary>Holds nothing: their place among the inputs of an operation, for whoever watches it.</summary>
    Tensor Handle { get; }

    /// <summary>What a file keeps of them, by the names it has there.</summary>
    IEnumerable<KeyValuePair<string, Tensor>> State();
}

/// <summary>Weights of a dense layer in fewer bits.</summary>
internal interface ICompressedMatrix : ICompressedWeights
{
    /// <summary>x · Wᵀ + b.</summary>
    Tensor Multiply(Tensor x, Tensor? bias);
}

/// <summary>In 8 bits.</summary>
/// <param name="weights">[outputs, inputs]</param>
/// <param name="inputScale">What 1 stands for in the input; 0 where each row finds its own.</param>
internal sealed class Int8Weights(Int8Matrix weights, float inputScale) : ICompressedMatrix
{
    public long Bytes => weights.Bytes;

    public IReadOnlyList<int> Shape => [weights.Rows, weights.Columns];

    public Tensor Handle { get; } = Tensor.Buffer([], 0);

    public IEnumerable<KeyValuePair<string, Tensor>> State() =>
        CompressedState.Of(Tensor.Kept(weights.Wholes(), NumberType.Int8, weights.Rows, weights.Columns), weights, inputScale);

    public Tensor Multiply(Tensor x, Tensor? bias)
    {
        ShapeException.Require(x.Columns == weights.Columns, $"A dense layer with compressed weights takes {weights.Columns} numbers in the last axis; found {x}.");
        Tensor y = Tensor.Result([.. x.Dimensions[..^1], weights.Rows], [x, Handle], NoBackward.Throw);
        Int8Product.Multiply(x.Values, inputScale, weights, bias is null ? [] : bias.Values, y.Output, x.Rows);
        return y;
    }
}

/// <summary>A convolution's weights in 8 bits.</summary>
/// <param name="weights">As <see cref="Int8Convolution"/> packs them.</param>
/// <param name="shape">[outChannels, inChannels, kernel height, kernel width]</param>
/// <param name="options">Those of the layer, with one group.</param>
/// <param name="inputScale">What 1 stands for in the input; 0 where each picture finds its own.</param>
internal sealed class Int8Kernel(Int8Matrix weights, int[] shape, ConvOptions options, float inputScale) : ICompressedWeights
{
    public long Bytes => weights.Bytes;

    public IReadOnlyList<int> Shape => shape;

    public Tensor Handle { get; } = Tensor.Buffer([], 0);

    public static Int8Kernel Of(Conv2d layer, float inputScale)
    {
        int[] shape = [.. layer.Weight.Shape];
        return new(Int8Convolution.Pack(layer.Weight.Values, shape[0], shape[1], shape[2] * shape[3]), shape, layer.Options, inputScale);
    }

    public IEnumerable<KeyValuePair<string, Tensor>> State() =>
        CompressedState.Of(Tensor.Kept(Int8Convolution.Wholes(weights, shape[1], shape[2] * shape[3]), NumberType.Int8, shape), weights, inputScale);

    public Tensor Convolve(Tensor x, Tensor? bias, bool thenRelu)
    {
        ConvShape sizes = options.ShapeOf(x.Dimensions, shape);
        Tensor y = Tensor.Result([sizes.Batch, sizes.OutChannels, sizes.Vertical.Out, sizes.Horizontal.Out], [x, Handle], NoBackward.Throw);
        Int8Convolution.Forward(sizes, x.Values, inputScale, weights, bias is null ? [] : bias.Values, y.Output, thenRelu);
        return y;
    }
}

/// <summary>In bfloat16.</summary>
/// <param name="weights">[outputs, inputs]</param>
internal sealed class BFloat16Weights(BFloat16Matrix weights) : ICompressedMatrix
{
    public long Bytes => weights.Bytes;

    public IReadOnlyList<int> Shape => [weights.Rows, weights.Columns];

    public Tensor Handle { get; } = Tensor.Buffer([], 0);

    public IEnumerable<KeyValuePair<string, Tensor>> State() =>
        [new(CompressedState.Halves, Tensor.Kept(weights.Widened(), NumberType.BFloat16, weights.Rows, weights.Columns))];

    public Tensor Multiply(Tensor x, Tensor? bias)
    {
        ShapeException.Require(x.Columns == weights.Columns, $"A dense layer with compressed weights takes {weights.Columns} numbers in the last axis; found {x}.");
        Tensor y = Tensor.Result([.. x.Dimensions[..^1], weights.Rows], [x, Handle], NoBackward.Throw);
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
