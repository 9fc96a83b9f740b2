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
        Tensor weight = AsPicture(call.Tensor(1), "a weight of [channels, channels, …]");
        return [OnPicture(call, x =>
        {
            Extent stride = Pair(call, "strides", 1), dilation = Pair(call, "dilations", 1);
            Margins padding = Padding(call, x, new Extent(weight.Shape[2], weight.Shape[3]), stride, dilation);
            ExpectRoomFor(x, padding);
            return x.Conv2d(weight, call.OptionalTensor(2), new ConvOptions { Stride = stride, Dilation = dilation, Padding = padding, Groups = Groups(call, x) });
        })];
    }

    private static OnnxValue[] ConvTranspose(OnnxCall call)
    {
        OnnxCall.Expect(call.Ints("output_shape") is null, "A transposed convolution with 'output_shape'");
        OnnxCall.Expect(call.Text("auto_pad", "NOTSET") is "NOTSET" or "VALID", "A transposed convolution with 'auto_pad'");
        Tensor weight = AsPicture(call.Tensor(1), "a weight of [channels, channels, …]");
        return [OnPicture(call, x => x.ConvTranspose2d(weight, call.OptionalTensor(2), new ConvOptions
        {
            Stride = Pair(call, "strides", 1),
            Dilation = Pair(call, "dilations", 1),
            Padding = Padding(call, x, 1, 1, 1),
            Groups = Groups(call, x),
            OutputPadding = Pair(call, "output_padding", 0, least: 0),
        }))];
    }

    private static int Groups(OnnxCall call, Tensor x) => call.Int("group", 1, least: 1, most: Math.Max(1, x.Shape[1]));

    private static OnnxValue[] MaxPool(OnnxCall call)
    {
        OnnxCall.Expect(call.Node.Outputs.Count == 1, "The places of the largest numbers");
        return [OnPicture(call, x =>
        {
            (Extent kernel, Extent stride, Margins padding, Margins beyond) = Windows(call, x);
            bool isWide = 2 * Math.Max(padding.Top, padding.Bottom) > kernel.Height || 2 * Math.Max(padding.Left, padding.Right) > kernel.Width;
            return beyond == default && !isWide
                ? x.MaxPool2d(kernel, stride, padding)
                : Around(Around(x, padding, float.NegativeInfinity), beyond, float.NegativeInfinity).MaxPool2d(kernel, stride);
        })];
    }

    private static OnnxValue[] AveragePool(OnnxCall call) => [OnPicture(call, x =>
    {
        (Extent kernel, Extent stride, Margins padding, Margins beyond) = Windows(call, x);
        if (padding == default && beyond == default)
        {
            return x.AveragePool2d(kernel, stride);
        }

        // The mean of ones says which part of a window counts: padding where asked for, never what is beyond it.
        Tensor ones = Tensor.Zeros(1, 1, x.Shape[2], x.Shape[3]);
        ones.Output.Fill(1);
        ones = Around(Around(ones, padding, call.Int("count_include_pad", 0)), beyond, 0);
        return Around(Around(x, padding, 0), beyond, 0).AveragePool2d(kernel, stride) / ones.AveragePool2d(kernel, stride);
    })];

    private static Tensor Around(Tensor x, Margins room, float value) => x.Pad(2, room.Top, room.Bottom, value: value).Pad(3, room.Left, room.Right, value: value);

    /// <summary>How windows move, and the room beyond the padding that the last ones reach into where their count is rounded up.</summary>
    private static (Extent Kernel, Extent Stride, Margins Padding, Margins Beyond) Windows(OnnxCall call, Tensor x)
    {
        OnnxCall.Expect(Pair(call, "dilations", 1) == 1, "A pool with holes in its window");
        _ = call.Required("kernel_shape");
        Extent kernel = Pair(call, "kernel_shape", 1), stride = Pair(call, "strides", 1);
        Margins padding = Padding(call, x, kernel, stride, 1);
        Margins beyond = call.Int("ceil_mode", 0) == 0 ? default : new Margins(
            0, Beyond(x.Shape[2], kernel.Height, stride.Height, padding.Top, padding.Bottom),
            0, Beyond(x.Shape[3], kernel.Width, stride.Width, padding.Left, padding.Right));
        ExpectRoomFor(x, padding);
        ExpectRoomFor(x, beyond);
        return (kernel, stride, padding, beyond);
    }

    private static int Beyond(int size, int kernel, int stride, int before, int after)
    {
        long room = (long)before + size + after;
        long windows = ((room - kernel + stride - 1) / stride) + 1;
        windows -= (windows - 1) * stride >= (long)size + before ? 1 : 0;          // a window begins in the picture or before it
        return (int)Math.Max(0, ((windows - 1) * stride) + kernel - room);
    }

    /// <summary>Refuses a picture that would be too large with its padding before any of it is made.</summary>
    private static void ExpectRoomFor(Tensor x, Margins room) =>
        OnnxCall.Limited(x.Shape[0], x.Shape[1], (long)x.Shape[2] + room.Top + room.Bottom, (long)x.Shape[3] + room.Left + room.Right);

    /// <summary>A number for each axis; a sequence is a picture of one line.</summary>
    private static Extent Pair(OnnxCall call, string attribute, int otherwise, int least = 1) => Places(call, attribute, least) switch
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

        return (automatic == "VALID" ? null : Places(call, "pads", 0)) switch
        {
            null => default,
            [int left, int right] => new Margins(0, 0, left, right),
            [int top, int left, int bottom, int right] => new Margins(top, bottom, left, right),
            _ => throw new ShapeException("Attribute 'pads' has two numbers for every axis of a picture or a sequence."),
        };
    }

    private static int[]? Places(OnnxCall call, string attribute, int least) =>
        call.Ints(attribute) is { } places ? OnnxCall.Within(attribute, least, ConvOptions.MostPlaces, places) : null;

    /// <summary>As much padding as makes the output's size that of the input divided by the stride, rounded up.</summary>
    private static (int Before, int After) Same(int size, int kernel, int stride, int dilation, bool moreBefore)
    {
        long windows = ((long)size + stride - 1) / stride;
        int all = (int)Math.Clamp(((windows - 1) * stride) + ((long)dilation * (kernel - 1)) + 1 - size, 0, ConvOptions.MostPlaces);
        return moreBefore ? (all - (all / 2), all / 2) : (all / 2, all - (all / 2));
    }

    private static Tensor OnPicture(OnnxCall call, Func<Tensor, Tensor> compute)
    {
        Tensor x = call.Tensor(0);
        Tensor y = compute(AsPicture(x));
        return x.Rank == 3 ? y.Squeeze(2) : y;
    }

    private static Tensor AsPicture(Tensor x, string axes = "[batch, channels, …]")
    {
        ShapeException.Require(x.Rank >= 3, $"A convolution or a pool takes {axes}; found [{string.Join(", ", x.Shape)}].");
        OnnxCall.Expect(x.Rank is 3 or 4, $"A convolution or a pool over {x.Rank - 2} axes");
        return x.Rank == 3 ? x.Unsqueeze(2) : x;
    }
}
