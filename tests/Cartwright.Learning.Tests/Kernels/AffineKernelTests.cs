using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class AffineKernelTests
{
    /// <summary>Rows, inputs and outputs: few rows, sizes around tiles and vectors, several parts of rows, and too many columns for one pass.</summary>
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 5, 3 }, { 3, 64, 40 }, { 4, 1, 1 }, { 50, 17, 33 }, { 97, 64, 64 }, { 1100, 7, 16 }, { 5, 3, 600 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Has_the_values_of_its_definition(int m, int k, int n)
    {
        (float[] x, float[] weight, float[] bias) = Inputs(m, k, n);
        float[] added = Samples.Normal(4, m * n);
        double[] expected = Sums(x, weight, bias, m, k, n);
        (float[] slopes, float[] y) = (new float[m * n], new float[m * n]);

        AffineKernel.Forward<Identity>(x, weight, bias, [], [], y, m, k, n);
        Samples.AssertClose(expected, y);

        AffineKernel.Forward<Identity>(x, weight, bias, added, [], y, m, k, n);
        Samples.AssertClose([.. expected.Zip(added, (sum, more) => sum + more)], y);

        AffineKernel.Forward<ReluKernel>(x, weight, bias, [], [], y, m, k, n);
        Samples.AssertClose([.. expected.Select(sum => Math.Max(sum, 0))], y);

        AffineKernel.Forward<GeluKernel>(x, weight, bias, [], slopes, y, m, k, n);
        Samples.AssertClose([.. expected.Select(sum => (double)GeluKernel.Slope((float)sum))], slopes);
        Samples.AssertClose([.. expected.Select(sum => (double)GeluKernel.Of((float)sum))], y);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Adds_or_writes_the_gradients_of_its_definition(int m, int k, int n)
    {
        if (!AffineKernel.HasOnePassBackward(m, k, n))
        {
            return;
        }

        (float[] x, float[] weight, _) = Inputs(m, k, n);
        (float[] gradY, float[] slopes) = (Samples.Normal(5, m * n), Samples.Normal(6, m * n));
        double[] gradSums = [.. gradY.Zip(slopes, (g, slope) => (double)g * slope)];
        double[] byX = Product(m, k, n, (i, p, j) => gradSums[(i * n) + j] * weight[(j * k) + p]);
        double[] byWeight = Product(n, k, m, (j, p, i) => gradSums[(i * n) + j] * x[(i * k) + p]);
        double[] byBias = Product(1, n, m, (_, j, i) => gradSums[(i * n) + j]);

        foreach (bool isFresh in new[] { true, false })
        {
            float start = isFresh ? float.NaN : 2;
            float[] gradX = [.. Enumerable.Repeat(start, m * k)];
            float[] gradWeight = [.. Enumerable.Repeat(start, n * k)];
            float[] gradBias = new float[n];
            AffineKernel.Backward<GeluKernel>(gradY, slopes, x, weight, gradX, isFresh, gradWeight, isFresh, gradBias, m, k, n);

            double before = isFresh ? 0 : 2;
            Samples.AssertClose([.. byX.Select(g => g + before)], gradX);
            Samples.AssertClose([.. byWeight.Select(g => g + before)], gradWeight, 3e-5);
            Samples.AssertClose(byBias, gradBias, 3e-5);
        }
    }

    [Fact]
    public void Leaves_out_gradients_that_nobody_asks_for()
    {
        (float[] x, float[] weight, _) = Inputs(20, 6, 5);
        float[] gradY = Samples.Normal(5, 20 * 5);
        (float[] all, float[] alone) = (new float[weight.Length], new float[weight.Length]);

        AffineKernel.Backward<Identity>(gradY, gradY, x, weight, new float[x.Length], true, all, true, new float[5], 20, 6, 5);
        AffineKernel.Backward<Identity>(gradY, gradY, x, weight, [], false, alone, true, [], 20, 6, 5);

        Assert.Equal(all, alone);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        (float[] x, float[] weight, float[] bias) = Inputs(3000, 20, 18);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            (float[] slopes, float[] y) = (new float[3000 * 18], new float[3000 * 18]);
            (float[] gradX, float[] gradWeight, float[] gradBias) = (new float[x.Length], new float[weight.Length], new float[18]);
            AffineKernel.Forward<GeluKernel>(x, weight, bias, [], slopes, y, 3000, 20, 18);
            AffineKernel.Backward<GeluKernel>(y, slopes, x, weight, gradX, true, gradWeight, true, gradBias, 3000, 20, 18);
            return [y, gradX, gradWeight, gradBias];
        });
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        Assert.Throws<ShapeException>(() => AffineKernel.Forward<Identity>(new float[6], new float[6], new float[3], [], [], new float[4], 2, 3, 2));
        Assert.Throws<ShapeException>(() => AffineKernel.Forward<Identity>(new float[6], new float[6], new float[2], new float[3], [], new float[4], 2, 3, 2));
    }

    private static (float[] X, float[] Weight, float[] Bias) Inputs(int m, int k, int n) =>
        (Samples.Normal(1, m * k), Samples.Normal(2, n * k, 0.3f), Samples.Normal(3, n));

    private static double[] Sums(float[] x, float[] weight, float[] bias, int m, int k, int n)
    {
        double[] products = Product(m, n, k, (i, j, p) => (double)x[(i * k) + p] * weight[(j * k) + p]);
        return [.. products.Select((product, i) => product + bias[i % n])];
    }

    private static double[] Product(int rows, int columns, int depth, Func<int, int, int, double> term) =>
        [.. Enumerable.Range(0, rows * columns).Select(at => Enumerable.Range(0, depth).Sum(p => term(at / columns, at % columns, p)))];
}
