using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Softmax, its logarithm, and cross-entropy over it.</summary>
public sealed class SoftmaxTests
{
    public static TheoryData<int> Columns => Samples.Columns;

    [Theory, MemberData(nameof(Columns))]
    public void Softmax_and_its_logarithm_have_the_values_of_their_definition(int columns)
    {
        const int Rows = 5;
        float[] x = Samples.Normal(1, Rows * columns, deviation: 4);
        float[] y = new float[x.Length];
        float[] logs = new float[x.Length];

        SoftmaxKernel.Forward(x, y, Rows, columns);
        LogSoftmaxKernel.Forward(x, logs, Rows, columns);

        double[] expected = LogSoftmax(x, Rows, columns);
        Samples.AssertClose([.. expected.Select(Math.Exp)], y, 5e-6);
        Samples.AssertClose(expected, logs, 5e-6);
    }

    [Theory, MemberData(nameof(Columns))]
    public void Gradients_are_added_by_their_formulas(int columns)
    {
        const int Rows = 4;
        float[] x = Samples.Normal(1, Rows * columns);
        float[] y = new float[x.Length];
        float[] logs = new float[x.Length];
        float[] gradY = Samples.Normal(2, x.Length);
        float[] gradX = Samples.Normal(3, x.Length);
        float[] gradLogs = [.. gradX];
        double[] expected = new double[x.Length];
        double[] expectedLogs = new double[x.Length];
        double[] p = [.. LogSoftmax(x, Rows, columns).Select(Math.Exp)];
        for (int i = 0; i < x.Length; i++)
        {
            int row = i / columns * columns;
            double weighted = Enumerable.Range(row, columns).Sum(j => gradY[j] * p[j]);
            double sum = Enumerable.Range(row, columns).Sum(j => (double)gradY[j]);
            expected[i] = gradX[i] + (p[i] * (gradY[i] - weighted));
            expectedLogs[i] = gradX[i] + gradY[i] - (p[i] * sum);
        }

        SoftmaxKernel.Forward(x, y, Rows, columns);
        LogSoftmaxKernel.Forward(x, logs, Rows, columns);
        SoftmaxKernel.Backward(gradY, y, gradX, Rows, columns);
        LogSoftmaxKernel.Backward(gradY, logs, gradLogs, Rows, columns);

        Samples.AssertClose(expected, gradX, 5e-6);
        Samples.AssertClose(expectedLogs, gradLogs, 5e-6);
    }

    [Theory, MemberData(nameof(Columns))]
    public void Cross_entropy_and_its_gradient_have_the_values_of_their_definition(int columns)
    {
        const int Rows = 6;
        float[] logits = Samples.Normal(1, Rows * columns, deviation: 3);
        int[] targets = [.. Enumerable.Range(0, Rows).Select(r => r == 2 ? -1 : r * 7 % columns)];
        float[] scale = Samples.Normal(2, Rows);
        float[] losses = new float[Rows];
        float[] logSumExp = new float[Rows];
        float[] gradLogits = Samples.Normal(3, logits.Length);
        double[] logs = LogSoftmax(logits, Rows, columns);
        double[] expected = new double[logits.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            int row = i / columns;
            double isTarget = i % columns == targets[row] ? 1 : 0;
            expected[i] = gradLogits[i] + (targets[row] < 0 ? 0 : scale[row] * (Math.Exp(logs[i]) - isTarget));
        }

        CrossEntropyKernel.Forward(logits, targets, losses, logSumExp, Rows, columns, ignoreIndex: -1);
        CrossEntropyKernel.Backward(logits, targets, logSumExp, scale, gradLogits, Rows, columns, ignoreIndex: -1);

        Samples.AssertClose([.. targets.Select((t, r) => t < 0 ? 0 : -logs[(r * columns) + t])], losses, 3e-6);
        Samples.AssertClose(expected, gradLogits, 3e-6);
    }

    [Fact]
    public void Logits_of_a_thousand_are_fine()
    {
        // The largest last, so that a sum over several chunks is scaled down again and again.
        const int Width = 3000;
        float[] logits = [.. Enumerable.Range(0, Width).Select(i => -1000f + (i * 2000f / (Width - 1)))];
        float[] probabilities = new float[Width];
        float[] logs = new float[Width];
        float[] losses = new float[2];
        float[] logSumExp = new float[2];
        float[] gradient = new float[2 * Width];

        SoftmaxKernel.Forward(logits, probabilities, 1, Width);
        LogSoftmaxKernel.Forward(logits, logs, 1, Width);
        CrossEntropyKernel.Forward([.. logits, .. logits], [0, Width - 1], losses, logSumExp, 2, Width, ignoreIndex: -1);
        CrossEntropyKernel.Backward(
            [.. logits, .. logits], [0, Width - 1], logSumExp, [1, 1], gradient, 2, Width, ignoreIndex: -1);

        double[] expected = LogSoftmax(logits, 1, Width);
        Samples.AssertClose([.. expected.Select(Math.Exp)], probabilities, 1e-4);
        Samples.AssertClose(expected, logs, 1e-4);
        Samples.AssertClose([-expected[0], -expected[^1]], losses, 1e-4);
        Assert.All(gradient, g => Assert.True(float.IsFinite(g)));
        Assert.Equal(-1, gradient[0], 1e-5f);
    }

    [Fact]
    public void A_logit_that_is_no_number_gives_a_loss_that_is_none()
    {
        float[] logits = Samples.Normal(1, 2500);
        logits[1800] = float.NaN;
        float[] losses = new float[1];

        CrossEntropyKernel.Forward(logits, [3], losses, new float[1], 1, 2500, ignoreIndex: -1);

        Assert.True(float.IsNaN(losses[0]));
    }

    [Fact]
    public void Classes_ruled_out_by_minus_infinity_get_nothing()
    {
        float[] logits = [.. Enumerable.Repeat(float.NegativeInfinity, 40), 1f, 1f];
        float[] y = new float[42];
        float[] losses = new float[1];

        SoftmaxKernel.Forward(logits, y, 1, 42);
        CrossEntropyKernel.Forward(logits, [41], losses, new float[1], 1, 42, ignoreIndex: -1);

        Assert.Equal([.. new float[40], 0.5f, 0.5f], y);
        Assert.Equal(Math.Log(2), losses[0], 1e-6);
    }

    [Fact]
    public void A_target_that_is_no_class_is_refused_and_empty_input_is_fine()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => CrossEntropyKernel.Forward(new float[3], [3], new float[1], new float[1], 1, 3, ignoreIndex: -1));
        Assert.Throws<ShapeException>(
            () => CrossEntropyKernel.Forward(new float[3], [1, 1], new float[1], new float[1], 1, 3, ignoreIndex: -1));

        CrossEntropyKernel.Forward([], [], [], [], 0, 7, ignoreIndex: 0);
        SoftmaxKernel.Forward([], [], 0, 7);
        LogSoftmaxKernel.Forward([], [], 0, 7);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        const int Rows = 40, Width = 1501;
        float[] logits = Samples.Normal(1, Rows * Width);
        int[] targets = [.. Enumerable.Range(0, Rows)];

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] losses = new float[Rows];
            float[] logSumExp = new float[Rows];
            float[] gradient = new float[logits.Length];
            float[] y = new float[logits.Length];
            CrossEntropyKernel.Forward(logits, targets, losses, logSumExp, Rows, Width, ignoreIndex: -1);
            CrossEntropyKernel.Backward(logits, targets, logSumExp, losses, gradient, Rows, Width, ignoreIndex: -1);
            SoftmaxKernel.Forward(logits, y, Rows, Width);
            return [losses, logSumExp, gradient, y];
        });
    }

    private static double[] LogSoftmax(float[] x, int rows, int columns)
    {
        double[] y = new double[x.Length];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> from = x.AsSpan(row * columns, columns);
            double max = double.NegativeInfinity;
            double sum = 0;
            foreach (float v in from)
            {
                max = Math.Max(max, v);
            }

            foreach (float v in from)
            {
                sum += Math.Exp(v - max);
            }

            for (int j = 0; j < columns; j++)
            {
                y[(row * columns) + j] = from[j] - max - Math.Log(sum);
            }
        }

        return y;
    }
}
