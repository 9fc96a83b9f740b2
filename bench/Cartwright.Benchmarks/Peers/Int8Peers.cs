using System.Globalization;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;

namespace Cartwright.Benchmarks.Peers;

/// <summary>Dense layers in 8 and 16 bits beside our own float32, in batches and for one row.</summary>
internal static class Int8Peers
{
    private static readonly (int Rows, int Outputs, int Inputs)[] Shapes =
    [
        (256, 256, 256), (256, 1024, 1024), (64, 4096, 1024), (1024, 512, 512), (32, 768, 3072),
        (1, 1024, 1024), (1, 4096, 1024), (1, 4096, 4096), (1, 50_000, 64),
    ];

    private static readonly (int Batch, int Channels, int Side, int OutChannels)[] Convolutions =
        [(16, 32, 16, 64), (16, 64, 8, 64), (1, 64, 28, 128)];

    public static int Run(TextWriter output)
    {
        Measured.WriteMachine(output);
        output.WriteLine($"{"rows x outputs x inputs",-24} {"float32 µs",12} {"int8 µs",12} {"ratio",8} {"bfloat16 µs",12} {"ratio",8}");
        int before = Compute.ThreadCount;
        Compute.ThreadCount = 1;
        foreach ((int rows, int outputs, int inputs) in Shapes)
        {
            float[] x = Numbers(1, rows * inputs);
            float[] w = Numbers(2, outputs * inputs);
            float[] y = new float[rows * outputs];
            Int8Matrix int8 = new(w, outputs, inputs);
            BFloat16Matrix bfloat16 = new(w, outputs, inputs);
            double[] seconds = Measured.Seconds(
                1,
                () => Gemm.Multiply(x, false, w, true, y, rows, outputs, inputs, beta: 0),
                () => Int8Product.Multiply(x, 0, int8, [], y, rows),
                () => bfloat16.Multiply(x, y, rows));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{$"{rows} x {outputs} x {inputs}",-24} {seconds[0] * 1e6,12:F1} {seconds[1] * 1e6,12:F1} {seconds[0] / seconds[1],8:F2} {seconds[2] * 1e6,12:F1} {seconds[0] / seconds[2],8:F2}"));
        }

        output.WriteLine();
        output.WriteLine($"{"3 x 3 convolutions",-24} {"float32 µs",12} {"int8 µs",12} {"ratio",8}");
        foreach ((int batch, int channels, int side, int outChannels) in Convolutions)
        {
            ConvShape shape = new ConvOptions { Padding = 1 }.ShapeOf([batch, channels, side, side], [outChannels, channels, 3, 3]);
            float[] x = Numbers(1, batch * channels * side * side);
            float[] w = Numbers(2, outChannels * channels * 9);
            float[] y = new float[batch * outChannels * side * side];
            Int8Matrix int8 = Int8Convolution.Pack(w, outChannels, channels, 9);
            double[] seconds = Measured.Seconds(
                1,
                () => ConvKernel.Forward(shape, x, w, [], y, rectifies: false),
                () => Int8Convolution.Forward(shape, x, 0, int8, [], y, rectifies: false));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{$"{batch} x {channels} x {side}² to {outChannels}",-24} {seconds[0] * 1e6,12:F1} {seconds[1] * 1e6,12:F1} {seconds[0] / seconds[1],8:F2}"));
        }

        Compute.ThreadCount = before;
        return 0;
    }

    private static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
