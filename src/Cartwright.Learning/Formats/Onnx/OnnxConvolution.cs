using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Kernels and windows that move over pictures [batch, channels, height, width] and sequences [batch, channels, length].</summary>
internal static class OnnxConvolution
{
    public static void AddTo(Dictionary<string, Func<OnnxCall, OnnxValue[]>> operators)
    {
        operators["Conv"] = Conv;
        operators["ConvTranspose"] = ConvTranspose;
        operators["MaxPool"] = MaxPool;
        operators["AveragePool"] = AveragePool;
        operators["GlobalMaxPool"] = call => [OnPicture(call, x => x.AdaptiveMaxPool2d(1))];
        operators["GlobalAveragePool"] = call => [OnPicture(call, x => x.AdaptiveAveragePool2d(1))];
    }

    private static OnnxValue[] Conv(OnnxCall call)
    {
        Tensor weight = AsPicture(call.Tensor(1));
        return [OnPicture(call, x =>
        {
            Extent stride = Pair(call, "strides", 1), dilation = Pair(call, "dilations", 1);
            Margins padding = Padding(call, x, new Extent(weight.Shape[2], weight.Shape[3]), stride, dilation);
            return x.Conv2d(weight, call.OptionalTensor(2), new ConvOptions
            {
                Stride = stride, Dilation = dilation, Padding = padding, Groups = call.Int("group", 1),
            });
        })];
    }

    private static OnnxValue[] ConvTranspose(OnnxCall call)
    {
        OnnxCall.Expect(call.Ints("output_shape") is null, "A transposed convolution with 'output_shape'");
        OnnxCall.Expect(call.Text("auto_pad", "NOTSET") is "NOTSET" or "VALID", "A transposed convolution with 'auto_pad'");
        Tensor weight = AsPicture(call.Tensor(1));
        return [OnPicture(call, x => x.ConvTranspose2d(weight, call.OptionalTensor(2), new ConvOptions
        {
            Stride = Pair(call, "strides", 1),
            Dilation = Pair(call, "dilations", 1),
            Padding = Padding(call, x, 1, 1, 1),
            Groups = call.Int("group", 1),
            OutputPadding = Pair(call, "output_padding", 0),
        }))];
    }

    private static OnnxValue[] MaxPool(OnnxCall call)
    {
        OnnxCall.Expect(call.Node.Outputs.Count == 1, "The places of the largest numbers");
        return [OnPicture(call, x =>
        {
            (Extent kernel, Extent stride, Margins padding) = Windows(call, x);
            return x.MaxPool2d(kernel, stride, padding);
        })];
    }

    private static OnnxValue[] AveragePool(OnnxCall call) => [OnPicture(call, x =>
    {
        (Extent kernel, Extent stride, Margins padding) = Windows(call, x);
        Tensor mean = x.AveragePool2d(kernel, stride, padding);
        if (padding == default || call.Int("count_include_pad", 0) == 1)
        {
            return mean;
        }

        // Where padding doesn't count, the mean of ones says which part of a window does.
        Tensor ones = Tensor.Zeros(1, 1, x.Shape[2], x.Shape[3]);
        ones.Output.Fill(1);
        return mean / ones.AveragePool2d(kernel, stride, padding);
    })];

    private static (Extent Kernel, Extent Stride, Margins Padding) Windows(OnnxCall call, Tensor x)
    {
        OnnxCall.Expect(call.Int("ceil_mode", 0) == 0, "A pool that rounds its size up");
        OnnxCall.Expect(Pair(call, "dilations", 1) == 1, "A pool with holes in its window");
        _ = call.Required("kernel_shape");
        Extent kernel = Pair(call, "kernel_shape", 1), stride = Pair(call, "strides", 1);
        return (kernel, stride, Padding(call, x, kernel, stride, 1));
    }

    /// <summary>A number for each axis; a sequence is a picture of one line.</summary>
    private static Extent Pair(OnnxCall call, string attribute, int otherwise) => call.Ints(attribute) switch
    {
        null => otherwise,
        [int width] => new Extent(otherwise, width),
        [int height, int width] => new Extent(height, width),
        _ => throw new ShapeException($"Attribute '{attribute}' has as many numbers as a picture or a sequence has axes: two or one."),
    };

    private static Margins Padding(OnnxCall call, Tensor x, Extent kernel, Extent stride, Extent dilation)
    {
        string automatic = call.Text("auto_pad", "NOTSET");
        if (automatic is "SAME_UPPER" or "SAME_LOWER")
        {
            (int top, int bottom) = Same(x.Shape[2], kernel.Height, stride.Height, dilation.Height, automatic == "SAME_LOWER");
            (int left, int right) = Same(x.Shape[3], kernel.Width, stride.Width, dilation.Width, automatic == "SAME_LOWER");
            return new Margins(top, bottom, left, right);
        }

        return (automatic == "VALID" ? null : call.Ints("pads")) switch
        {
            null => default,
            [int left, int right] => new Margins(0, 0, left, right),
            [int top, int left, int bottom, int right] => new Margins(top, bottom, left, right),
            _ => throw new ShapeException("Attribute 'pads' has two numbers for every axis of a picture or a sequence."),
        };
    }

    /// <summary>As much padding as makes the output's size that of the input divided by the stride, rounded up.</summary>
    private static (int Before, int After) Same(int size, int kernel, int stride, int dilation, bool moreBefore)
    {
        int windows = (size + stride - 1) / stride;
        int all = Math.Max(0, ((windows - 1) * stride) + (dilation * (kernel - 1)) + 1 - size);
        return moreBefore ? (all - (all / 2), all / 2) : (all / 2, all - (all / 2));
    }

    private static Tensor OnPicture(OnnxCall call, Func<Tensor, Tensor> compute)
    {
        Tensor x = call.Tensor(0);
        Tensor y = compute(AsPicture(x));
        OnnxCall.Limited([.. y.Dimensions]);
        return x.Rank == 3 ? y.Squeeze(2) : y;
    }

    private static Tensor AsPicture(Tensor x)
    {
        OnnxCall.Expect(x.Rank is 3 or 4, $"A convolution or a pool over {x.Rank - 2} axes");
        return x.Rank == 3 ? x.Unsqueeze(2) : x;
    }
}
