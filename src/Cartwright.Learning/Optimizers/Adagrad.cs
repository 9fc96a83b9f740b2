using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Optimizers;

/// <remarks>Weight decay is part of the gradient.</remarks>
public sealed record AdagradOptions : OptimizerOptions
{
    public override float LearningRate { get; init; } = 0.01f;

    /// <summary>Keeps a weight with hardly any gradient from a huge step, more than 0.</summary>
    public float Epsilon { get; init; } = 1e-10f;

    internal override void Validate()
    {
        base.Validate();
        Ranges.ThrowUnlessPositive(Epsilon);
    }
}

/// <summary>Steps divided by the root of the sum of all squared gradients so far: rare features keep large steps.</summary>
/// <remarks>Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", JMLR 2011.</remarks>
public sealed class Adagrad : OneStateOptimizer
{
    private readonly AdagradOptions _options;

    public Adagrad(Module module, AdagradOptions options)
        : base(module, options, "sum") => _options = options;

    private protected override void Update(int index, Tensor weight) =>
        Update(index, weight, new AdagradRule(RateOf(index), _options.Epsilon, DecayOf(index)));
}
