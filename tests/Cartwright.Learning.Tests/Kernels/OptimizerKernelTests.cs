using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Adam, AdamW and gradient descent against their definitions in double precision.</summary>
public sealed class OptimizerKernelTests
{
    public static TheoryData<int> Lengths => Samples.Lengths;

    [Theory, MemberData(nameof(Lengths))]
    public void Adam_steps_by_its_definition(int length)
    {
        foreach (bool decoupled in new[] { false, true })
        {
            float[] weight = Samples.Normal(1, length);
            float[] m = new float[length];
            float[] v = new float[length];
            double[] w = [.. weight];
            double[] mean = new double[length];
            double[] square = new double[length];
            for (int step = 1; step <= 3; step++)
            {
                float[] grad = Samples.Normal(step + 1, length);
                for (int i = 0; i < length; i++)
                {
                    double g = grad[i] + (decoupled ? 0 : 0.1 * w[i]);
                    w[i] *= decoupled ? 1 - (0.01 * 0.1) : 1;
                    mean[i] = (0.9 * mean[i]) + (0.1 * g);
                    square[i] = (0.999 * square[i]) + (0.001 * g * g);
                    double deviation = Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step))) + 1e-8;
                    w[i] -= 0.01 * (mean[i] / (1 - Math.Pow(0.9, step))) / deviation;
                }

                AdamKernel.Step(weight, grad, m, v, 0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, decoupled, step);
            }

            Samples.AssertClose(w, weight, 1e-5);
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Adam_steps_some_rows_as_it_would_step_each_alone(int columns)
    {
        const int Rows = 9;
        int[] touched = columns == 0 ? [] : [7, 0, 3];
        float[] grad = Samples.Normal(1, touched.Length * columns);
        float[][] expected = [.. Enumerable.Range(2, 3).Select(seed => Samples.Normal(seed, Rows * columns).Select(Math.Abs).ToArray())];
        float[][] actual = [.. expected.Select(values => values.ToArray())];
        for (int i = 0; i < touched.Length; i++)
        {
            Range row = (touched[i] * columns)..((touched[i] + 1) * columns);
            AdamKernel.Step(expected[0].AsSpan(row), grad.AsSpan(i * columns, columns), expected[1].AsSpan(row), expected[2].AsSpan(row),
                0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, true, 2);
        }

        AdamKernel.StepRows(actual[0], grad, actual[1], actual[2], touched, Math.Max(1, columns), 0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, true, 2);

        Assert.Equal(expected, actual);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Descent_steps_by_its_definition(int length)
    {
        foreach (bool nesterov in new[] { false, true })
        {
            float[] weight = Samples.Normal(1, length);
            float[] velocity = new float[length];
            double[] w = [.. weight];
            double[] speed = new double[length];
            for (int step = 1; step <= 3; step++)
            {
                float[] grad = Samples.Normal(step + 1, length);
                for (int i = 0; i < length; i++)
                {
                    double g = grad[i] + (0.01 * w[i]);
                    speed[i] = (0.9 * speed[i]) + g;
                    w[i] -= 0.1 * (nesterov ? g + (0.9 * speed[i]) : speed[i]);
                }

                SgdKernel.Step(weight, grad, velocity, 0.1f, 0.9f, 0.01f, nesterov);
            }

            Samples.AssertClose(w, weight, 1e-5);
        }
    }

    [Fact]
    public void Wrong_sizes_and_a_step_of_zero_are_refused()
    {
        float[] two = new float[2];

        Assert.Throws<ShapeException>(() => AdamKernel.Step(two, new float[3], two, two, 1, 0, 0, 1, 0, false, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdamKernel.Step(two, two, two, two, 1, 0, 0, 1, 0, false, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdamKernel.StepRows(two, two, two, two, [1], 2, 1, 0, 0, 1, 0, false, 1));
        Assert.Throws<ShapeException>(() => SgdKernel.Step(two, two, new float[1], 1, 0, 0, false));
    }
}
