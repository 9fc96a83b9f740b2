using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using static System.FormattableString;

namespace Cartwright.Learning.Optimizers;

public sealed record AdamOptions : OptimizerOptions
{
    public override float LearningRate { get; init; } = 0.001f;

    /// <summary>Memory of the mean gradient, 0 to below 1; larger is smoother.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Memory of the mean squared gradient, 0 to below 1.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Keeps a weight with hardly any gradient from a huge step, more than 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>True: decay apart from the gradient (AdamW). False: decay as part of it.</summary>
    public bool IsDecayDecoupled { get; init; } = true;

    private protected override string Kind => Invariant($"Adam with memories {Beta1} and {Beta2}, epsilon {Epsilon}, decay {(IsDecayDecoupled ? "apart" : "in the gradient")}");

    internal override void Validate()
    {
        base.Validate();
        Ranges.ThrowUnlessBelowOne(Beta1);
        Ranges.ThrowUnlessBelowOne(Beta2);
        Ranges.ThrowUnlessPositive(Epsilon);
    }
}

/// <summary>Steps scaled by the mean and the mean square of past gradients.</summary>
/// <remarks>
/// Kingma and Ba, "Adam", ICLR 2015; Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019. With rows only,
/// as PyTorch's SparseAdam: the bias correction counts all steps.
/// </remarks>
public sealed class Adam : Optimizer
{
    private readonly AdamOptions _options;
    private readonly Storage[] _means;
    private readonly Storage[] _squares;

    public Adam(Module module, AdamOptions options)
        : base(module, options)
    {
        _options = options;
        _means = ZerosPerWeight();
        _squares = ZerosPerWeight();
    }

    private protected override void Update(int index, Tensor weight)
    {
        AdamOptions o = _options;
        Span<float> means = _means[index].Values;
        Span<float> squares = _squares[index].Values;
        if (RowsToUpdate(weight) is { } touched)
        {
            AdamKernel.StepRows(weight.Output, touched.Values, means, squares, touched.Rows, weight.Columns,
                RateOf(index), o.Beta1, o.Beta2, o.Epsilon, DecayOf(index), o.IsDecayDecoupled, StepCount);
            return;
        }

        AdamKernel.Step(weight.Output, weight.Gradient, means, squares,
            RateOf(index), o.Beta1, o.Beta2, o.Epsilon, DecayOf(index), o.IsDecayDecoupled, StepCount);
    }

    private protected override IEnumerable<KeyValuePair<string, Storage>> State() =>
        Named("mean", _means).Concat(Named("square", _squares));
}
