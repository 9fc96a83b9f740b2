using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Optimizers;

public sealed record SgdOptions
{
    /// <summary>Size of a step, more than 0.</summary>
    public float LearningRate { get; init; } = 0.01f;

    /// <summary>Share of the last step that goes on, 0 to below 1.</summary>
    public float Momentum { get; init; }

    /// <summary>Looks ahead along the momentum.</summary>
    public bool IsNesterov { get; init; }

    /// <summary>Pulls weights to zero, as part of the gradient; larger pulls harder.</summary>
    public float WeightDecay { get; init; }
}

/// <summary>Gradient descent, with momentum where asked. Sutskever et al., "On the Importance of Initialization and Momentum", ICML 2013.</summary>
public sealed class Sgd : Optimizer
{
    private readonly SgdOptions _options;
    private readonly float[][] _velocities;

    public Sgd(Module module, SgdOptions options)
        : base(module)
    {
        _options = options;
        LearningRate = options.LearningRate;
        _velocities = ZerosPerWeight();
    }

    public override float LearningRate { get; set; }

    private protected override void Update(int index, Tensor weight) => SgdKernel.Step(weight.Output, weight.Gradient,
        _velocities[index], LearningRate, _options.Momentum, _options.WeightDecay, _options.IsNesterov);

    private protected override IEnumerable<KeyValuePair<string, float[]>> State() => Named("velocity", _velocities);
}
