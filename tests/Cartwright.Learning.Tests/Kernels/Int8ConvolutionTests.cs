using System.Runtime.Intrinsics.X86;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class Int8ConvolutionTests
{
    /// <summary>Batch, channels, height, width; output channels, kernel; stride, padding, dilation.</summary>
    public static TheoryData<int[], int[], int, int, int> Shapes => new()
    {
        { [1, 1, 1, 1], [1, 1, 1], 1, 0, 1 },
        { [2, 3, 7, 9], [5, 3, 3], 1, 1, 1 },
        { [2, 4, 12, 12], [17, 3, 3], 1, 1, 1 },
        { [1, 6, 11, 8], [16, 5, 3], 2, 2, 1 },
        { [3, 5, 9, 9], [4, 3, 3], 1, 2, 2 },
        { [1, 2, 20, 20], [33, 1, 1], 3, 0, 1 },
        { [0, 2, 5, 5], [3, 3, 3], 1, 1, 1 },
        { [2, 32, 9, 11], [64, 3, 3], 1, 1, 1 },
        { [33, 16, 4, 4], [32, 3, 3], 1, 0, 1 },
        { [1, 48, 12, 12], [32, 3, 3], 1, 2, 1 },
        { [1, 64, 1, 200], [32, 3, 3], 1, 1, 1 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Has_the_bits_of_the_definition_whatever_the_processor_multiplies_with(int[] picture, int[] kernel, int stride, int padding, int dilation)
    {
        int[] weightShape = [kernel[0], picture[1], kernel[1], kernel[2]];
        ConvShape shape = new ConvOptions { Stride = stride, Padding = padding, Dilation = dilation }.ShapeOf(picture, weightShape);
        float[] x = Samples.Normal(1, picture[0] * picture[1] * picture[2] * picture[3]);
        float[] w = Samples.Normal(2, weightShape[0] * weightShape[1] * weightShape[2] * weightShape[3]);
        float[] bias = Samples.Normal(3, kernel[0]);
        Int8Matrix packed = Int8Convolution.Pack(w, kernel[0], picture[1], kernel[1] * kernel[2]);
        float[] expected = Definition(shape, x, packed, bias);

        foreach (Int8Layout layout in Layouts())
        {
            float[] y = new float[expected.Length];
            Int8Convolution.Forward(shape, x, 0, packed, bias, y, rectifies: true, isTransformed: false, layout);

            Assert.Equal(expected, y);
        }

        if (Int8Winograd.Suits(shape))
        {
            float[] y = new float[expected.Length];
            Int8Convolution.Forward(shape, x, 0, packed, bias, y, rectifies: true, isTransformed: true, Int8Layout.Shorts);

            Assert.Equal(expected, y);
        }
    }

    [Fact]
    public void Has_the_bits_of_the_plain_sums_where_all_numbers_are_largest()
    {
        const int Channels = 512;
        ConvShape shape = new ConvOptions { Padding = 1 }.ShapeOf([1, Channels, 12, 12], [32, Channels, 3, 3]);
        if (!Int8Winograd.Suits(shape))
        {
            return;
        }

        float[] x = [.. Enumerable.Range(0, Channels * 144).Select(i => i % 7 == 0 ? -1f : 1f)];
        float[] weights = [.. Enumerable.Range(0, 32 * Channels * 9).Select(i => i % 5 == 0 ? -1f : 1f)];
        Int8Matrix packed = Int8Convolution.Pack(weights, 32, Channels, 9);
        float[] plain = new float[32 * 144];
        float[] transformed = new float[32 * 144];

        Int8Convolution.Forward(shape, x, 0, packed, [], plain, rectifies: false, isTransformed: false, Int8Layout.Bytes);
        Int8Convolution.Forward(shape, x, 0, packed, [], transformed, rectifies: false, isTransformed: true, Int8Layout.Shorts);

        Assert.Equal(plain, transformed);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        AssertSameBitsOnAnyThreadCount(inChannels: 8, outChannels: 24);
        AssertSameBitsOnAnyThreadCount(inChannels: 16, outChannels: 32);
    }

    private static void AssertSameBitsOnAnyThreadCount(int inChannels, int outChannels)
    {
        ConvShape shape = new ConvOptions { Padding = 1 }.ShapeOf([3, inChannels, 20, 20], [outChannels, inChannels, 3, 3]);
        float[] x = Samples.Normal(1, 3 * inChannels * 400);
        Int8Matrix packed = Int8Convolution.Pack(Samples.Normal(2, outChannels * inChannels * 9), outChannels, inChannels, 9);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] y = new float[3 * outChannels * 400];
            Int8Convolution.Forward(shape, x, 0, packed, [], y, rectifies: false);
            return [y];
        });
    }

    private static IEnumerable<Int8Layout> Layouts()
    {
        yield return Int8Layout.Bytes;
        if (Sse2.IsSupported)
        {
            yield return Int8Layout.Shorts;
        }

        if (AvxVnni.IsSupported)
        {
            yield return Int8Layout.OffsetBytes;
        }
    }

    private static float[] Definition(ConvShape shape, float[] x, Int8Matrix packed, float[] bias)
    {
        int channels = packed.Columns / shape.KernelSize;
        float[] weights = [.. packed.Wholes().Select((whole, i) => whole * packed.Scales[i / packed.Columns])];
        float[] y = new float[shape.Batch * shape.OutChannels * shape.OutSize];
        int i = 0;
        for (int b = 0; b < shape.Batch; b++)
        {
            int size = shape.InChannels * shape.InSize;
            float scale = x.AsSpan(b * size, size).ToArray().Max(MathF.Abs) / 127;
            for (int o = 0; o < shape.OutChannels; o++)
            {
                for (int place = 0; place < shape.OutSize; place++)
                {
                    long sum = 0;
                    foreach ((int c, int p, int q) in from c in Enumerable.Range(0, shape.InChannels)
                                                      from p in Enumerable.Range(0, shape.Vertical.Kernel)
                                                      from q in Enumerable.Range(0, shape.Horizontal.Kernel)
                                                      select (c, p, q))
                    {
                        int row = (place / shape.Horizontal.Out * shape.Vertical.Stride) + (p * shape.Vertical.Dilation) - shape.Vertical.Before;
                        int column = (place % shape.Horizontal.Out * shape.Horizontal.Stride) + (q * shape.Horizontal.Dilation) - shape.Horizontal.Before;
                        if (row >= 0 && row < shape.Vertical.In && column >= 0 && column < shape.Horizontal.In)
                        {
                            float seen = x[(b * size) + (c * shape.InSize) + (row * shape.Horizontal.In) + column];
                            float weight = weights[(o * packed.Columns) + (((p * shape.Horizontal.Kernel) + q) * channels) + c];
                            sum += Int8Rows.Whole(seen, 1 / scale) * (long)MathF.Round(weight / packed.Scales[o]);
                        }
                    }

                    y[i++] = MathF.Max(0, (sum * packed.Scales[o] * scale) + bias[o]);
                }
            }
        }

        return y;
    }
}
