using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class BiasKernelTests
{
    public static TheoryData<int> Columns => Samples.Columns;

    [Theory, MemberData(nameof(Columns))]
    public void Adds_the_bias_to_every_row(int columns)
    {
        float[] x = Samples.Normal(1, 5 * columns);
        float[] bias = Samples.Normal(2, columns);
        float[] y = new float[x.Length];

        BiasKernel.Add(x, bias, y, 5, columns);

        Assert.Equal(x.Select((v, i) => v + bias[i % columns]), y);
    }

    [Theory, MemberData(nameof(Columns))]
    public void Its_gradient_is_the_sum_of_every_column(int columns)
    {
        float[] gradY = Samples.Normal(1, 300 * columns);
        float[] gradBias = Samples.Normal(2, columns);
        double[] expected = [.. Enumerable.Range(0, columns).Select(
            j => gradBias[j] + Enumerable.Range(0, 300).Sum(i => (double)gradY[(i * columns) + j]))];

        BiasKernel.Backward(gradY, gradBias, 300, columns);

        Samples.AssertClose(expected, gradBias, 1e-5);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        float[] gradY = Samples.Normal(1, 5000 * 33);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] gradBias = new float[33];
            BiasKernel.Backward(gradY, gradBias, 5000, 33);
            return [gradBias];
        });
    }

    [Fact]
    public void Empty_input_is_fine_and_wrong_sizes_are_refused()
    {
        BiasKernel.Add([], [1], [], 0, 1);
        BiasKernel.Backward([], new float[1], 0, 1);

        Assert.Throws<ShapeException>(() => BiasKernel.Add(new float[6], new float[2], new float[6], 2, 3));
    }
}
