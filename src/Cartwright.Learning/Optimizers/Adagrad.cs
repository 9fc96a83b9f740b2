using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using static System.FormattableString;

namespace Cartwright.Learning.Optimizers;

/// <remarks>Weight decay is part of the gradient.</remarks>
public sealed record AdagradOptions : OptimizerOptions
{
    public override float LearningRate { get; init; } = 0.01f;

    /// <summary>Keeps a weight with hardly any gradient from a huge step, more than 0.</summary>
    public float Epsilon { get; init; } = 1e-10f;

    /// <summary>Where the sums begin, 0 or more; it stands under the root, so small gradients count for less until theirs exceed it.</summary>
    public float InitialSum { get; init; }

    /// <summary>Share of the last step that goes on, 0 to below 1.</summary>
    public float Momentum { get; init; }

    private protected override string Kind => Invariant($"Adagrad with momentum {Momentum}, epsilon {Epsilon}, first sum {InitialSum}");

    internal override void Validate()
    {
        base.Validate();
        Ranges.ThrowUnlessBelowOne(Momentum);
        Ranges.ThrowUnlessPositive(Epsilon);
        Ranges.ThrowUnlessNotNegative(InitialSum);
    }
}

/// <summary>Steps divided by the root of the sum of all squared gradients so far: rare features keep large steps.</summary>
/// <remarks>
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", JMLR 2011. Momentum is
/// taken of the divided steps, as Hidasi et al., "Session-based Recommendations with Recurrent Neural Networks", ICLR 2016, train.
/// </remarks>
public sealed class Adagrad : OneStateOptimizer
{
    private readonly AdagradOptions _options;
    private readonly Storage[] _velocities;

    public Adagrad(Module module, AdagradOptions options)
        : base(module, options, "sum")
    {
        _options = options;
        _velocities = options.Momentum > 0 ? ZerosPerWeight() : [];
        foreach ((_, Storage sums) in base.State())
        {
            sums.Values.Fill(options.InitialSum);
        }
    }

    private protected override void Update(int index, Tensor weight)
    {
        if (_options.Momentum == 0)
        {
            Update(index, weight, new AdagradRule(RateOf(index), _options.Epsilon, DecayOf(index)));
            return;
        }

        Span<float> sums = StateOf(index).Values;
        Span<float> velocities = _velocities[index].Values;
        AdagradKernel.Settings settings = new(RateOf(index), _options.Momentum, _options.Epsilon, DecayOf(index));
        if (RowsToUpdate(weight) is { } touched)
        {
            AdagradKernel.StepRows(settings, weight.Output, touched.Values, sums, velocities, touched.Rows, touched.Columns);
        }
        else
        {
            AdagradKernel.Step(settings, weight.Output, weight.Gradient, sums, velocities);
        }
    }

    private protected override IEnumerable<KeyValuePair<string, Storage>> State() =>
        _options.Momentum == 0 ? base.State() : base.State().Concat(Named("velocity", _velocities));
}
