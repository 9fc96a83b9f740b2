using System.Runtime.Intrinsics.X86;
using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class Int8ProductTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 16, 4 }, { 1, 17, 67 }, { 1, 300, 1024 }, { 2, 5, 3 }, { 6, 16, 32 }, { 7, 33, 129 }, { 13, 40, 64 },
        { 97, 70, 31 }, { 200, 129, 260 }, { 3, 8, 0 }, { 0, 8, 8 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Has_the_bits_of_the_definition_whatever_the_processor_multiplies_with(int m, int n, int k)
    {
        float[] x = Samples.Normal(1, m * k);
        float[] bias = Samples.Normal(3, n);
        Int8Matrix weights = new(Samples.Normal(2, n * k), n, k);
        float[] expected = Definition(x, 0, weights, bias, m);

        foreach (Int8Layout layout in Layouts())
        {
            float[] y = new float[m * n];
            Int8Product.Multiply(x, 0, weights, bias, y, m, layout);

            Assert.Equal(expected, y);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_scale_found_beforehand_is_taken_and_larger_numbers_are_cut_off(int m, int n, int k)
    {
        const float Scale = 1.5f / Int8Matrix.Largest;
        float[] x = Samples.Normal(1, m * k);
        Int8Matrix weights = new(Samples.Normal(2, n * k), n, k);
        float[] y = new float[m * n];

        Int8Product.Multiply(x, Scale, weights, [], y, m);

        Assert.Equal(Definition(x, Scale, weights, null, m), y);
    }

    [Theory, MemberData(nameof(Samples.Lengths), MemberType = typeof(Samples))]
    public unsafe void The_largest_magnitude_is_found_wherever_it_stands(int length)
    {
        float[] x = Samples.Normal(9, length);
        for (int at = 0; at < length; at += Math.Max(1, length / 7))
        {
            foreach (float value in new[] { -9f, float.NegativeInfinity, float.NaN, -float.NaN })
            {
                float[] changed = [.. x];
                changed[at] = value;
                fixed (float* start = changed)
                {
                    Assert.Equal(MathF.Abs(value), Int8Rows.LargestMagnitude(start, length));
                }
            }
        }

        fixed (float* start = x)
        {
            Assert.Equal(x.Select(MathF.Abs).DefaultIfEmpty(0).Max(), Int8Rows.LargestMagnitude(start, length));
        }
    }

    [Fact]
    public void Is_near_the_product_of_floats()
    {
        const int M = 32, N = 48, K = 512;
        float[] x = Samples.Normal(1, M * K);
        float[] w = Samples.Normal(2, N * K);
        float[] y = new float[M * N];

        Int8Product.Multiply(x, 0, new Int8Matrix(w, N, K), [], y, M);

        double[] expected = GemmTests.Reference(x, false, w, true, M, N, K);
        double error = Math.Sqrt(expected.Zip(y, (e, a) => (e - a) * (e - a)).Sum() / expected.Sum(e => e * e));
        Assert.True(error < 0.015, $"The relative error is {error}.");
    }

    [Fact]
    public void The_largest_numbers_do_not_overflow()
    {
        const int N = 16, K = 40_000;
        float[] x = [.. Enumerable.Repeat(-1f, K)];
        float[] w = [.. Enumerable.Repeat(1f, N * K)];

        foreach (Int8Layout layout in Layouts())
        {
            float[] y = new float[N];
            Int8Product.Multiply(x, 0, new Int8Matrix(w, N, K), [], y, 1, layout);
            Assert.All(y, value => Assert.Equal(-K, value, 0.1f));
        }
    }

    [Theory]
    [InlineData(1, 3000, 512)]
    [InlineData(250, 130, 300)]
    public void Has_the_same_bits_on_any_thread_count(int m, int n, int k)
    {
        float[] x = Samples.Normal(1, m * k);
        Int8Matrix weights = new(Samples.Normal(2, n * k), n, k);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] y = new float[m * n];
            Int8Product.Multiply(x, 0, weights, [], y, m);
            return [y];
        });
    }

    [Theory, MemberData(nameof(Samples.Lengths), MemberType = typeof(Samples))]
    public unsafe void Rows_become_the_whole_numbers_of_the_definition(int length)
    {
        float[] x = Samples.Normal(5, length);
        int steps = (length + 3) / 4;
        foreach (Int8Layout layout in Enum.GetValues<Int8Layout>())
        {
            byte[] quantized = new byte[Int8Rows.RowSize(steps, layout)];
            float scale;
            fixed (float* px = x)
            fixed (byte* pq = quantized)
            {
                scale = Int8Rows.Quantize(px, length, 0, steps, layout, pq);
            }

            Assert.Equal(length == 0 ? 0 : x.Max(MathF.Abs) / 127, scale);
            for (int i = 0; i < steps * 4; i++)
            {
                int whole = layout switch
                {
                    Int8Layout.Shorts => BitConverter.ToInt16(quantized, 2 * i),
                    Int8Layout.OffsetBytes => quantized[i] - 128,
                    _ => (sbyte)quantized[i],
                };
                Assert.Equal(i < length ? Int8Rows.Whole(x[i], 1 / scale) : 0, whole);
            }
        }
    }

    [Fact]
    public void What_is_no_number_spoils_its_own_row_only()
    {
        float[] x = Samples.Normal(1, 3 * 64);
        x[70] = float.NaN;
        float[] y = new float[3 * 16];

        Int8Product.Multiply(x, 0, new Int8Matrix(Samples.Normal(2, 16 * 64), 16, 64), [], y, 3);

        Assert.All(y[16..32], value => Assert.True(float.IsNaN(value)));
        Assert.DoesNotContain(y[..16].Concat(y[32..]), float.IsNaN);
    }

    [Fact]
    public void Repeated_products_allocate_nothing()
    {
        float[] x = Samples.Normal(1, 20 * 128);
        Int8Matrix weights = new(Samples.Normal(2, 64 * 128), 64, 128);
        float[] y = new float[20 * 64];
        Int8Product.Multiply(x, 0, weights, [], y, 20);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Int8Product.Multiply(x, 0, weights, [], y, 20);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>All ways that this processor has, not only the one it takes.</summary>
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

    private static float[] Definition(float[] x, float xScale, Int8Matrix weights, float[]? bias, int m)
    {
        (int n, int k) = (weights.Rows, weights.Columns);
        float[] w = [.. weights.Wholes().Select((whole, i) => whole * weights.Scales[i / k])];
        float[] y = new float[m * n];
        for (int i = 0; i < m; i++)
        {
            float[] row = x[(i * k)..((i + 1) * k)];
            float scale = xScale > 0 ? xScale : row.Length == 0 ? 0 : row.Max(MathF.Abs) / 127;
            for (int j = 0; j < n; j++)
            {
                long sum = 0;
                for (int p = 0; p < k; p++)
                {
                    sum += Int8Rows.Whole(row[p], scale == 0 ? 0 : 1 / scale) * (long)MathF.Round(w[(j * k) + p] / weights.Scales[j]);
                }

                float value = sum * weights.Scales[j] * scale;
                y[(i * n) + j] = bias is null ? value : value + bias[j];
            }
        }

        return y;
    }
}
