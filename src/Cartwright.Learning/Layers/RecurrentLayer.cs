using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>What recurrent layers answer.</summary>
/// <param name="Output">The last layer's state at every token, backward direction behind the forward one: [tokens, directions · hidden], or
/// [batch, length, directions · hidden] where the input was padded, with zeros at the padding.</param>
/// <param name="Hidden">Each layer's state after its last step: [layers · directions, sequences, hidden].</param>
/// <param name="Memory">An LSTM's memory (cell state) after the last step, of the same shape; null for others.</param>
public readonly record struct RecurrentOutput(Tensor Output, Tensor Hidden, Tensor? Memory);

/// <summary>What <see cref="Elman"/>, <see cref="Lstm"/> and <see cref="Gru"/> share: weights, directions, ways to lay out a batch.</summary>
/// <remarks>
/// Sequences lie one after the other without padding, as everywhere here: no product is spent on padding, and at each step the
/// sequences that have ended drop out. A batch of equal lengths is the same memory. Weights have PyTorch's names, shapes and first values.
/// </remarks>
public abstract class RecurrentLayer : Module
{
    private readonly RecurrentWeights[][] _layers;
    private readonly Part[] _parts;
    private readonly float _dropout;

    private protected RecurrentLayer(
        int gateCount, int inputSize, int hiddenSize, Random random, int layerCount, bool isBidirectional, float dropout)
    {
        string name = GetType().Name;
        _dropout = Ranges.Share(dropout, name);
        InputSize = Ranges.Size(inputSize, name);
        HiddenSize = Ranges.Size(hiddenSize, name);
        int gates = Array.MaxLength / gateCount >= hiddenSize ? gateCount * hiddenSize : throw new ArgumentOutOfRangeException(
            nameof(hiddenSize), hiddenSize, $"hiddenSize of {name} is too large for weights of one array.");
        DirectionCount = isBidirectional ? 2 : 1;
        _layers = new RecurrentWeights[Ranges.Size(layerCount, name)][];
        List<Part> parts = [];
        float bound = 1 / MathF.Sqrt(hiddenSize);
        for (int layer = 0; layer < layerCount; layer++)
        {
            _layers[layer] = new RecurrentWeights[DirectionCount];
            for (int direction = 0; direction < DirectionCount; direction++)
            {
                RecurrentWeights weights = new(
                    Initialize.Uniform(random, bound, gates, layer == 0 ? inputSize : DirectionCount * hiddenSize),
                    Initialize.Uniform(random, bound, gates, hiddenSize),
                    Initialize.Uniform(random, bound, gates),
                    Initialize.Uniform(random, bound, gates));
                string suffix = $"l{layer}{(direction == 0 ? "" : "_reverse")}";
                parts.AddRange([new($"weight_ih_{suffix}", weights.Input), new($"weight_hh_{suffix}", weights.Hidden),
                    new($"bias_ih_{suffix}", weights.InputBias), new($"bias_hh_{suffix}", weights.HiddenBias)]);
                _layers[layer][direction] = weights;
            }
        }

        _parts = [.. parts];
    }

    public int InputSize { get; }

    public int HiddenSize { get; }

    public int LayerCount => _layers.Length;

    /// <summary>1, or 2 where sequences are read from both ends.</summary>
    public int DirectionCount { get; }

    protected internal override IEnumerable<Part> Parts => _parts;

    private protected RecurrentOutput Run<TCell>(Tensor x, int[] offsets, Tensor? hidden, Tensor? memory)
        where TCell : struct, IRecurrentCell
    {
        ShapeException.Require(
            x.Rank == 2 && x.Columns == InputSize,
            $"{GetType().Name} takes tokens [tokens, {InputSize}]; found {x}. Padded batches go to ForwardPadded.");
        return Run<TCell>(x, SequenceBlocks.Of(offsets), hidden, memory);
    }

    private protected RecurrentOutput RunPadded<TCell>(Tensor x, int[] lengths, Tensor? hidden, Tensor? memory)
        where TCell : struct, IRecurrentCell
    {
        ShapeException.Require(x.Rank == 3 && x.Columns == InputSize, $"{GetType().Name} takes padded sequences [batch, length, {InputSize}]; found {x}.");
        (int batch, int length) = (x.Shape[0], x.Shape[1]);
        ShapeException.Require(lengths.Length == batch, $"{GetType().Name} needs a length for each of {batch} sequences; found {lengths.Length}.");
        RecurrentOutput answer = Run<TCell>(x.Reshape(batch * length, InputSize), SequenceBlocks.Padded(lengths, length), hidden, memory);
        return answer with { Output = answer.Output.Reshape(batch, length, DirectionCount * HiddenSize) };
    }

    /// <summary>One step of one sequence through all layers.</summary>
    private protected void StepOnce<TCell>(ReadOnlySpan<float> x, Span<float> hidden, Span<float> memory)
        where TCell : struct, IRecurrentCell
    {
        if (DirectionCount != 1)
        {
            throw new InvalidOperationException("A layer that reads from both ends can't go step by step: it needs the end. Use Forward.");
        }

        ShapeException.Require(x.Length == InputSize, $"A step of {GetType().Name} takes {InputSize} numbers; found {x.Length}.");
        ShapeException.Require(
            hidden.Length == (long)LayerCount * HiddenSize,
            $"A step of {GetType().Name} has a state of {(long)LayerCount * HiddenSize} numbers: layers times hidden size; found {hidden.Length}.");
        ShapeException.Require(
            memory.Length == (TCell.HasMemory ? hidden.Length : 0),
            $"A step of {GetType().Name} has a memory as long as its state, {hidden.Length} numbers; found {memory.Length}.");
        for (int layer = 0; layer < LayerCount; layer++)
        {
            RecurrentWeights weights = _layers[layer][0];
            Range own = (layer * HiddenSize)..((layer + 1) * HiddenSize);
            RecurrentStep.Forward<TCell>(x, weights.Input.Values, weights.Hidden.Values, weights.InputBias.Values, weights.HiddenBias.Values,
                hidden[own], TCell.HasMemory ? memory[own] : []);
            x = hidden[own];
        }
    }

    private RecurrentOutput Run<TCell>(Tensor x, SequenceBlocks sequences, Tensor? hidden, Tensor? memory)
        where TCell : struct, IRecurrentCell
    {
        (Tensor output, Tensor finalHidden, Tensor? finalMemory) =
            Recurrence.Run<TCell>(x, sequences, _layers, new RecurrentStates(hidden, memory), IsTraining ? _dropout : 0);
        return new RecurrentOutput(output, finalHidden, finalMemory);
    }
}
