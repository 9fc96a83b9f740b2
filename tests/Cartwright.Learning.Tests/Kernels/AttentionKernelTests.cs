using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class AttentionKernelTests
{
    /// <summary>Lengths of 0, 1, around the vector widths, and beyond the rows taken at once.</summary>
    private static readonly int[] Offsets = [0, 1, 1, 4, 12, 21, 38, 100];

    public static TheoryData<int, int, bool, float> Cases => new()
    {
        { 8, 1, true, 0f }, { 8, 2, false, 0f }, { 64, 1, true, 0.2f }, { 64, 4, true, 0.5f }, { 6, 3, false, 0.3f },
        { 48, 2, true, 0f }, { 5, 1, false, 0f },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Has_the_values_of_its_definition(int hidden, int heads, bool causal, float dropout)
    {
        (float[] q, float[] k, float[] v) = Inputs(hidden);
        float[] output = new float[q.Length];

        AttentionKernel.Forward(q, k, v, Offsets, hidden, heads, causal, dropout, 7, output, new float[100 * heads]);

        Samples.AssertClose(Reference([.. q], [.. k], [.. v], hidden, heads, causal, dropout, 7), output, 1e-5);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Adds_the_gradients_that_small_differences_give(int hidden, int heads, bool causal, float dropout)
    {
        (float[] q, float[] k, float[] v) = Inputs(hidden);
        float[] output = new float[q.Length];
        float[] logSumExp = new float[100 * heads];
        float[] gradOutput = Samples.Normal(4, q.Length);
        float[][] gradients = [Samples.Normal(5, q.Length), Samples.Normal(6, q.Length), Samples.Normal(7, q.Length)];
        float[][] before = [.. gradients.Select(g => g.ToArray())];

        AttentionKernel.Forward(q, k, v, Offsets, hidden, heads, causal, dropout, 7, output, logSumExp);
        AttentionKernel.Backward(
            gradOutput, q, k, v, output, Offsets, hidden, heads, causal, dropout, 7, logSumExp, gradients[0], gradients[1], gradients[2],
            isFresh: false);

        double[][] inputs = [[.. q], [.. k], [.. v]];
        double Loss() => Reference(inputs[0], inputs[1], inputs[2], hidden, heads, causal, dropout, 7)
            .Select((y, i) => y * gradOutput[i]).Sum();
        var random = new Random(1);
        for (int which = 0; which < 3; which++)
        {
            for (int trial = 0; trial < 8; trial++)
            {
                int i = random.Next(q.Length);
                double kept = inputs[which][i];
                inputs[which][i] = kept + 1e-5;
                double above = Loss();
                inputs[which][i] = kept - 1e-5;
                double expected = (above - Loss()) / 2e-5;
                inputs[which][i] = kept;
                Assert.Equal(expected, gradients[which][i] - before[which][i], 1e-4);
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Writes_gradients_that_hold_nothing_yet(int hidden, int heads, bool causal, float dropout)
    {
        (float[] q, float[] k, float[] v) = Inputs(hidden);
        float[] output = new float[q.Length];
        float[] logSumExp = new float[100 * heads];
        AttentionKernel.Forward(q, k, v, Offsets, hidden, heads, causal, dropout, 7, output, logSumExp);
        float[][] GradientsFrom(float start, bool isFresh)
        {
            float[][] gradients = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Repeat(start, q.Length).ToArray())];
            AttentionKernel.Backward(
                q, q, k, v, output, Offsets, hidden, heads, causal, dropout, 7, logSumExp, gradients[0], gradients[1], gradients[2], isFresh);
            return gradients;
        }

        Assert.Equal(GradientsFrom(0, isFresh: false), GradientsFrom(float.NaN, isFresh: true));
    }

    [Fact]
    public void A_causal_token_is_blind_to_later_ones_and_to_other_sequences()
    {
        const int Hidden = 16;
        (float[] q, float[] k, float[] v) = Inputs(Hidden);
        float[] expected = new float[q.Length];
        float[] actual = new float[q.Length];
        float[] logSumExp = new float[100];
        AttentionKernel.Forward(q, k, v, Offsets, Hidden, 1, true, 0, 0, expected, logSumExp);

        // Token 30 stands in the sequence of tokens 21 to 37.
        k.AsSpan(31 * Hidden).Fill(9);
        v.AsSpan(31 * Hidden).Fill(9);
        v.AsSpan(0, 21 * Hidden).Fill(9);
        AttentionKernel.Forward(q, k, v, Offsets, Hidden, 1, true, 0, 0, actual, logSumExp);

        Assert.Equal(expected[(21 * Hidden)..(31 * Hidden)], actual[(21 * Hidden)..(31 * Hidden)]);
        Assert.NotEqual(expected[(31 * Hidden)..(38 * Hidden)], actual[(31 * Hidden)..(38 * Hidden)]);
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_another_seed_drops_others()
    {
        const int Hidden = 8;
        (float[] q, float[] k, _) = Inputs(Hidden);
        float[] ones = [.. Enumerable.Repeat(1f, q.Length)];
        float[] first = new float[q.Length];
        float[] second = new float[q.Length];

        double sum = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            AttentionKernel.Forward(q, k, ones, Offsets, Hidden, 1, true, 0.4f, seed, first, new float[100]);
            sum += first.Average();
        }

        AttentionKernel.Forward(q, k, ones, Offsets, Hidden, 1, true, 0.4f, 200, second, new float[100]);
        Assert.Equal(1, sum / 200, 0.02);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        const int Hidden = 32, Heads = 2;
        int[] offsets = [.. Enumerable.Range(0, 60).Select(i => i * (i + 1) / 2)];
        int total = offsets[^1];
        float[] q = Samples.Normal(1, total * Hidden);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] output = new float[q.Length];
            float[] logSumExp = new float[total * Heads];
            float[] gradQ = new float[q.Length];
            float[] gradK = new float[q.Length];
            float[] gradV = new float[q.Length];
            AttentionKernel.Forward(q, q, q, offsets, Hidden, Heads, true, 0.1f, 5, output, logSumExp);
            AttentionKernel.Backward(
                q, q, q, q, output, offsets, Hidden, Heads, true, 0.1f, 5, logSumExp, gradQ, gradK, gradV, isFresh: true);
            return [output, logSumExp, gradQ, gradK, gradV];
        });
    }

    [Fact]
    public void No_sequences_are_fine_and_offsets_that_fall_are_refused()
    {
        AttentionKernel.Forward([], [], [], [0], 8, 2, true, 0, 0, [], []);

        float[] x = new float[16];
        Assert.Throws<ShapeException>(
            () => AttentionKernel.Forward(x, x, x, [0, 3, 2], 8, 2, true, 0, 0, new float[16], new float[4]));
        Assert.Throws<ShapeException>(
            () => AttentionKernel.Forward(x, x, x, [0, 2], 8, 3, true, 0, 0, new float[16], new float[6]));
        Assert.Throws<ShapeException>(
            () => AttentionKernel.Forward(x, x, x, [0, 3], 8, 2, true, 0, 0, new float[16], new float[6]));
    }

    private static (float[] Queries, float[] Keys, float[] Values) Inputs(int hidden) =>
        (Samples.Normal(1, 100 * hidden), Samples.Normal(2, 100 * hidden), Samples.Normal(3, 100 * hidden));

    private static double[] Reference(
        double[] q, double[] k, double[] v, int hidden, int heads, bool causal, float dropout, ulong seed)
    {
        int depth = hidden / heads;
        double[] output = new double[q.Length];
        for (int s = 0; s + 1 < Offsets.Length; s++)
        {
            for (int i = Offsets[s]; i < Offsets[s + 1]; i++)
            {
                for (int h = 0; h < heads; h++)
                {
                    int end = causal ? i + 1 : Offsets[s + 1];
                    double[] scores = [.. Enumerable.Range(Offsets[s], end - Offsets[s]).Select(j => Enumerable.Range(h * depth, depth)
                        .Sum(d => q[(i * hidden) + d] * k[(j * hidden) + d]) / Math.Sqrt(depth))];
                    double max = scores.Max();
                    double sum = scores.Sum(x => Math.Exp(x - max));
                    for (int j = Offsets[s]; j < end; j++)
                    {
                        double p = Math.Exp(scores[j - Offsets[s]] - max) / sum;
                        var hash = new CounterHash(CounterHash.Derive(seed, (uint)j, (uint)h), dropout);
                        p *= dropout > 0 ? hash.Factor((uint)(i - Offsets[s])) : 1;
                        for (int d = h * depth; d < (h + 1) * depth; d++)
                        {
                            output[(i * hidden) + d] += p * v[(j * hidden) + d];
                        }
                    }
                }
            }
        }

        return output;
    }
}
