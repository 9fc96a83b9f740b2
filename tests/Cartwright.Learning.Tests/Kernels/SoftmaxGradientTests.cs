using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>The kernel that turns logits of samples into gradients where they lie.</summary>
public sealed class SoftmaxGradientTests
{
    public static TheoryData<int> Counts => [1, 3, 4, 5, 8, 9, 16, 17, 1027];

    [Theory, MemberData(nameof(Counts))]
    public void Over_samples_by_the_definition(int count)
    {
        const int Rows = 6, Hidden = 9;
        Case c = new(Rows, count, Hidden);
        double[] expected = new double[c.Logits.Length];
        double[] expectedLosses = new double[Rows];
        double[] expectedTargets = new double[Rows];
        for (int row = 0; row < Rows; row++)
        {
            double positive = Enumerable.Range(row * Hidden, Hidden).Sum(i => (double)c.Queries[i] * c.Positives[i]);
            double[] e = [.. Enumerable.Range(0, count).Select(j => c.Samples[j] == c.Targets[row]
                ? 0
                : Math.Exp(c.Logits[(row * count) + j] + c.SampleLogits[j]))];
            double sum = e.Sum() + Math.Exp(positive);
            expectedLosses[row] = Math.Log(sum) - positive;
            expectedTargets[row] = 0.5 * ((Math.Exp(positive) / sum) - 1);
            e.Select(v => 0.5 * v / sum).ToArray().CopyTo(expected, row * count);
        }

        (float[] gradients, float[] targetGradients, float[] losses) = c.Run();

        Kernels.Samples.AssertClose(expected, gradients, 1e-5);
        Kernels.Samples.AssertClose(expectedTargets, targetGradients, 1e-5);
        Kernels.Samples.AssertClose(expectedLosses, losses, 1e-5);
    }

    [Fact]
    public void Have_the_same_bits_on_any_thread_count()
    {
        Case c = new(300, 257, 64);
        float[] rows = Kernels.Samples.Normal(5, 300 * 64);

        Kernels.Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            (float[] gradients, float[] targetGradients, float[] losses) = c.Run();
            float[] scaled = new float[rows.Length];
            RowScaleKernel.AddScaledRows(rows, losses, scaled, 64);
            return [gradients, targetGradients, losses, scaled];
        });
    }

    [Fact]
    public void Samples_that_are_all_the_target_leave_no_loss()
    {
        float[] logits = [5, 6];
        float[] losses = new float[1];

        SampledSoftmaxKernel.Invoke([1], [1], logits, [3], [3, 3], [0, 0], 1, new float[1], losses, 1, 2, 1);

        Assert.Equal([0, 0], logits);
        Assert.Equal(0, losses[0]);
    }

    private sealed record Case(int Rows, int Count, int Hidden)
    {
        public float[] Queries { get; } = Kernels.Samples.Normal(1, Rows * Hidden);

        public float[] Positives { get; } = Kernels.Samples.Normal(2, Rows * Hidden);

        public float[] Logits { get; } = Kernels.Samples.Normal(3, Rows * Count);

        public float[] SampleLogits { get; } = Kernels.Samples.Normal(4, Count);

        public int[] Targets { get; } = [.. Enumerable.Range(0, Rows)];

        public int[] Samples { get; } = [.. Enumerable.Range(0, Count).Select(j => j * 3 % 11)];

        public (float[] Gradients, float[] TargetGradients, float[] Losses) Run()
        {
            float[] gradients = [.. Logits];
            float[] targetGradients = new float[Rows];
            float[] losses = new float[Rows];
            SampledSoftmaxKernel.Invoke(
                Queries, Positives, gradients, Targets, Samples, SampleLogits, 0.5f, targetGradients, losses, Rows, Count, Hidden);
            return (gradients, targetGradients, losses);
        }
    }
}
