using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>The weights of one direction of one recurrent layer, its gates one after the other.</summary>
/// <param name="Input">[gates · hidden, input]</param>
/// <param name="Hidden">[gates · hidden, hidden]</param>
/// <param name="InputBias">[gates · hidden]</param>
/// <param name="HiddenBias">[gates · hidden]</param>
internal sealed record RecurrentWeights(Tensor Input, Tensor Hidden, Tensor InputBias, Tensor HiddenBias);

/// <summary>States before the first step or after the last one: [layers · directions, sequences, hidden] each.</summary>
/// <param name="Memory">Of an LSTM only.</param>
internal sealed record RecurrentStates(Tensor? Hidden, Tensor? Memory);

/// <summary>Recurrent layers over whole sequences.</summary>
internal static class Recurrence
{
    /// <summary>All layers, each in all its directions.</summary>
    /// <param name="x">[tokens, input]</param>
    /// <param name="layers">Layer l has the directions layers[l]: forward, and where there are two, backward.</param>
    /// <param name="initial">Where nothing is given, zeros.</param>
    /// <param name="dropout">Share dropped between layers.</param>
    /// <returns>[tokens, directions · hidden] of the last layer, and the states after the last step of each sequence.</returns>
    public static (Tensor Output, Tensor Hidden, Tensor? Memory) Run<TCell>(
        Tensor x, SequenceBlocks sequences, RecurrentWeights[][] layers, RecurrentStates initial, float dropout)
        where TCell : struct, IRecurrentCell
    {
        int size = layers[0][0].Hidden.Columns;
        int[] shape = [layers.Length * layers[0].Length, sequences.SequenceCount, size];
        ThrowUnlessShape(initial.Hidden, shape);
        ThrowUnlessShape(initial.Memory, shape);

        // Every layer writes its part of these; they become results, with gradients, once all layers are there.
        var final = new FinalStates(Tensor.Uninitialized(shape), TCell.HasMemory ? Tensor.Uninitialized(shape) : null);
        var outputs = new Tensor[layers.Length];
        Tensor first = x;
        for (int l = 0; l < layers.Length; l++)
        {
            outputs[l] = Layer<TCell>(x, sequences, layers[l], initial, final, l * layers[l].Length);
            x = l < layers.Length - 1 ? outputs[l].Dropout(dropout) : outputs[l];
        }

        final.Hidden = Reachable(final.Hidden, outputs);
        final.Memory = final.Memory is null ? null : Reachable(final.Memory, outputs);
        if (OperationTrace.Current is { } trace)
        {
            RecurrenceTrace.Record<TCell>(trace, first, sequences, layers, initial, outputs, new RecurrentStates(final.Hidden, final.Memory));
        }

        return (x, final.Hidden, final.Memory);
    }

    /// <summary>A result of all layers whose gradient they fetch for themselves when their turn comes.</summary>
    private static Tensor Reachable(Tensor states, Tensor[] outputs)
    {
        Tensor result = Tensor.Result(states.Dimensions, outputs, result =>
        {
            // A layer of which nothing but the final states is used has no gradient yet, and would not have its turn.
            foreach (Tensor output in outputs)
            {
                _ = output.GradientSum;
            }
        });
        states.Values.CopyTo(result.Output);
        return result;
    }

    private static Tensor Layer<TCell>(
        Tensor x, SequenceBlocks sequences, RecurrentWeights[] directions, RecurrentStates initial, FinalStates final, int firstState)
        where TCell : struct, IRecurrentCell
    {
        (int tokens, int size) = (sequences.Tokens, directions[0].Hidden.Columns);
        ShapeException.Require(x.Rows == tokens, $"A recurrent layer needs offsets that end at the number of tokens, {x.Rows}; they end at {tokens}.");
        ShapeException.Require(
            x.Columns == directions[0].Input.Columns,
            $"A recurrent layer with {directions[0].Input.Columns} inputs takes tokens of as many numbers; found {x}.");
        int columns = TCell.GateCount * size;
        Tensor[] gates = Array.ConvertAll(directions, _ => Tensor.Uninitialized([tokens, columns]));
        Tensor[] kept = Array.ConvertAll(directions, _ => Tensor.Uninitialized([TCell.HasMemory || TCell.KeepsLastProduct ? tokens : 0, size]));
        bool areGatesOverwritten = false;
        Tensor output = Tensor.Result([tokens, directions.Length * size], Inputs(x, directions, initial), output =>
        {
            if (areGatesOverwritten)
            {
                throw new InvalidOperationException(
                    "A recurrent layer passes gradients back once, since they overwrite its gates. Add the losses up and call Backward once, or call the layer again.");
            }

            areGatesOverwritten = true;
            Tensor previous = Tensor.Uninitialized([tokens, size]);
            for (int d = 0; d < directions.Length; d++)
            {
                RecurrentPass pass = Pass(d, output, final.Hidden.Storage.GradientInPlace, final.Memory is null ? [] : final.Memory.Storage.GradientInPlace);
                RecurrentKernel.Backward<TCell>(pass, output.Gradient, previous.Output,
                    StateGradient(initial.Hidden, firstState + d), StateGradient(initial.Memory, firstState + d));
                AddGradients<TCell>(x, directions[d], gates[d], kept[d], previous);
            }
        });

        for (int d = 0; d < directions.Length; d++)
        {
            Gemm.Multiply(x.Values, false, directions[d].Input.Values, true, gates[d].Output, tokens, columns, x.Columns, 0);
            RecurrentKernel.Forward<TCell>(Pass(d, output, final.Hidden.Output, final.Memory is null ? [] : final.Memory.Output));
        }

        sequences.ClearGaps(output.Output, output.Columns);
        return output;

        RecurrentPass Pass(int d, Tensor output, Span<float> finalHidden, Span<float> finalMemory) => new()
        {
            Sequences = sequences,
            IsReversed = d == 1,
            Size = size,
            HiddenWeight = directions[d].Hidden.Values,
            InputBias = directions[d].InputBias.Values,
            HiddenBias = directions[d].HiddenBias.Values,
            Gates = gates[d].Output,
            Kept = kept[d].Output,
            Output = output.Output,
            OutputColumns = output.Columns,
            OutputColumn = d * size,
            InitialHidden = State(initial.Hidden is null ? [] : initial.Hidden.Output, firstState + d),
            InitialMemory = State(initial.Memory is null ? [] : initial.Memory.Output, firstState + d),
            FinalHidden = State(finalHidden, firstState + d),
            FinalMemory = State(finalMemory, firstState + d),
        };

        Span<float> State(Span<float> all, int index) =>
            all.IsEmpty ? [] : all.Slice(index * sequences.SequenceCount * size, sequences.SequenceCount * size);

        Span<float> StateGradient(Tensor? states, int index) =>
            states is { RequiresGradient: true } ? State(states.GradientSum, index) : [];
    }

    private static Tensor[] Inputs(Tensor x, RecurrentWeights[] directions, RecurrentStates initial)
    {
        List<Tensor> inputs = [x];
        foreach (RecurrentWeights weights in directions)
        {
            inputs.AddRange([weights.Input, weights.Hidden, weights.InputBias, weights.HiddenBias]);
        }

        inputs.AddRange(new[] { initial.Hidden, initial.Memory }.OfType<Tensor>());
        return [.. inputs];
    }

    private static void AddGradients<TCell>(Tensor x, RecurrentWeights weights, Tensor gates, Tensor kept, Tensor previous)
        where TCell : struct, IRecurrentCell
    {
        (int tokens, int columns, int size) = (gates.Rows, gates.Columns, previous.Columns);
        if (RecurrentOnePass.IsWorthwhile(tokens, columns, x.Columns, size))
        {
            bool isFreshX = true;
            Span<float> gradX = x.RequiresGradient ? x.Storage.GradientToFill(out isFreshX) : [];
            RecurrentOnePass.Backward(gates.Values, TCell.KeepsLastProduct ? kept.Values : [], previous.Values, x.Values, weights.Input.Values,
                gradX, isFreshX, Sum(weights.Input), Sum(weights.Hidden), Sum(weights.InputBias), Sum(weights.HiddenBias), tokens, x.Columns, size);
            return;
        }

        if (x.RequiresGradient)
        {
            Span<float> gradX = x.Storage.GradientToFill(out bool isFresh);
            Gemm.Multiply(gates.Values, false, weights.Input.Values, false, gradX, tokens, x.Columns, columns, isFresh ? 0 : 1);
        }

        if (weights.Input.RequiresGradient)
        {
            Span<float> gradient = weights.Input.Storage.GradientToFill(out bool isFresh);
            Gemm.Multiply(gates.Values, true, x.Values, false, gradient, columns, x.Columns, tokens, isFresh ? 0 : 1);
        }

        if (weights.Hidden.RequiresGradient)
        {
            Span<float> gradient = weights.Hidden.Storage.GradientToFill(out bool isFresh);
            RecurrentGradients.Weight<TCell>(gates.Values, kept.Values, previous.Values, gradient, size, isFresh ? 0 : 1);
        }

        RecurrentGradients.Biases<TCell>(gates.Values, kept.Values, Sum(weights.InputBias), Sum(weights.HiddenBias), size);
    }

    private static Span<float> Sum(Tensor weight) => weight.RequiresGradient ? weight.GradientSum : [];

    private static void ThrowUnlessShape(Tensor? states, ReadOnlySpan<int> shape)
    {
        if (states is not null && !states.Dimensions.SequenceEqual(shape))
        {
            throw new ShapeException($"An initial state is {states}; [{string.Join(", ", shape.ToArray())}] is asked for: layers · directions, sequences, hidden size.");
        }
    }

    private sealed class FinalStates(Tensor hidden, Tensor? memory)
    {
        public Tensor Hidden { get; set; } = hidden;

        public Tensor? Memory { get; set; } = memory;
    }
}
