using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Recurrent layers in operations of the ONNX standard.</summary>
internal static class RecurrenceTrace
{
    /// <param name="x">[tokens, input]</param>
    /// <param name="layers">Weights of each layer in each direction.</param>
    /// <param name="outputs">What each layer gave.</param>
    /// <param name="final">States after the last step.</param>
    /// <exception cref="NotSupportedException">The sequences differ in length, and the model is not given how.</exception>
    public static void Record<TCell>(
        OperationTrace trace, Tensor x, SequenceBlocks sequences, RecurrentWeights[][] layers, RecurrentStates initial, Tensor[] outputs, RecurrentStates final)
        where TCell : struct, IRecurrentCell
    {
        var traced = TracedSequences.Of(trace, sequences, out TracedInput lengths);
        (string type, int[] order) = typeof(TCell) == typeof(LstmCell) ? ("LSTM", OnnxRecurrence.LstmOrder)
            : typeof(TCell) == typeof(GruCell) ? ("GRU", OnnxRecurrence.GruOrder) : ("RNN", (int[])[0]);
        int size = layers[0][0].Hidden.Columns, directions = layers[0].Length;
        List<(string, object)> settings = [("hidden_size", (long)size), ("direction", directions == 2 ? "bidirectional" : "forward")];
        if (type == "GRU")
        {
            settings.Add(("linear_before_reset", 1L));
        }

        if (lengths.Value is not null)
        {
            lengths = trace.Node("Cast", [lengths], ("to", 6L));         // the operators take lengths of 32 bits
        }

        var (hidden, memory) = (new List<TracedInput>(), new List<TracedInput>());
        for (int l = 0; l < layers.Length; l++)
        {
            Tensor input = l == 0 ? x : outputs[l - 1];
            TracedValue steps = trace.Node("Transpose", [traced.Fill(input, input.Columns)], ("perm", new long[] { 1, 0, 2 }));
            List<TracedInput> inputs = [steps, Joined(l, w => Ordered(w.Input)), Joined(l, w => Ordered(w.Hidden)), Joined(l, Biases), lengths, State(initial.Hidden, l)];
            if (TCell.HasMemory)
            {
                inputs.Add(State(initial.Memory, l));
            }

            TracedValue[] results = trace.Node(type, TCell.HasMemory ? 3 : 2, inputs.ToArray(), settings.ToArray());
            traced.RecordCut(outputs[l], trace.Node("Transpose", [results[0]], ("perm", new long[] { 2, 0, 1, 3 })));
            hidden.Add(results[1]);
            memory.Add(results[^1]);
        }

        trace.Record(final.Hidden!, "Concat", hidden.ToArray(), ("axis", 0L));
        if (final.Memory is { } last)
        {
            trace.Record(last, "Concat", memory.ToArray(), ("axis", 0L));
        }

        // A weight of every direction, one behind the other: [directions, …].
        TracedValue Joined(int layer, Func<RecurrentWeights, TracedValue> pick) => trace.Node("Concat",
            Array.ConvertAll(layers[layer], weights => (TracedInput)trace.Node("Unsqueeze", [pick(weights), (int[])[0]])), ("axis", 0L));

        // The gates in ONNX's order: place i of ours is place order[i] of theirs.
        TracedValue Ordered(Tensor weight)
        {
            int[] back = [.. Enumerable.Range(0, order.Length).Select(place => Array.IndexOf(order, place))];
            TracedValue gates = trace.Node("Gather", [trace.Node("Reshape", [weight, (int[])[order.Length, weight.Length / order.Length]]), back], ("axis", 0L));
            return trace.Node("Reshape", [gates, weight.Dimensions.ToArray()]);
        }

        TracedValue Biases(RecurrentWeights weights) => trace.Node("Concat", [Ordered(weights.InputBias), Ordered(weights.HiddenBias)], ("axis", 0L));

        TracedInput State(Tensor? states, int layer) => states is null ? default(TracedInput)
            : trace.Node("Slice", [states, (int[])[layer * directions], (int[])[(layer + 1) * directions], (int[])[0]]);
    }
}
