using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using static System.FormattableString;

namespace Cartwright.Learning.Optimizers;

/// <remarks>Weight decay is part of the gradient.</remarks>
public sealed record SgdOptions : OptimizerOptions
{
    public override float LearningRate { get; init; } = 0.01f;

    /// <summary>Share of the last step that goes on, 0 to below 1.</summary>
    public float Momentum { get; init; }

    /// <summary>Looks ahead along the momentum.</summary>
    public bool IsNesterov { get; init; }

    private protected override string Kind => Invariant($"gradient descent with momentum {Momentum}{(IsNesterov ? ", looking ahead" : "")}");

    internal override void Validate()
    {
        base.Validate();
        Ranges.ThrowUnlessBelowOne(Momentum);
    }
}

/// <summary>Gradient descent, with momentum where asked. Sutskever et al., "On the Importance of Initialization and Momentum", ICML 2013.</summary>
public sealed class Sgd : OneStateOptimizer
{
    private readonly SgdOptions _options;

    public Sgd(Module module, SgdOptions options)
        : base(module, options, "velocity") => _options = options;

    private protected override void Update(int index, Tensor weight) =>
        Update(index, weight, new SgdRule(RateOf(index), _options.Momentum, DecayOf(index), _options.IsNesterov));
}
