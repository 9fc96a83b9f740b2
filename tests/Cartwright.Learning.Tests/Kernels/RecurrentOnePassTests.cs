using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class RecurrentOnePassTests
{
    private const int Tokens = 2100;

    /// <summary>Gates, inputs, size, and whether the last gate has another gradient on the state's side.</summary>
    public static TheoryData<int, int, int, bool> Layers => new() { { 4, 7, 5, false }, { 1, 16, 20, false }, { 3, 9, 8, true }, { 3, 33, 50, true } };

    [Theory, MemberData(nameof(Layers))]
    public void Adds_the_gradients_of_the_definition(int gateCount, int inputs, int size, bool keepsLast)
    {
        int columns = gateCount * size;
        Numbers n = new(columns, inputs, size, keepsLast);
        double[] hiddenSide = [.. Enumerable.Range(0, Tokens * columns).Select(i =>
            keepsLast && i % columns >= columns - size ? (double)n.Kept[(i / columns * size) + (i % columns) - columns + size] : n.Gates[i])];
        double[] gates = [.. n.Gates.Select(g => (double)g)];

        float[][] gradients = n.Backward(isFresh: true);

        Samples.AssertClose(Sums(Tokens, inputs, columns, (t, i, c) => gates[(t * columns) + c] * n.Weight[(c * inputs) + i]), gradients[0], 3e-5);
        Samples.AssertClose(Sums(columns, inputs, Tokens, (c, i, t) => gates[(t * columns) + c] * n.X[(t * inputs) + i], 1), gradients[1], 1e-4);
        Samples.AssertClose(Sums(columns, size, Tokens, (c, i, t) => hiddenSide[(t * columns) + c] * n.Previous[(t * size) + i], 1), gradients[2], 1e-4);
        Samples.AssertClose(Sums(columns, 1, Tokens, (c, _, t) => gates[(t * columns) + c], 1), gradients[3], 1e-4);
        Samples.AssertClose(Sums(columns, 1, Tokens, (c, _, t) => hiddenSide[(t * columns) + c], 1), gradients[4], 1e-4);

        float[] added = n.Backward(isFresh: false)[0];
        Samples.AssertClose([.. gradients[0].Select(g => g + 1.0)], added);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        Numbers n = new(12, 9, 4, keepsLast: true);

        Samples.AssertSameBitsOnAnyThreadCount(() => n.Backward(isFresh: true));
    }

    [Fact]
    public void Leaves_out_what_nobody_asks_for_and_refuses_wrong_sizes()
    {
        Numbers n = new(8, 3, 2, keepsLast: false);
        float[] gradHidden = new float[8 * 2];

        RecurrentOnePass.Backward(n.Gates, [], n.Previous, n.X, n.Weight, [], true, [], gradHidden, [], [], Tokens, 3, 2);

        Assert.Equal(n.Backward(isFresh: true)[2].Select(g => g - 1), gradHidden, (x, y) => Math.Abs(x - y) < 1e-3);
        Assert.Throws<ShapeException>(() =>
            RecurrentOnePass.Backward(n.Gates, [], n.Previous, n.X, n.Weight, [], true, [], new float[7], [], [], Tokens, 3, 2));
    }

    private static double[] Sums(int rows, int columns, int depth, Func<int, int, int, double> term, double start = 0) =>
        [.. Enumerable.Range(0, rows * columns).Select(at => start + Enumerable.Range(0, depth).Sum(p => term(at / columns, at % columns, p)))];

    private sealed class Numbers(int columns, int inputs, int size, bool keepsLast)
    {
        public float[] Gates { get; } = Samples.Normal(1, Tokens * columns, 0.1f);

        public float[] Kept { get; } = keepsLast ? Samples.Normal(2, Tokens * size, 0.1f) : [];

        public float[] Previous { get; } = Samples.Normal(3, Tokens * size);

        public float[] X { get; } = Samples.Normal(4, Tokens * inputs);

        public float[] Weight { get; } = Samples.Normal(5, columns * inputs);

        /// <summary>The gradients of x, both weights and both biases; all but a fresh first one held 1 before.</summary>
        public float[][] Backward(bool isFresh)
        {
            float[][] gradients = [new float[X.Length], new float[columns * inputs], new float[columns * size], new float[columns], new float[columns]];
            foreach (float[] gradient in gradients)
            {
                Array.Fill(gradient, isFresh && gradient == gradients[0] ? float.NaN : 1);
            }

            RecurrentOnePass.Backward(Gates, Kept, Previous, X, Weight, gradients[0], isFresh, gradients[1], gradients[2], gradients[3], gradients[4], Tokens, inputs, size);
            return gradients;
        }
    }
}
