using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class PoolKernelTests
{
    public static TheoryData<int, int, int> Windows => new() { { 2, 2, 0 }, { 3, 2, 1 }, { 2, 1, 1 }, { 3, 3, 0 } };

    [Theory, MemberData(nameof(Windows))]
    public void Takes_the_largest_of_each_window_and_gives_its_gradient_back(int kernel, int stride, int padding)
    {
        (PoolWindows vertical, PoolWindows horizontal) = Sliding(kernel, stride, padding);
        float[] x = Samples.Normal(1, 5 * 9 * 70);
        float[] y = new float[5 * vertical.Count * horizontal.Count];
        float[] places = new float[y.Length];
        float[] gradY = Samples.Normal(2, y.Length);
        float[] gradX = new float[x.Length];
        float[] added = Samples.Normal(3, x.Length);
        Array.Fill(gradX, float.NaN);
        float[] expectedAdded = [.. added];

        PoolKernel.Max(x, y, places, 5, vertical, horizontal);
        PoolKernel.MaxBackward(gradY, places, gradX, 5, vertical, horizontal, accumulates: false);
        PoolKernel.MaxBackward(gradY, places, added, 5, vertical, horizontal, accumulates: true);

        float[] expectedGradX = new float[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int largest = Places(i, vertical, horizontal).MaxBy(place => x[place]);
            Assert.Equal(x[largest], y[i]);
            expectedGradX[largest] += gradY[i];
            expectedAdded[largest] += gradY[i];
        }

        Assert.Equal(expectedGradX, gradX);
        Assert.Equal(expectedAdded, added);
    }

    [Theory, MemberData(nameof(Windows))]
    public void Takes_the_mean_of_each_window_and_shares_its_gradient(int kernel, int stride, int padding)
    {
        (PoolWindows vertical, PoolWindows horizontal) = Sliding(kernel, stride, padding);
        float[] x = Samples.Normal(1, 5 * 9 * 70);
        float[] y = new float[5 * vertical.Count * horizontal.Count];
        float[] gradY = Samples.Normal(2, y.Length);
        float[] gradX = new float[x.Length];

        PoolKernel.Mean(x, y, 5, vertical, horizontal);
        PoolKernel.MeanBackward(gradY, gradX, 5, vertical, horizontal);

        double[] expectedGradX = new double[x.Length];
        double[] expected = new double[y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            foreach (int place in Places(i, vertical, horizontal))
            {
                expected[i] += x[place] / (kernel * (double)kernel);
                expectedGradX[place] += gradY[i] / (kernel * (double)kernel);
            }
        }

        Samples.AssertClose(expected, y);
        Samples.AssertClose(expectedGradX, gradX);
    }

    [Fact]
    public void Not_a_number_is_the_largest_and_of_equals_the_first_counts()
    {
        (PoolWindows vertical, PoolWindows horizontal) = (PoolWindows.Sliding(2, 2, 2, 0, 0), PoolWindows.Sliding(4, 2, 2, 0, 0));
        float[] x = [1, float.NaN, 3, 3, 7, 2, 3, 3];
        float[] y = new float[2];
        float[] places = new float[2];
        float[] gradX = new float[8];

        PoolKernel.Max(x, y, places, 1, vertical, horizontal);
        PoolKernel.MaxBackward([1, 1], places, gradX, 1, vertical, horizontal, accumulates: false);

        Assert.Equal([float.NaN, 3], y);
        Assert.Equal([0, 1, 1, 0, 0, 0, 0, 0], gradX);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        (PoolWindows vertical, PoolWindows horizontal) = Sliding(3, 2, 1);
        float[] x = Samples.Normal(1, 200 * 9 * 70);
        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] y = new float[200 * vertical.Count * horizontal.Count];
            float[] gradX = new float[x.Length];
            PoolKernel.Mean(x, y, 200, vertical, horizontal);
            PoolKernel.MeanBackward(y, gradX, 200, vertical, horizontal);
            return [y, gradX];
        });
    }

    private static (PoolWindows Vertical, PoolWindows Horizontal) Sliding(int kernel, int stride, int padding) =>
        (PoolWindows.Sliding(9, kernel, stride, padding, padding), PoolWindows.Sliding(70, kernel, stride, padding, padding));

    private static IEnumerable<int> Places(int window, PoolWindows vertical, PoolWindows horizontal)
    {
        int plane = window / (vertical.Count * horizontal.Count);
        (int row, int column) = Math.DivRem(window % (vertical.Count * horizontal.Count), horizontal.Count);
        return from y in Enumerable.Range(vertical.Start(row), vertical.End(row) - vertical.Start(row))
               from x in Enumerable.Range(horizontal.Start(column), horizontal.End(column) - horizontal.Start(column))
               select (((plane * vertical.Size) + y) * horizontal.Size) + x;
    }
}
