using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Recurrent operators, on the kernels of the recurrent layers.</summary>
internal static class OnnxRecurrence
{
    /// <summary>Where the gates of PyTorch's order stand in ONNX's: i f g o in i o f c.</summary>
    internal static readonly int[] LstmOrder = [0, 2, 3, 1];

    /// <summary>r z n in z r h.</summary>
    internal static readonly int[] GruOrder = [1, 0, 2];

    public static void AddTo(Dictionary<string, Func<OnnxCall, OnnxValue[]>> operators)
    {
        operators["LSTM"] = Lstm;
        operators["GRU"] = Gru;
        operators["RNN"] = Rnn;
    }

    private static OnnxValue[] Lstm(OnnxCall call)
    {
        ExpectActivations(call, "Sigmoid", "Tanh", "Tanh");
        OnnxCall.Expect(!call.Has(7), "An LSTM with peepholes");
        OnnxCall.Expect(call.Int("input_forget", 0) == 0, "An LSTM with coupled gates");
        return Run<LstmCell>(call, LstmOrder);
    }

    private static OnnxValue[] Gru(OnnxCall call)
    {
        ExpectActivations(call, "Sigmoid", "Tanh");
        return call.Int("linear_before_reset", 0) == 1 ? Run<GruCell>(call, GruOrder) : GruResetFirst(call);
    }

    private static OnnxValue[] Rnn(OnnxCall call)
    {
        ExpectActivations(call, "Tanh");
        return Run<ElmanCell>(call, [0]);
    }

    private static OnnxValue[] Run<TCell>(OnnxCall call, int[] gateOrder)
        where TCell : struct, IRecurrentCell
    {
        Tensor x = call.Tensor(0);
        (int length, int batch, int width) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        int[] lengths = call.Optional(4)?.AsInts() ?? [.. Enumerable.Repeat(length, batch)];
        int size = call.Tensor(2).Columns;

        // Backward alone is both directions without the first, since directions come in that order.
        bool isReverse = call.Text("direction", "forward") == "reverse";
        RecurrentWeights[] layer = [.. Enumerable.Range(0, call[1].Sizes[0]).Select(direction => Weights(call, direction, gateOrder))];
        layer = isReverse ? [layer[0], layer[0]] : layer;
        var initial = new RecurrentStates(State(5), TCell.HasMemory ? State(6) : null);
        (Tensor output, Tensor hidden, Tensor? memory) = Recurrence.Run<TCell>(
            x.Transpose(1, 0, 2).Reshape(batch * length, width), SequenceBlocks.Padded(lengths, length), [layer], initial, 0);
        output = output.Reshape(batch, length, layer.Length, size).Transpose(1, 2, 0, 3);
        return memory is null ? [Wanted(output, 1), Wanted(hidden, 0)] : [Wanted(output, 1), Wanted(hidden, 0), Wanted(memory, 0)];

        Tensor? State(int input) => call.OptionalTensor(input) is { } state && isReverse ? Arrangement.Concat(0, state, state) : call.OptionalTensor(input);

        Tensor Wanted(Tensor all, int axis) => isReverse ? all.Slice(axis, 1) : all;
    }

    private static RecurrentWeights Weights(OnnxCall call, int direction, int[] gateOrder)
    {
        int gates = gateOrder.Length;
        Tensor biases = call.OptionalTensor(3)?.Select(0, direction) ?? Tensor.Zeros(2 * gates * call.Tensor(2).Columns);
        return new RecurrentWeights(
            Ordered(call.Tensor(1).Select(0, direction)), Ordered(call.Tensor(2).Select(0, direction)),
            Ordered(biases.Slice(0, 0, biases.Length / 2)), Ordered(biases.Slice(0, biases.Length / 2)));

        Tensor Ordered(Tensor weight) => weight.Reshape(gates, -1).Gather(0, gateOrder).Reshape(weight.Dimensions);
    }

    /// <summary>The standard's first form of a GRU, as in the paper: the reset gate multiplies the state. Step by step.</summary>
    private static OnnxValue[] GruResetFirst(OnnxCall call)
    {
        OnnxCall.Expect(!call.Has(4), "A GRU with linear_before_reset = 0 and lengths of sequences");
        Tensor x = call.Tensor(0);
        int length = x.Shape[0], size = call.Tensor(2).Columns, directions = call[1].Sizes[0];
        bool isReverse = call.Text("direction", "forward") == "reverse";
        var (outputs, states) = (new Tensor[directions], new Tensor[directions]);
        for (int d = 0; d < directions; d++)
        {
            RecurrentWeights weights = Weights(call, d, GruOrder);
            Tensor[] hidden = weights.Hidden.Split(0, 2 * size, size), bias = weights.HiddenBias.Split(0, 2 * size, size);
            Tensor h = call.OptionalTensor(5)?.Select(0, d) ?? Tensor.Zeros(x.Shape[1], size);
            var steps = new Tensor[length];
            for (int i = 0; i < length; i++)
            {
                int t = isReverse || d == 1 ? length - 1 - i : i;
                Tensor[] input = (x.Select(0, t).MatMul(weights.Input, transposeY: true) + weights.InputBias).Split(1, 2 * size, size);
                Tensor[] gates = (input[0] + h.MatMul(hidden[0], transposeY: true) + bias[0]).Sigmoid().Split(1, size, size);
                Tensor next = (input[1] + (gates[0] * h).MatMul(hidden[1], transposeY: true) + bias[1]).Tanh();
                h = next + (gates[1] * (h - next));
                steps[t] = h.Unsqueeze(0);
            }

            outputs[d] = Arrangement.Concat(0, steps).Unsqueeze(1);
            states[d] = h.Unsqueeze(0);
        }

        return [Arrangement.Concat(1, outputs), Arrangement.Concat(0, states)];
    }

    private static void ExpectActivations(OnnxCall call, params string[] usual)
    {
        string[] given = call.Node.Attributes.GetValueOrDefault("activations") as string[] ?? [];
        OnnxCall.Expect(given.Where((name, i) => !name.Equals(usual[i % usual.Length], StringComparison.OrdinalIgnoreCase)).FirstOrDefault() is null,
            $"A recurrence with the activations {string.Join(", ", given)}");
        OnnxCall.Expect(!call.Node.Attributes.ContainsKey("clip"), "A recurrence with clipping");
        OnnxCall.Expect(call.Int("layout", 0) == 0, "A recurrence with the batch in front");
    }
}
