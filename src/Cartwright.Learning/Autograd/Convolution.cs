using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Kernels that move over pictures and sequences. The kernel isn't flipped, as everywhere in deep learning.</summary>
public static class Convolution
{
    /// <summary>Every place of the output is the product of the kernel with what lies under it.</summary>
    /// <param name="x">[batch, channels, height, width]</param>
    /// <param name="weight">[outChannels, channels / groups, kernel height, kernel width]</param>
    /// <param name="bias">[outChannels], or null.</param>
    /// <param name="options">Stride, padding, dilation, groups.</param>
    /// <param name="thenRelu">Goes on to max(0, y) in the same pass.</param>
    /// <returns>[batch, outChannels, out height, out width], each size (size + padding − dilation · (kernel − 1) − 1) / stride + 1.</returns>
    /// <exception cref="ShapeException">The channels don't fit, or the kernel is larger than the padded picture.</exception>
    public static Tensor Conv2d(this Tensor x, Tensor weight, Tensor? bias, ConvOptions options, bool thenRelu = false)
    {
        ConvShape shape = options.ShapeOf(x.Dimensions, weight.Dimensions);
        int[] outShape = [shape.Batch, shape.OutChannels, shape.Vertical.Out, shape.Horizontal.Out];
        Tensor y = Tensor.Result(outShape, bias is null ? [x, weight] : [x, weight, bias], y =>
        {
            ReadOnlySpan<float> mask = thenRelu ? y.Values : [];
            AddGradients(shape, x, y.Gradient, mask, weight, bias);
        });
        if (shape.IsDepthwise)
        {
            DepthwiseKernel.Forward(shape, x.Values, weight.Values, ValuesOf(bias), y.Output, thenRelu);
        }
        else
        {
            ConvKernel.Forward(shape, x.Values, weight.Values, ValuesOf(bias), y.Output, thenRelu);
        }

        if (OperationTrace.Current is { } trace)
        {
            TracedValue convolution = trace.Node("Conv", bias is null ? [x, weight] : [x, weight, bias], Attributes(options, weight));
            trace.Bind(y, thenRelu ? trace.Node("Relu", [convolution]) : convolution);
        }

        return y;
    }

    /// <summary>The same over sequences.</summary>
    /// <param name="x">[batch, channels, length]</param>
    /// <param name="weight">[outChannels, channels / groups, kernel]</param>
    /// <param name="bias">[outChannels], or null.</param>
    /// <param name="options">Of each pair the width counts.</param>
    /// <param name="thenRelu">Goes on to max(0, y) in the same pass.</param>
    /// <returns>[batch, outChannels, out length]</returns>
    public static Tensor Conv1d(this Tensor x, Tensor weight, Tensor? bias, ConvOptions options, bool thenRelu = false) =>
        AsSequence(AsPicture(x).Conv2d(AsPicture(weight), bias, OneLine(options), thenRelu));

    /// <summary>The way back of a convolution: every place of the input puts the kernel, times itself, onto the output.</summary>
    /// <remarks>Zeiler et al., "Deconvolutional Networks", CVPR 2010. With a stride it enlarges a picture.</remarks>
    /// <param name="x">[batch, channels, height, width]</param>
    /// <param name="weight">[channels, outChannels / groups, kernel height, kernel width]</param>
    /// <param name="bias">[outChannels], or null.</param>
    /// <param name="options">Those of the convolution that it turns around.</param>
    /// <returns>[batch, outChannels, out height, out width], each size (size − 1) · stride + dilation · (kernel − 1) + 1 + outputPadding − padding.</returns>
    /// <exception cref="ShapeException">The channels don't fit, or the padding takes all of the output away.</exception>
    public static Tensor ConvTranspose2d(this Tensor x, Tensor weight, Tensor? bias, ConvOptions options)
    {
        ConvShape shape = options.TransposedShapeOf(x.Dimensions, weight.Dimensions);
        int[] outShape = [shape.Batch, shape.InChannels, shape.Vertical.In, shape.Horizontal.In];
        Tensor y = Tensor.Result(outShape, bias is null ? [x, weight] : [x, weight, bias], y =>
        {
            if (weight.RequiresGradient)
            {
                ConvWeights.Backward(shape, y.Gradient, x.Values, [], weight.GradientSum, []);
            }

            if (bias is { RequiresGradient: true })
            {
                ChannelSums.Add(y.Gradient, bias.GradientSum, shape.InSize);
            }

            if (x.RequiresGradient)
            {
                Tensor gradX = Tensor.Uninitialized(x.Dimensions);
                ConvKernel.Forward(shape, y.Gradient, weight.Values, [], gradX.Output, rectifies: false);
                Arithmetic.AddGradient(x, gradX.Values);
            }
        });
        ConvKernel.BackwardInput(shape, x.Values, [], weight.Values, ValuesOf(bias), y.Output, accumulates: false);
        OperationTrace.Current?.Record(y, "ConvTranspose", bias is null ? [x, weight] : [x, weight, bias],
            [.. Attributes(options, weight), ("output_padding", new long[] { options.OutputPadding.Height, options.OutputPadding.Width })]);
        return y;
    }

    /// <summary>The same over sequences.</summary>
    /// <param name="x">[batch, channels, length]</param>
    /// <param name="weight">[channels, outChannels / groups, kernel]</param>
    /// <param name="bias">[outChannels], or null.</param>
    /// <param name="options">Of each pair the width counts.</param>
    /// <returns>[batch, outChannels, out length]</returns>
    public static Tensor ConvTranspose1d(this Tensor x, Tensor weight, Tensor? bias, ConvOptions options) =>
        AsSequence(AsPicture(x).ConvTranspose2d(AsPicture(weight), bias, OneLine(options)));

    private static void AddGradients(in ConvShape shape, Tensor x, ReadOnlySpan<float> gradY, ReadOnlySpan<float> mask, Tensor weight, Tensor? bias)
    {
        bool needsBias = bias is { RequiresGradient: true };
        bool isFresh = false;
        Span<float> gradWeight = weight.RequiresGradient ? weight.GradientSum : needsBias ? Tensor.Zeros(weight.Dimensions).Output : [];
        Span<float> gradBias = needsBias ? bias!.GradientSum : [];
        Span<float> gradX = x.RequiresGradient ? x.Storage.GradientToFill(out isFresh) : [];
        if (WinogradKernel.Suits(shape))
        {
            WinogradGradients.Backward(shape, x.Values, gradY, mask, weight.Values, gradWeight, gradBias, gradX, accumulates: !isFresh);
            return;
        }

        if (!gradWeight.IsEmpty)
        {
            AddWeightGradients(shape, x.Values, gradY, mask, gradWeight, gradBias);
        }

        if (!gradX.IsEmpty)
        {
            AddInputGradient(shape, gradY, mask, weight.Values, gradX, accumulates: !isFresh);
        }
    }

    private static void AddWeightGradients(
        in ConvShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> gradY, ReadOnlySpan<float> mask, Span<float> gradWeight, Span<float> gradBias)
    {
        if (shape.IsDepthwise)
        {
            DepthwiseWeights.Backward(shape, x, gradY, mask, gradWeight, gradBias);
        }
        else
        {
            ConvWeights.Backward(shape, x, gradY, mask, gradWeight, gradBias);
        }
    }

    private static void AddInputGradient(
        in ConvShape shape, ReadOnlySpan<float> gradY, ReadOnlySpan<float> mask, ReadOnlySpan<float> weight, Span<float> gradX, bool accumulates)
    {
        if (shape.IsDepthwise)
        {
            DepthwiseKernel.BackwardInput(shape, gradY, mask, weight, gradX, accumulates);
        }
        else
        {
            ConvKernel.BackwardInput(shape, gradY, mask, weight, [], gradX, accumulates);
        }
    }

    private static (string, object)[] Attributes(ConvOptions options, Tensor weight) =>
    [
        ("kernel_shape", new long[] { weight.Shape[2], weight.Shape[3] }),
        ("strides", new long[] { options.Stride.Height, options.Stride.Width }),
        ("pads", options.Padding.ToOnnx()),
        ("dilations", new long[] { options.Dilation.Height, options.Dilation.Width }),
        ("group", (long)options.Groups),
    ];

    private static ReadOnlySpan<float> ValuesOf(Tensor? bias) => bias is null ? [] : bias.Values;

    // A sequence is a picture of one line.
    private static Tensor AsPicture(Tensor x)
    {
        ShapeException.Require(x.Rank == 3, $"A convolution over sequences takes [batch, channels, length] and a kernel with three axes; found {x}.");
        return x.Reshape(x.Shape[0], x.Shape[1], 1, x.Shape[2]);
    }

    private static Tensor AsSequence(Tensor y) => y.Reshape(y.Shape[0], y.Shape[1], y.Shape[3]);

    private static ConvOptions OneLine(ConvOptions options) => options with
    {
        Stride = new Extent(1, options.Stride.Width),
        Padding = new Margins(0, 0, options.Padding.Left, options.Padding.Right),
        Dilation = new Extent(1, options.Dilation.Width),
        OutputPadding = new Extent(0, options.OutputPadding.Width),
    };
}
