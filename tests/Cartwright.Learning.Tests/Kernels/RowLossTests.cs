using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Losses of whole rows: values against their definitions in double precision, gradients against its differences.</summary>
public sealed class RowLossTests
{
    private const int Rows = 3;
    private const float Scale = 0.5f;

    /// <param name="Run">Takes [rows, columns], writes the gradient by it times <see cref="Scale"/>, returns the sum over the rows.</param>
    /// <param name="Definition">The loss of one row.</param>
    private sealed record RowLoss(Func<float[], int, float[], double> Run, Func<double[], int, double> Definition);

    private static readonly Dictionary<string, RowLoss> Losses = new()
    {
        ["smoothed cross-entropy"] = new(
            (x, columns, g) => SmoothedCrossEntropyKernel.Invoke(x, Targets(x.Length / columns, columns), Weights(columns), 0.125f, -1, Scale, g, x.Length / columns, columns),
            (x, row) => Enumerable.Range(0, x.Length).Sum(c =>
                ((c == Target(row, x.Length) ? 0.875 : 0) + (0.125 / x.Length)) * Weights(x.Length)[c] * (LogSum(x) - x[c]))),
        ["bpr-max"] = new(
            (x, columns, g) => BprMaxKernel.Invoke(x, Targets(x.Length / columns, columns), 0.75f, Scale, g, columns),
            (x, row) =>
            {
                (double positive, double[] others) = Split(x, row);
                double[] shares = Softmax(others);
                return -Math.Log(shares.Zip(others, (s, r) => s * Sigmoid(positive - r)).Sum())
                    + (0.75 * shares.Zip(others, (s, r) => s * r * r).Sum());
            }),
        ["top1-max"] = new(
            (x, columns, g) => Top1MaxKernel.Invoke(x, Targets(x.Length / columns, columns), 0.75f, Scale, g, columns),
            (x, row) =>
            {
                (double positive, double[] others) = Split(x, row);
                return Softmax(others).Zip(others, (s, r) => s * (Sigmoid(r - positive) + (0.75 * Sigmoid(r * r)))).Sum();
            }),
        ["bpr"] = new(
            (x, columns, g) => BprKernel.Invoke(new float[x.Length / columns], x, Scale, new float[x.Length / columns], g, columns),
            (x, _) => x.Sum(r => Math.Log(1 + Math.Exp(r)))),
        ["distillation"] = new(
            (x, columns, g) => DistillationKernel.Invoke(x, Other(x.Length), 1.5f, Scale, g, x.Length / columns, columns),
            (x, row) =>
            {
                double[] student = [.. x.Select(v => v / 1.5)];
                double[] teacher = [.. OtherRow(x.Length, row).Select(v => v / 1.5)];
                return 2.25 * Softmax(teacher).Select((q, c) => q * (teacher[c] - LogSum(teacher) - student[c] + LogSum(student))).Sum();
            }),
        ["triplet"] = new(
            (x, columns, g) => TripletKernel.Invoke(x, Other(x.Length), new float[x.Length], 9, Scale, g, new float[x.Length], new float[x.Length], x.Length / columns, columns),
            (x, row) => Math.Max(0, 9
                + Math.Sqrt(x.Zip(OtherRow(x.Length, row), (a, p) => (a - p + 1e-6) * (a - p + 1e-6)).Sum())
                - Math.Sqrt(x.Sum(a => (a + 1e-6) * (a + 1e-6))))),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string name in Losses.Keys)
            {
                foreach (int columns in new[] { 2, 3, 7, 8, 9, 17, 33, 100 })
                {
                    cases.Add(name, columns);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string> Names => [.. Losses.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Has_the_value_and_the_gradient_of_its_definition(string name, int columns)
    {
        RowLoss loss = Losses[name];
        float[] x = Samples.Normal(1, Rows * columns);
        float[] gradient = Samples.Normal(5, x.Length);

        double sum = loss.Run(x, columns, gradient);

        double expected = 0;
        double[] slopes = new double[x.Length];
        for (int row = 0; row < Rows; row++)
        {
            double[] values = [.. x.AsSpan(row * columns, columns).ToArray().Select(v => (double)v)];
            expected += loss.Definition(values, row);
            for (int c = 0; c < columns; c++)
            {
                slopes[(row * columns) + c] = Scale * Difference(loss.Definition, values, row, c);
            }
        }

        Assert.InRange(sum - expected, -3e-6 * Math.Abs(expected), 3e-6 * Math.Abs(expected));
        Samples.AssertClose(slopes, gradient, 2e-6);
    }

    [Theory, MemberData(nameof(Names))]
    public void Has_the_same_bits_on_any_number_of_threads(string name) => Samples.AssertSameBitsOnAnyThreadCount(() =>
    {
        float[] gradient = new float[700 * 61];
        double sum = Losses[name].Run(Samples.Normal(1, gradient.Length), 61, gradient);
        return [[(float)sum, (float)(sum - (float)sum)], gradient];
    });

    [Theory, MemberData(nameof(Names))]
    public void Stays_finite_for_scores_of_a_thousand(string name)
    {
        float[] x = [.. Enumerable.Range(0, Rows * 11).Select(i => (i % 3) switch { 0 => 1000f, 1 => -1000, _ => 0.5f })];
        float[] gradient = new float[x.Length];

        double sum = Losses[name].Run(x, 11, gradient);

        Assert.True(double.IsFinite(sum));
        Assert.All(gradient, slope => Assert.True(float.IsFinite(slope)));
    }

    [Fact]
    public void A_target_that_is_no_column_and_a_row_without_negatives_are_refused()
    {
        float[] six = new float[6];

        Assert.Throws<ArgumentOutOfRangeException>(() => BprMaxKernel.Invoke(six, [0, 3], 0, 1, six, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmoothedCrossEntropyKernel.Invoke(six, [0, -2], new float[3], 0, -1, 1, six, 2, 3));
        Assert.Throws<ShapeException>(() => Top1MaxKernel.Invoke(six, [0, 0, 0, 0, 0, 0], 0, 1, six, 1));
    }

    private static double Difference(Func<double[], int, double> definition, double[] values, int row, int column)
    {
        const double Step = 1e-5;
        double before = values[column];
        values[column] = before + Step;
        double above = definition(values, row);
        values[column] = before - Step;
        double below = definition(values, row);
        values[column] = before;
        return (above - below) / (2 * Step);
    }

    private static int Target(int row, int columns) => row * 5 % columns;

    private static int[] Targets(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(row => Target(row, columns))];

    private static float[] Weights(int columns) => [.. Enumerable.Range(0, columns).Select(c => 0.5f + (c % 4))];

    private static float[] Other(int length) => Samples.Normal(2, length);

    private static double[] OtherRow(int columns, int row) =>
        [.. Other(Rows * columns).AsSpan(row * columns, columns).ToArray().Select(v => (double)v)];

    private static (double Positive, double[] Others) Split(double[] x, int row)
    {
        int target = Target(row, x.Length);
        return (x[target], [.. x.Where((_, c) => c != target)]);
    }

    private static double[] Softmax(double[] x) => [.. x.Select(v => Math.Exp(v - LogSum(x)))];

    private static double LogSum(double[] x) => Math.Log(x.Sum(Math.Exp));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
