using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>How large a <see cref="DeepCross"/> is.</summary>
public sealed record DeepCrossOptions
{
    /// <summary>Numbers per row, 1 or more: embeddings and numbers, one after the other.</summary>
    public required int InputSize { get; init; }

    /// <summary>Layers of products, 1 or more; n of them reach products of n + 1 features.</summary>
    public int CrossCount { get; init; } = 3;

    /// <summary>Widths of the hidden layers beside them, from the input on; 1 or more each. Wider and more learn finer, slower.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [128, 64];

    /// <summary>Share of the hidden numbers left out while learning, from 0 to below 1.</summary>
    public float Dropout { get; init; }
}

/// <summary>One logit for each row of embeddings and numbers: products of features beside hidden layers, read together.</summary>
/// <remarks>DCN-V2 in its parallel form: Wang et al., "DCN V2", WWW 2021, section 3.4.</remarks>
public sealed class DeepCross : Module
{
    private readonly int _inputSize;
    private readonly CrossNetwork _cross;
    private readonly Dense[] _deep;
    private readonly Dense _head;
    private readonly Dropout _dropout;

    /// <param name="options">Sizes.</param>
    /// <param name="random">Draws the first weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or the dropout is out of its range.</exception>
    public DeepCross(DeepCrossOptions options, Random random)
    {
        _inputSize = Ranges.Size(options.InputSize, nameof(DeepCross), nameof(options.InputSize));
        _cross = new CrossNetwork(_inputSize, Ranges.Size(options.CrossCount, nameof(DeepCross), nameof(options.CrossCount)), random);
        _deep = [.. options.HiddenSizes.Select((size, i) =>
            new Dense(i == 0 ? _inputSize : options.HiddenSizes[i - 1], Ranges.Size(size, nameof(DeepCross), nameof(options.HiddenSizes)), random))];
        _head = new Dense(_inputSize + (_deep.Length == 0 ? 0 : options.HiddenSizes[^1]), 1, random);
        _dropout = new Dropout(Ranges.Share(options.Dropout, nameof(DeepCross), nameof(options.Dropout)));
    }

    protected internal override IEnumerable<Part> Parts => [new("cross", _cross), .. Part.List("deep", _deep), new("head", _head), new("dropout", _dropout)];

    /// <param name="x">[rows, InputSize]</param>
    /// <returns>Logits: [rows, 1]</returns>
    public Tensor Forward(Tensor x)
    {
        ShapeException.Require(x.Rank == 2 && x.Columns == _inputSize, $"DeepCross takes rows [rows, {_inputSize}]; found {x}.");
        Tensor crossed = _cross.Forward(x);
        Tensor hidden = x;
        foreach (Dense layer in _deep)
        {
            hidden = _dropout.Forward(layer.Forward(hidden, Activation.Relu));
        }

        return _head.Forward(_deep.Length == 0 ? crossed : Arrangement.Concat(1, crossed, hidden));
    }
}
