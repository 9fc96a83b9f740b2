using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Convolution and its gradients beside the plain loops, at sizes around the tile, the chunks and the padding.</summary>
public sealed class ConvKernelTests
{
    public static TheoryData<string> Cases => [.. Shapes.Keys];

    private static readonly Dictionary<string, ConvShape> Shapes = new()
    {
        ["one number"] = Shape(1, 1, 1, 1, (1, 1, 1, 1, 0), (1, 1, 1, 1, 0)),
        ["valid"] = Shape(3, 3, 8, 1, (9, 3, 1, 1, 0), (11, 3, 1, 1, 0)),
        ["odd channels"] = Shape(2, 5, 9, 1, (7, 3, 1, 1, 1), (13, 3, 1, 1, 1)),
        ["small pictures"] = Shape(50, 6, 16, 1, (6, 3, 1, 1, 0), (6, 3, 1, 1, 0)),
        ["bands of rows"] = Shape(1, 2, 3, 1, (40, 3, 1, 1, 1), (70, 3, 1, 1, 1)),
        ["deep"] = Shape(1, 70, 17, 1, (5, 3, 1, 1, 1), (5, 3, 1, 1, 1)),
        ["strided"] = Shape(2, 3, 4, 1, (11, 3, 2, 1, 1), (10, 5, 3, 1, 2)),
        ["stride longer than the kernel"] = Shape(2, 3, 4, 1, (9, 1, 2, 1, 0), (8, 2, 3, 1, 0)),
        ["dilated"] = Shape(2, 3, 4, 1, (12, 3, 1, 2, 2), (13, 3, 2, 3, 1)),
        ["wide padding"] = Shape(1, 2, 3, 1, (3, 2, 1, 1, 4), (2, 2, 1, 1, 5)),
        ["grouped"] = Shape(2, 6, 9, 3, (6, 3, 2, 1, 1), (7, 3, 1, 1, 1)),
        ["depthwise"] = Shape(3, 5, 5, 5, (9, 3, 2, 1, 1), (20, 3, 1, 2, 1)),
        ["depthwise, three by three"] = Shape(3, 5, 5, 5, (7, 3, 1, 1, 1), (20, 3, 1, 1, 0)),
        ["depthwise, bands of rows"] = Shape(1, 2, 2, 2, (40, 3, 1, 1, 1), (70, 3, 1, 1, 1)),
        ["depthwise, five by four"] = Shape(2, 3, 3, 3, (9, 5, 1, 1, 2), (11, 4, 1, 1, 2)),
        ["depthwise, stride longer than the kernel"] = Shape(2, 3, 3, 3, (9, 1, 2, 1, 0), (8, 2, 3, 1, 0)),
        ["whole channels"] = Shape(3, 16, 32, 1, (9, 3, 1, 1, 0), (12, 3, 1, 1, 0)),
        ["whole channels, padded"] = Shape(2, 32, 16, 1, (8, 3, 1, 1, 1), (13, 3, 1, 1, 2)),
        ["whole channels, small pictures"] = Shape(37, 16, 16, 1, (4, 3, 1, 1, 0), (5, 3, 1, 1, 0)),
        ["whole channels, bands of rows"] = Shape(2, 16, 48, 1, (39, 3, 1, 1, 1), (20, 3, 1, 1, 1)),
        ["whole channels, long lines"] = Shape(1, 16, 16, 1, (3, 3, 1, 1, 0), (150, 3, 1, 1, 1)),
        ["one line"] = Shape(2, 3, 4, 1, (1, 1, 1, 1, 0), (60, 5, 1, 1, 2)),
    };

    [Theory, MemberData(nameof(Cases))]
    public void Multiplies_the_kernel_with_what_lies_under_it(string name)
    {
        ConvShape shape = Shapes[name];
        (float[] x, float[] weights, float[] bias, _) = Numbers(shape);
        float[] y = new float[shape.Batch * shape.OutChannels * shape.OutSize];
        Array.Fill(y, float.NaN);
        double[] expected = new double[y.Length];
        ForEachProduct(shape, (input, output, weight) => expected[output] += (double)x[input] * weights[weight]);
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = Math.Max(0, expected[i] + bias[i / shape.OutSize % shape.OutChannels]);
        }

        if (shape.IsDepthwise)
        {
            DepthwiseKernel.Forward(shape, x, weights, bias, y, rectifies: true);
        }
        else
        {
            ConvKernel.Forward(shape, x, weights, bias, y, rectifies: true);
        }

        Samples.AssertClose(expected, y, Tolerance(shape));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Brings_the_gradient_back_to_the_input(string name)
    {
        ConvShape shape = Shapes[name];
        (float[] x, float[] weights, _, float[] gradY) = Numbers(shape);
        float[] mask = Samples.Normal(5, gradY.Length);
        double[] expected = Array.ConvertAll(x, number => (double)number);
        ForEachProduct(shape, (input, output, weight) => expected[input] += mask[output] > 0 ? (double)gradY[output] * weights[weight] : 0);

        if (shape.IsDepthwise)
        {
            DepthwiseKernel.BackwardInput(shape, gradY, mask, weights, x, accumulates: true);
        }
        else
        {
            ConvKernel.BackwardInput(shape, gradY, mask, weights, [], x, accumulates: true);
        }

        Samples.AssertClose(expected, x, Tolerance(shape));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Is_turned_around_with_a_bias(string name)
    {
        ConvShape shape = Shapes[name];
        (float[] x, float[] weights, _, float[] gradY) = Numbers(shape);
        float[] bias = Samples.Normal(6, shape.InChannels);
        double[] expected = [.. x.Select((_, i) => (double)bias[i / shape.InSize % shape.InChannels])];
        ForEachProduct(shape, (input, output, weight) => expected[input] += (double)gradY[output] * weights[weight]);
        Array.Fill(x, float.NaN);

        ConvKernel.BackwardInput(shape, gradY, [], weights, bias, x, accumulates: false);

        Samples.AssertClose(expected, x, Tolerance(shape));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Brings_the_gradient_back_to_weights_and_bias(string name)
    {
        ConvShape shape = Shapes[name];
        (float[] x, float[] weights, float[] bias, float[] gradY) = Numbers(shape);
        float[] mask = Samples.Normal(5, gradY.Length);
        double[] expected = Array.ConvertAll(weights, number => (double)number);
        double[] expectedBias = Array.ConvertAll(bias, number => (double)number);
        ForEachProduct(shape, (input, output, weight) => expected[weight] += mask[output] > 0 ? (double)gradY[output] * x[input] : 0);
        for (int i = 0; i < gradY.Length; i++)
        {
            expectedBias[i / shape.OutSize % shape.OutChannels] += mask[i] > 0 ? gradY[i] : 0;
        }

        if (shape.IsDepthwise)
        {
            DepthwiseWeights.Backward(shape, x, gradY, mask, weights, bias);
        }
        else
        {
            ConvWeights.Backward(shape, x, gradY, mask, weights, bias);
        }

        Samples.AssertClose(expected, weights, 1e-4);
        Samples.AssertClose(expectedBias, bias, 1e-4);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Brings_all_gradients_back_at_once_to_the_same_bits(string name)
    {
        ConvShape shape = Shapes[name];
        if (!WinogradKernel.Suits(shape))
        {
            return;
        }

        (float[] x, float[] weights, float[] bias, float[] gradY) = Numbers(shape);
        float[] mask = Samples.Normal(5, gradY.Length);
        (float[] gradX, float[] gradWeights, float[] gradBias) = (new float[x.Length], new float[weights.Length], new float[bias.Length]);
        (float[] gradXToo, float[] gradWeightsToo, float[] gradBiasToo) = (new float[x.Length], new float[weights.Length], new float[bias.Length]);
        ConvKernel.BackwardInput(shape, gradY, mask, weights, [], gradX, accumulates: false);
        ConvWeights.Backward(shape, x, gradY, mask, gradWeights, gradBias);

        WinogradGradients.Backward(shape, x, gradY, mask, weights, gradWeightsToo, gradBiasToo, gradXToo, accumulates: false);

        Assert.Equal(gradX, gradXToo);
        Assert.Equal(gradWeights, gradWeightsToo);
        Assert.Equal(gradBias, gradBiasToo);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        foreach (string name in (string[])["small pictures", "bands of rows", "grouped", "depthwise", "whole channels, bands of rows", "whole channels, small pictures"])
        {
            ConvShape shape = Shapes[name];
            (float[] x, float[] weights, float[] bias, float[] gradY) = Numbers(shape);
            Samples.AssertSameBitsOnAnyThreadCount(() =>
            {
                float[] y = new float[gradY.Length];
                float[] gradX = new float[x.Length];
                float[] gradWeights = new float[weights.Length];
                float[] gradBias = new float[bias.Length];
                ConvKernel.Forward(shape, x, weights, bias, y, rectifies: false);
                ConvKernel.BackwardInput(shape, gradY, [], weights, [], gradX, accumulates: false);
                ConvWeights.Backward(shape, x, gradY, [], gradWeights, gradBias);
                return [y, gradX, gradWeights, gradBias];
            });
        }
    }

    [Fact]
    public void Empty_input_is_fine_and_wrong_sizes_are_refused()
    {
        ConvShape empty = Shapes["valid"] with { Batch = 0 };
        float[] weights = new float[8 * 3 * 9];
        ConvKernel.Forward(empty, [], weights, [], [], rectifies: false);
        ConvKernel.BackwardInput(empty, [], [], weights, [], [], accumulates: false);
        ConvWeights.Backward(empty, [], [], [], weights, []);

        Assert.Throws<ShapeException>(() => ConvKernel.Forward(empty, new float[1], weights, [], [], rectifies: false));
    }

    // The definition: every product of an input with a weight, and the output that it belongs to.
    private static void ForEachProduct(ConvShape shape, Action<int, int, int> product)
    {
        (ConvAxisSizes v, ConvAxisSizes h) = (shape.Vertical, shape.Horizontal);
        int weightsPerOutput = shape.InChannelsPerGroup * shape.KernelSize;
        for (int output = 0; output < shape.Batch * shape.OutChannels * shape.OutSize; output++)
        {
            (int plane, int place) = Math.DivRem(output, shape.OutSize);
            (int batch, int outChannel) = Math.DivRem(plane, shape.OutChannels);
            int firstChannel = (batch * shape.InChannels) + (outChannel / shape.OutChannelsPerGroup * shape.InChannelsPerGroup);
            for (int weight = 0; weight < weightsPerOutput; weight++)
            {
                (int channel, int tap) = Math.DivRem(weight, shape.KernelSize);
                int y = (place / h.Out * v.Stride) + (tap / h.Kernel * v.Dilation) - v.Before;
                int x = (place % h.Out * h.Stride) + (tap % h.Kernel * h.Dilation) - h.Before;
                if (y >= 0 && y < v.In && x >= 0 && x < h.In)
                {
                    product(((((firstChannel + channel) * v.In) + y) * h.In) + x, output, (outChannel * weightsPerOutput) + weight);
                }
            }
        }
    }

    private static double Tolerance(ConvShape shape) => 1e-5 * Math.Sqrt(shape.InChannels * shape.KernelSize);

    private static (float[] X, float[] Weights, float[] Bias, float[] GradY) Numbers(ConvShape shape) =>
        (Samples.Normal(1, shape.Batch * shape.InChannels * shape.InSize),
            Samples.Normal(2, shape.OutChannels * shape.InChannelsPerGroup * shape.KernelSize),
            Samples.Normal(3, shape.OutChannels),
            Samples.Normal(4, shape.Batch * shape.OutChannels * shape.OutSize));

    private static ConvShape Shape(
        int batch, int inChannels, int outChannels, int groups,
        (int Size, int Kernel, int Stride, int Dilation, int Padding) vertical, (int Size, int Kernel, int Stride, int Dilation, int Padding) horizontal) =>
        new(batch, inChannels, outChannels, groups, Axis(vertical), Axis(horizontal));

    private static ConvAxisSizes Axis((int Size, int Kernel, int Stride, int Dilation, int Padding) axis) => new(
        axis.Size, ((axis.Size + (2 * axis.Padding) - (axis.Dilation * (axis.Kernel - 1)) - 1) / axis.Stride) + 1,
        axis.Kernel, axis.Stride, axis.Dilation, axis.Padding);
}
