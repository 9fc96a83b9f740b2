using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using static System.FormattableString;

namespace Cartwright.Learning.Optimizers;

/// <remarks>Weight decay is part of the gradient.</remarks>
public sealed record RmsPropOptions : OptimizerOptions
{
    public override float LearningRate { get; init; } = 0.01f;

    /// <summary>Memory of the mean squared gradient, 0 to below 1; larger is smoother.</summary>
    public float Memory { get; init; } = 0.99f;

    /// <summary>Keeps a weight with hardly any gradient from a huge step, more than 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    private protected override string Kind => Invariant($"RMSProp with memory {Memory}, epsilon {Epsilon}");

    internal override void Validate()
    {
        base.Validate();
        Ranges.ThrowUnlessBelowOne(Memory);
        Ranges.ThrowUnlessPositive(Epsilon);
    }
}

/// <summary>Steps divided by the root of the mean of recent squared gradients.</summary>
/// <remarks>Tieleman and Hinton, "Lecture 6.5: RMSProp", Coursera, 2012.</remarks>
public sealed class RmsProp : OneStateOptimizer
{
    private readonly RmsPropOptions _options;

    public RmsProp(Module module, RmsPropOptions options)
        : base(module, options, "square") => _options = options;

    private protected override void Update(int index, Tensor weight) =>
        Update(index, weight, new RmsPropRule(RateOf(index), _options.Memory, _options.Epsilon, DecayOf(index)));
}
