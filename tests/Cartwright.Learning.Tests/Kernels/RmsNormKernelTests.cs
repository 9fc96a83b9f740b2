using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class RmsNormKernelTests
{
    private const float Epsilon = 1e-6f;
    private const int Rows = 7;

    public static TheoryData<int> Columns => Samples.Columns;

    [Theory, MemberData(nameof(Columns))]
    public void Scales_every_row_and_adds_the_gradients_by_their_formulas(int columns)
    {
        float[] x = Samples.Normal(1, Rows * columns, deviation: 3);
        float[] gain = Samples.Normal(2, columns);
        float[] gradY = Samples.Normal(3, x.Length);
        float[] gradX = Samples.Normal(4, x.Length);
        float[] gradGain = Samples.Normal(5, columns);
        float[] y = new float[x.Length];
        float[] inverse = new float[Rows];
        double[] expectedY = new double[x.Length];
        double[] expectedX = [.. gradX];
        double[] expectedGain = [.. gradGain];
        for (int i = 0; i < x.Length; i++)
        {
            int start = i / columns * columns;
            double factor = 1 / Math.Sqrt(Enumerable.Range(start, columns).Average(j => (double)x[j] * x[j]) + Epsilon);
            double slope = Enumerable.Range(start, columns).Average(j => gradY[j] * gain[j - start] * x[j] * factor);
            expectedY[i] = x[i] * factor * gain[i - start];
            expectedX[i] += factor * ((gradY[i] * gain[i - start]) - (x[i] * factor * slope));
            expectedGain[i - start] += gradY[i] * x[i] * factor;
        }

        RmsNormKernel.Forward(x, gain, y, inverse, Rows, columns, Epsilon);
        RmsNormKernel.Backward(gradY, x, gain, inverse, gradX, gradGain, Rows, columns);

        Samples.AssertClose(expectedY, y);
        Samples.AssertClose(expectedX, gradX);
        Samples.AssertClose(expectedGain, gradGain);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        const int ManyRows = 3000, Width = 64;
        float[] x = Samples.Normal(1, ManyRows * Width);
        float[] gain = Samples.Normal(2, Width);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] y = new float[x.Length], inverse = new float[ManyRows], gradX = new float[x.Length], gradGain = new float[Width];
            RmsNormKernel.Forward(x, gain, y, inverse, ManyRows, Width, Epsilon);
            RmsNormKernel.Backward(y, x, gain, inverse, gradX, gradGain, ManyRows, Width);
            return [y, gradX, gradGain];
        });
    }
}
