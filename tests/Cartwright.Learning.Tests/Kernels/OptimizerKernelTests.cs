using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Steps of optimizers, and what they are made of, against their definitions in double precision.</summary>
public sealed class OptimizerKernelTests
{
    private static readonly SgdRule Descent = new(0.1f, 0.9f, 0.01f, isNesterov: false);

    public static TheoryData<int> Lengths => Samples.Lengths;

    public static TheoryData<int> Columns => Samples.Columns;

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

                UpdateKernel.Step(new SgdRule(0.1f, 0.9f, 0.01f, nesterov), weight, grad, velocity);
            }

            Samples.AssertClose(w, weight, 1e-5);
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Adagrad_and_RMSprop_step_by_their_definitions(int length)
    {
        float[][] weights = [Samples.Normal(1, length), Samples.Normal(1, length)];
        float[][] states = [new float[length], new float[length]];
        double[][] expected = [[.. weights[0]], [.. weights[1]]];
        double[][] sums = [new double[length], new double[length]];
        for (int step = 1; step <= 3; step++)
        {
            float[] grad = Samples.Normal(step + 1, length);
            for (int i = 0; i < length; i++)
            {
                double g = grad[i] + (0.01 * expected[0][i]);
                sums[0][i] += g * g;
                expected[0][i] -= 0.1 * g / (Math.Sqrt(sums[0][i]) + 1e-3);
                g = grad[i] + (0.01 * expected[1][i]);
                sums[1][i] = (0.9 * sums[1][i]) + (0.1 * g * g);
                expected[1][i] -= 0.1 * g / (Math.Sqrt(sums[1][i]) + 1e-3);
            }

            UpdateKernel.Step(new AdagradRule(0.1f, 1e-3f, 0.01f), weights[0], grad, states[0]);
            UpdateKernel.Step(new RmsPropRule(0.1f, 0.9f, 1e-3f, 0.01f), weights[1], grad, states[1]);
        }

        Samples.AssertClose(expected[0], weights[0], 2e-5);
        Samples.AssertClose(expected[1], weights[1], 2e-5);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Adagrad_with_momentum_steps_by_its_definition_whole_or_row_by_row(int length)
    {
        float[][] weights = [Samples.Normal(1, length), Samples.Normal(1, length)];
        float[][] states = [new float[length], new float[length]], velocities = [new float[length], new float[length]];
        double[] expected = [.. weights[0]], sum = new double[length], velocity = new double[length];
        AdagradKernel.Settings settings = new(LearningRate: 0.1f, Momentum: 0.5f, Epsilon: 1e-3f, WeightDecay: 0.01f);
        for (int step = 1; step <= 3; step++)
        {
            float[] grad = Samples.Normal(step + 1, length);
            for (int i = 0; i < length; i++)
            {
                double g = grad[i] + (0.01 * expected[i]);
                sum[i] += g * g;
                velocity[i] = (0.5 * velocity[i]) + (0.1 * g / (Math.Sqrt(sum[i]) + 1e-3));
                expected[i] -= velocity[i];
            }

            AdagradKernel.Step(settings, weights[0], grad, states[0], velocities[0]);
            AdagradKernel.StepRows(settings, weights[1], grad, states[1], velocities[1], [.. Enumerable.Range(0, length)], columns: 1);
        }

        Samples.AssertClose(expected, weights[0], 2e-5);
        Samples.AssertClose(expected, weights[1], 2e-5);
    }

    [Theory, MemberData(nameof(Columns))]
    public void Chosen_rows_step_as_they_would_alone_and_others_stay(int columns)
    {
        int[] rows = [6, 0, 3];
        float[] weight = Samples.Normal(1, 8 * columns);
        float[] state = [.. Samples.Normal(2, 8 * columns).Select(MathF.Abs)];
        float[] gradient = Samples.Normal(3, 8 * columns);
        (float[] whole, float[] wholeState) = ([.. weight], [.. state]);
        (float[] before, float[] stateBefore) = ([.. weight], [.. state]);
        RmsPropRule rule = new(0.1f, 0.9f, 1e-3f, 0.01f);
        UpdateKernel.Step(rule, whole, gradient, wholeState);
        float[] ofRows = [.. rows.SelectMany(row => gradient.AsSpan(row * columns, columns).ToArray())];

        UpdateKernel.StepRows(rule, weight, ofRows, state, rows, columns);

        for (int i = 0; i < weight.Length; i++)
        {
            bool isChosen = rows.Contains(i / columns);
            Assert.Equal(isChosen ? whole[i] : before[i], weight[i], 1e-6f);
            Assert.Equal(isChosen ? wholeState[i] : stateBefore[i], state[i], 1e-6f);
        }
    }

    [Fact]
    public void Steps_have_the_same_bits_on_any_number_of_threads() => Samples.AssertSameBitsOnAnyThreadCount(() =>
    {
        const int Length = 70_001;
        (float[] weight, float[] state) = (Samples.Normal(1, Length), new float[Length]);
        UpdateKernel.Step(Descent, weight, Samples.Normal(2, Length), state);
        float[] noise = new float[Length];
        NoiseKernel.Add(noise, 1, 3);
        double squares = SumOfSquares.Of(weight);
        return [weight, state, noise, [(float)squares, (float)(squares - (float)squares)]];
    });

    [Theory, MemberData(nameof(Lengths))]
    public void Squares_add_up(int length)
    {
        float[] x = Samples.Normal(1, length);

        double sum = SumOfSquares.Of(x);

        Assert.Equal(x.Sum(v => (double)v * v), sum, 1e-6 * Math.Max(1, length));
    }

    [Fact]
    public void Noise_is_normal_and_of_its_seed()
    {
        float[] noise = new float[100_001];
        float[] other = new float[100_001];

        NoiseKernel.Add(noise, 2, 7);
        NoiseKernel.Add(other, 2, 8);

        double mean = noise.Average();
        Assert.InRange(mean, -0.03, 0.03);
        Assert.InRange(noise.Average(v => (v - mean) * (v - mean)), 3.92, 4.08);
        Assert.InRange(noise.Count(v => Math.Abs(v) < 2) / 100_001.0, 0.677, 0.688);
        Assert.InRange(noise.Count(v => Math.Abs(v) > 6) / 100_001.0, 0.0020, 0.0034);
        Assert.InRange(noise.Zip(noise.Skip(1), (a, b) => a * b).Average(), -0.06, 0.06);
        Assert.InRange(noise.Zip(other, (a, b) => a * b).Average(), -0.06, 0.06);
    }

    [Fact]
    public void Wrong_sizes_and_a_step_of_zero_are_refused()
    {
        float[] two = new float[2];

        Assert.Throws<ShapeException>(() => AdamKernel.Step(two, new float[3], two, two, 1, 0, 0, 1, 0, false, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdamKernel.Step(two, two, two, two, 1, 0, 0, 1, 0, false, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdamKernel.StepRows(two, two, two, two, [1], 2, 1, 0, 0, 1, 0, false, 1));
        Assert.Throws<ShapeException>(() => UpdateKernel.Step(Descent, two, two, new float[1]));
        Assert.Throws<ShapeException>(() => UpdateKernel.StepRows(Descent, two, two, two, [0], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => UpdateKernel.StepRows(Descent, two, two, two, [0, 2], 1));
    }
}
