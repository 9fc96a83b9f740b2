using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class LayerNormKernelTests
{
    private const float Epsilon = 1e-5f;

    public static TheoryData<int> Columns => Samples.Columns;

    [Theory, MemberData(nameof(Columns))]
    public void Normalizes_every_row(int columns)
    {
        const int Rows = 7;
        float[] x = Samples.Normal(1, Rows * columns, deviation: 3);
        float[] gain = Samples.Normal(2, columns);
        float[] bias = Samples.Normal(3, columns);
        float[] y = new float[x.Length];

        LayerNormKernel.Forward(x, gain, bias, y, new float[Rows], new float[Rows], Rows, columns, Epsilon);

        double[] normal = Normal(x, Rows, columns, out _);
        Samples.AssertClose([.. normal.Select((v, i) => (v * gain[i % columns]) + bias[i % columns])], y, 1e-5);
    }

    [Theory, MemberData(nameof(Columns))]
    public void Adds_the_gradients_by_their_formulas(int columns)
    {
        const int Rows = 9;
        float[] x = Samples.Normal(1, Rows * columns);
        float[] gain = Samples.Normal(2, columns);
        float[] gradY = Samples.Normal(3, x.Length);
        float[] gradX = Samples.Normal(4, x.Length);
        float[] gradGain = Samples.Normal(5, columns);
        float[] gradBias = Samples.Normal(6, columns);
        float[] mean = new float[Rows];
        float[] inverseDeviation = new float[Rows];
        double[] normal = Normal(x, Rows, columns, out double[] inverse);
        double[] expectedX = [.. gradX];
        double[] expectedGain = [.. gradGain];
        double[] expectedBias = [.. gradBias];
        for (int i = 0; i < x.Length; i++)
        {
            int start = i / columns * columns;
            double offset = Enumerable.Range(0, columns).Average(j => (double)gradY[start + j] * gain[j]);
            double slope = Enumerable.Range(0, columns).Average(j => gradY[start + j] * gain[j] * normal[start + j]);
            expectedX[i] += ((gradY[i] * gain[i % columns]) - offset - (normal[i] * slope)) * inverse[i / columns];
            expectedGain[i % columns] += gradY[i] * normal[i];
            expectedBias[i % columns] += gradY[i];
        }

        LayerNormKernel.Forward(x, gain, gain, new float[x.Length], mean, inverseDeviation, Rows, columns, Epsilon);
        LayerNormKernel.Backward(gradY, x, gain, mean, inverseDeviation, gradX, false, gradGain, gradBias, Rows, columns);

        // One column has no deviation: 1 / sqrt(epsilon) magnifies the roundings.
        Samples.AssertClose(expectedX, gradX, columns == 1 ? 1e-3 : 3e-5);
        Samples.AssertClose(expectedGain, gradGain, 1e-5);
        Samples.AssertClose(expectedBias, gradBias, 1e-5);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        const int Rows = 3000, Width = 64;
        float[] x = Samples.Normal(1, Rows * Width);
        float[] gain = Samples.Normal(2, Width);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] y = new float[x.Length];
            float[] mean = new float[Rows];
            float[] inverseDeviation = new float[Rows];
            float[] gradX = new float[x.Length];
            float[] gradGain = new float[Width];
            float[] gradBias = new float[Width];
            LayerNormKernel.Forward(x, gain, gain, y, mean, inverseDeviation, Rows, Width, Epsilon);
            LayerNormKernel.Backward(y, x, gain, mean, inverseDeviation, gradX, false, gradGain, gradBias, Rows, Width);
            return [y, gradX, gradGain, gradBias];
        });
    }

    [Fact]
    public void Empty_input_is_fine_and_wrong_sizes_are_refused()
    {
        LayerNormKernel.Forward([], [1, 1], [0, 0], [], [], [], 0, 2, Epsilon);
        LayerNormKernel.Backward([], [], [1, 1], [], [], [], false, new float[2], new float[2], 0, 2);

        Assert.Throws<ShapeException>(() => LayerNormKernel.Forward(
            new float[4], [1], [0, 0], new float[4], new float[2], new float[2], 2, 2, Epsilon));
    }

    private static double[] Normal(float[] x, int rows, int columns, out double[] inverse)
    {
        double[] normal = new double[x.Length];
        inverse = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            double[] values = [.. x.Skip(row * columns).Take(columns)];
            double mean = values.Average();
            double variance = values.Average(v => (v - mean) * (v - mean));
            inverse[row] = 1 / Math.Sqrt(variance + Epsilon);
            for (int j = 0; j < columns; j++)
            {
                normal[(row * columns) + j] = (values[j] - mean) * inverse[row];
            }
        }

        return normal;
    }
}
