using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class RecurrentKernelTests
{
    private const int InputSize = 3;

    /// <summary>Sizes around every vector width and tile, and cells.</summary>
    public static TheoryData<string, int> Cells
    {
        get
        {
            TheoryData<string, int> cells = [];
            foreach (string cell in new[] { "elman", "lstm", "gru" })
            {
                foreach (int size in new[] { 1, 4, 9, 16, 33 })
                {
                    cells.Add(cell, size);
                }
            }

            return cells;
        }
    }

    [Theory, MemberData(nameof(Cells))]
    public void Every_sequence_goes_through_its_steps(string cell, int size)
    {
        int[] lengths = [.. Enumerable.Range(0, 29).Select(s => s * 5 % 7)];                 // more than a block; some are empty
        int[] offsets = Offsets(lengths);
        RecurrentLayer layer = Make(cell, size);
        Tensor x = Tensor.From(Samples.Normal(2, offsets[^1] * InputSize), offsets[^1], InputSize);
        Tensor hidden = Tensor.From(Samples.Normal(3, lengths.Length * size), 1, lengths.Length, size);

        RecurrentOutput answer = Forward(layer, x, offsets, hidden);

        double[] outputs = new double[offsets[^1] * size];
        double[] finals = new double[lengths.Length * size];
        for (int s = 0; s < lengths.Length; s++)
        {
            double[] state = [.. hidden.ToArray().Skip(s * size).Take(size).Select(v => (double)v)];
            double[] memory = new double[size];
            for (int token = offsets[s]; token < offsets[s + 1]; token++)
            {
                Step(layer, x.ToArray()[(token * InputSize)..((token + 1) * InputSize)], state, memory);
                state.CopyTo(outputs, token * size);
            }

            state.CopyTo(finals, s * size);
        }

        Samples.AssertClose(outputs, answer.Output.Values);
        Samples.AssertClose(finals, answer.Hidden.Values);
    }

    [Theory, InlineData("elman"), InlineData("lstm"), InlineData("gru")]
    public void Has_the_gradients_that_differences_say(string cell)
    {
        const int Size = 9;
        int[] offsets = [0, 3, 3, 4, 8];                                                     // one sequence is empty
        RecurrentLayer layer = Make(cell, Size);
        Tensor x = Tensor.Parameter(Samples.Normal(2, 8 * InputSize), 8, InputSize);
        Tensor hidden = Tensor.Parameter(Samples.Normal(3, 4 * Size), 1, 4, Size);
        Tensor memory = Tensor.Parameter(Samples.Normal(4, 4 * Size), 1, 4, Size);
        float[] factors = Samples.Normal(5, 8 * Size);
        float[] finalFactors = Samples.Normal(6, 4 * Size);

        NumericalGradient.Assert(
            () =>
            {
                RecurrentOutput answer = Forward(layer, x, offsets, hidden, memory);
                Tensor sum = (answer.Output * Tensor.From(factors, 8, Size)).Sum() + (answer.Hidden * Tensor.From(finalFactors, 1, 4, Size)).Sum();
                return answer.Memory is null ? sum : sum + answer.Memory.Sum();
            },
            [.. layer.Parameters(), new("x", x), new("hidden", hidden), new("memory", memory)]);
    }

    [Fact]
    public void Final_states_alone_have_gradients_too()
    {
        RecurrentLayer layer = Make("lstm", 4);
        Tensor x = Tensor.Parameter(Samples.Normal(2, 5 * InputSize), 5, InputSize);

        NumericalGradient.Assert(() => Forward(layer, x, [0, 2, 5]).Memory!.Sum(), [.. layer.Parameters(), new("x", x)]);
    }

    [Theory, InlineData("elman"), InlineData("lstm"), InlineData("gru")]
    public void Has_the_same_bits_on_any_thread_count(string cell)
    {
        int[] offsets = Offsets([.. Enumerable.Range(0, 70).Select(s => 1 + (s * 7 % 11))]);
        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            RecurrentLayer layer = Make(cell, 24);
            Tensor x = Tensor.Parameter(Samples.Normal(2, offsets[^1] * InputSize), offsets[^1], InputSize);
            RecurrentOutput answer = Forward(layer, x, offsets);
            (answer.Output * answer.Output).Sum().Backward();
            return [answer.Output.ToArray(), answer.Hidden.ToArray(), x.Gradient.ToArray(), .. layer.Parameters().Select(p => p.Value.Gradient.ToArray())];
        });
    }

    [Fact]
    public void Padding_is_not_read_and_gives_zeros()
    {
        var layer = new Gru(InputSize, 5, new Random(1), isBidirectional: true);
        Tensor x = Tensor.Parameter(Samples.Normal(2, 3 * 4 * InputSize), 3, 4, InputSize);
        Tensor changed = Tensor.From(x.Values, 3, 4, InputSize);
        changed.Output.Slice(2 * InputSize, 2 * InputSize).Fill(100);

        RecurrentOutput answer = layer.ForwardPadded(x, [2, 4, 0]);
        answer.Output.Sum().Backward();

        Assert.Equal(answer.Output.ToArray(), layer.ForwardPadded(changed, [2, 4, 0]).Output.ToArray());
        Assert.Equal(new float[2 * 10], answer.Output.ToArray()[20..40]);
        Assert.Equal(new float[4 * 10], answer.Output.ToArray()[80..]);
        Assert.Equal(new float[2 * InputSize], x.Gradient.ToArray()[(2 * InputSize)..(4 * InputSize)]);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var layer = new Lstm(InputSize, 9, new Random(1), layerCount: 2);
        float[] x = new float[InputSize], hidden = new float[18], memory = new float[18];
        layer.Step(x, hidden, memory);

        long before = GC.GetAllocatedBytesForCurrentThread();
        layer.Step(x, hidden, memory);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Wrong_shapes_and_options_are_refused()
    {
        var layer = new Gru(InputSize, 5, new Random(1), isBidirectional: true);
        Tensor x = Tensor.Zeros(4, InputSize);

        Assert.Throws<ShapeException>(() => layer.Forward(x, [0, 3]));
        Assert.Throws<ShapeException>(() => layer.Forward(x, [0, 3, 2, 4]));
        Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(4, 2), [0, 4]));
        Assert.Throws<ShapeException>(() => layer.Forward(x, [0, 4], Tensor.Zeros(1, 1, 5)));
        Assert.Throws<ShapeException>(() => layer.ForwardPadded(Tensor.Zeros(1, 4, InputSize), [5]));
        Assert.Throws<InvalidOperationException>(() => layer.Step(new float[InputSize], new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gru(InputSize, 0, new Random(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gru(InputSize, 5, new Random(1), dropout: 1));
    }

    private static RecurrentLayer Make(string cell, int size) => cell switch
    {
        "elman" => new Elman(InputSize, size, new Random(7)),
        "lstm" => new Lstm(InputSize, size, new Random(7)),
        _ => new Gru(InputSize, size, new Random(7)),
    };

    private static RecurrentOutput Forward(RecurrentLayer layer, Tensor x, int[] offsets, Tensor? hidden = null, Tensor? memory = null) => layer switch
    {
        Elman elman => elman.Forward(x, offsets, hidden),
        Lstm lstm => lstm.Forward(x, offsets, hidden, memory),
        _ => ((Gru)layer).Forward(x, offsets, hidden),
    };

    /// <summary>The formulas as the papers have them, in double.</summary>
    private static void Step(RecurrentLayer layer, float[] x, double[] state, double[] memory)
    {
        Dictionary<string, Tensor> weights = layer.Parameters().ToDictionary();
        double[] input = Affine(weights["weight_ih_l0"], weights["bias_ih_l0"], [.. x.Select(v => (double)v)]);
        double[] own = Affine(weights["weight_hh_l0"], weights["bias_hh_l0"], state);
        int n = state.Length;
        for (int i = 0; i < n; i++)
        {
            double Gate(int gate) => input[(gate * n) + i] + own[(gate * n) + i];
            switch (layer)
            {
                case Elman:
                    state[i] = Math.Tanh(Gate(0));
                    break;
                case Lstm:
                    memory[i] = (Sigmoid(Gate(1)) * memory[i]) + (Sigmoid(Gate(0)) * Math.Tanh(Gate(2)));
                    state[i] = Sigmoid(Gate(3)) * Math.Tanh(memory[i]);
                    break;
                default:
                    double candidate = Math.Tanh(input[(2 * n) + i] + (Sigmoid(Gate(0)) * own[(2 * n) + i]));
                    state[i] = ((1 - Sigmoid(Gate(1))) * candidate) + (Sigmoid(Gate(1)) * state[i]);
                    break;
            }
        }
    }

    private static double[] Affine(Tensor weight, Tensor bias, double[] x)
    {
        float[] w = weight.ToArray(), b = bias.ToArray();
        return [.. b.Select((start, row) => start + x.Select((v, j) => v * w[(row * x.Length) + j]).Sum())];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static int[] Offsets(int[] lengths)
    {
        int[] offsets = new int[lengths.Length + 1];
        for (int s = 0; s < lengths.Length; s++)
        {
            offsets[s + 1] = offsets[s] + lengths[s];
        }

        return offsets;
    }
}
