using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class GemmTests
{
    /// <summary>Around the tiles (6 by 16, 8 by 32), the blocks (96, 512), the chunks of k (256), few rows, sliced k.</summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 17, 5 }, { 2, 33, 64 }, { 3, 16, 7 }, { 4, 15, 3 }, { 5, 31, 9 }, { 6, 16, 1 }, { 7, 17, 257 },
        { 12, 48, 64 }, { 23, 40, 12 }, { 24, 33, 300 }, { 97, 50, 20 }, { 100, 513, 17 }, { 9, 9, 64 }, { 8, 8, 8 },
        { 13, 20, 1100 }, { 1, 600, 33 }, { 205, 64, 64 },
        { 8, 32, 5 }, { 9, 31, 70 }, { 17, 34, 258 }, { 50, 50, 32 }, { 64, 63, 65 }, { 70, 300, 131 },
        { 3079, 18, 33 }, { 12, 20, 16 }, { 23, 107, 12 }, { 256, 70, 300 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Multiplies_in_all_four_orientations(int m, int n, int k)
    {
        foreach ((bool transposeA, bool transposeB) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            float[] a = Samples.Normal(1, m * k);
            float[] b = Samples.Normal(2, k * n);
            float[] c = new float[m * n];
            Array.Fill(c, float.NaN);

            Gemm.Multiply(a, transposeA, b, transposeB, c, m, n, k, beta: 0);

            Samples.AssertClose(Reference(a, transposeA, b, transposeB, m, n, k), c, 1e-5 * Math.Sqrt(k));
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Adds_to_what_is_there(int m, int n, int k)
    {
        float[] a = Samples.Normal(1, m * k);
        float[] b = Samples.Normal(2, k * n);
        float[] c = Samples.Normal(3, m * n);
        double[] expected = Reference(a, false, b, true, m, n, k);
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] += c[i];
        }

        Gemm.Multiply(a, false, b, true, c, m, n, k, beta: 1);

        Samples.AssertClose(expected, c, 1e-5 * Math.Sqrt(k));
    }

    [Fact]
    public void Multiplies_every_pair_of_a_batch()
    {
        const int Batch = 5, M = 7, N = 18, K = 9;
        float[] a = Samples.Normal(1, Batch * M * K);
        float[] b = Samples.Normal(2, Batch * K * N);
        float[] c = new float[Batch * M * N];

        Gemm.MultiplyBatched(a, false, b, true, c, Batch, M, N, K, beta: 0);

        for (int i = 0; i < Batch; i++)
        {
            double[] expected = Reference(
                a.AsSpan(i * M * K, M * K), false, b.AsSpan(i * K * N, K * N), true, M, N, K);
            Samples.AssertClose(expected, c.AsSpan(i * M * N, M * N));
        }
    }

    [Theory]
    [InlineData(200, 130, 70, false, false)]
    [InlineData(64, 64, 3000, true, false)]
    [InlineData(300, 700, 64, false, true)]
    [InlineData(1, 3000, 64, false, true)]
    [InlineData(3100, 40, 300, true, false)]
    [InlineData(50, 50, 32, true, true)]
    public void Has_the_same_bits_on_any_thread_count(int m, int n, int k, bool transposeA, bool transposeB)
    {
        float[] a = Samples.Normal(1, m * k);
        float[] b = Samples.Normal(2, k * n);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] c = new float[m * n];
            Gemm.Multiply(a, transposeA, b, transposeB, c, m, n, k, beta: 0);
            return [c];
        });
    }

    [Theory]
    [InlineData(8, 8, 8)]
    [InlineData(50, 50, 32)]
    [InlineData(67, 300, 256)]
    public void Every_number_is_one_chain_of_multiply_adds(int m, int n, int k)
    {
        float[] a = Samples.Normal(1, m * k);
        float[] b = Samples.Normal(2, k * n);
        float[] c = new float[m * n];
        bool isFused = Fma.IsSupported || AdvSimd.IsSupported;

        Gemm.Multiply(a, false, b, false, c, m, n, k, beta: 0);

        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                {
                    (float x, float y) = (a[(i * k) + p], b[(p * n) + j]);
                    sum = isFused ? MathF.FusedMultiplyAdd(x, y, sum) : (x * y) + sum;
                }

                Assert.Equal(sum, c[(i * n) + j]);
            }
        }
    }

    [Fact]
    public void Nothing_times_nothing_is_zero()
    {
        float[] c = [1, 2, 3, 4];

        Gemm.Multiply([], false, [], false, [], 0, 0, 0, beta: 0);
        Gemm.Multiply([], false, [], false, c, 2, 2, 0, beta: 1);
        Assert.Equal([1, 2, 3, 4], c);

        Gemm.Multiply([], false, [], false, c, 2, 2, 0, beta: 0);
        Assert.Equal([0, 0, 0, 0], c);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        float[] six = new float[6];
        float[] nine = new float[9];

        Assert.Throws<ShapeException>(() => Gemm.Multiply(six, false, six, false, six, 3, 3, 2, beta: 0));
        Assert.Throws<ShapeException>(() => Gemm.Multiply(six, false, nine, false, nine, 3, 3, 2, beta: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gemm.Multiply(six, false, six, false, nine, 3, 3, 2, beta: 0.5f));
    }

    [Fact]
    public void Repeated_products_allocate_nothing()
    {
        float[] a = Samples.Normal(1, 128 * 128);
        float[] c = new float[128 * 128];
        Gemm.Multiply(a, false, a, true, c, 128, 128, 128, beta: 0);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Gemm.Multiply(a, false, a, true, c, 128, 128, 128, beta: 0);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static double[] Reference(
        ReadOnlySpan<float> a, bool transposeA, ReadOnlySpan<float> b, bool transposeB, int m, int n, int k)
    {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int p = 0; p < k; p++)
                {
                    c[(i * n) + j] += (double)a[transposeA ? (p * m) + i : (i * k) + p]
                        * b[transposeB ? (j * k) + p : (p * n) + j];
                }
            }
        }

        return c;
    }
}
