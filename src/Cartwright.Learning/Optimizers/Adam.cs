using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Optimizers;

public sealed record AdamOptions
{
    /// <summary>Size of a step, more than 0.</summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>Memory of the mean gradient, 0 to below 1; larger is smoother.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Memory of the mean squared gradient, 0 to below 1.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Keeps a weight with hardly any gradient from a huge step.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Pulls weights to zero; larger pulls harder.</summary>
    public float WeightDecay { get; init; }

    /// <summary>True: decay apart from the gradient (AdamW). False: decay as part of it.</summary>
    public bool IsDecayDecoupled { get; init; } = true;

    /// <summary>True: rows of an embedding that no example touched stay as they are, moments too, which is quicker and remembers
    /// rare rows longer. False: every row moves at every step, as a dense gradient would have it.</summary>
    public bool UpdatesTouchedRowsOnly { get; init; }
}

/// <summary>Steps scaled by the mean and the mean square of past gradients.</summary>
/// <remarks>
/// Kingma and Ba, "Adam", ICLR 2015; Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019. With rows only,
/// as PyTorch's SparseAdam: the bias correction counts all steps.
/// </remarks>
public sealed class Adam : Optimizer
{
    private readonly AdamOptions _options;
    private readonly float[][] _means;
    private readonly float[][] _squares;

    public Adam(Module module, AdamOptions options)
        : base(module)
    {
        _options = options;
        LearningRate = options.LearningRate;
        _means = ZerosPerWeight();
        _squares = ZerosPerWeight();
    }

    public override float LearningRate { get; set; }

    private protected override void Update(int index, Tensor weight)
    {
        (AdamOptions o, float[] means, float[] squares) = (_options, _means[index], _squares[index]);
        if (o.UpdatesTouchedRowsOnly && weight.Storage.TouchedRows is { } touched)
        {
            AdamKernel.StepRows(weight.Output, touched.Values, means, squares, touched.Rows, weight.Columns,
                LearningRate, o.Beta1, o.Beta2, o.Epsilon, o.WeightDecay, o.IsDecayDecoupled, StepCount);
            return;
        }

        AdamKernel.Step(weight.Output, weight.Gradient, means, squares,
            LearningRate, o.Beta1, o.Beta2, o.Epsilon, o.WeightDecay, o.IsDecayDecoupled, StepCount);
    }

    private protected override IEnumerable<KeyValuePair<string, float[]>> State() =>
        Named("mean", _means).Concat(Named("square", _squares));
}
