using Cartwright.Learning.Tensors;
using static System.FormattableString;

namespace Cartwright.Learning.Optimizers;

/// <summary>What all optimizers are told.</summary>
public abstract record OptimizerOptions
{
    /// <summary>Size of a step, more than 0; larger learns faster until it no longer learns.</summary>
    public abstract float LearningRate { get; init; }

    /// <summary>Pulls weights to zero, 0 or more; larger pulls harder.</summary>
    public float WeightDecay { get; init; }

    /// <summary>True: rows of an embedding that no example touched stay as they are, and what is kept beside them too, which is quicker and
    /// remembers rare rows longer. False: every row moves at every step, as a dense gradient would have it.</summary>
    public bool UpdatesTouchedRowsOnly { get; init; }

    /// <summary>Weights that learn otherwise than the rest. The first group that holds a weight counts for it.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; init; } = [];

    /// <summary>Kind and settings in words, without the learning rate.</summary>
    internal string Description => Kind + Invariant($", weight decay {WeightDecay}")
        + (UpdatesTouchedRowsOnly ? ", touched rows only" : "")
        + string.Concat(Groups.Select(group => Invariant($", a group with {group.LearningRateFactor} of the rate and weight decay {group.WeightDecay ?? WeightDecay}")));

    /// <summary>The kind of optimizer with what it alone is told, in words.</summary>
    private protected abstract string Kind { get; }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    internal virtual void Validate()
    {
        Ranges.ThrowUnlessPositive(LearningRate);
        Ranges.ThrowUnlessNotNegative(WeightDecay);
        foreach (ParameterGroup group in Groups)
        {
            Ranges.ThrowUnlessNotNegative(group.LearningRateFactor);
            Ranges.ThrowUnlessNotNegative(group.WeightDecay ?? 0);
        }
    }
}

/// <summary>Weights with a learning rate and a decay of their own.</summary>
public sealed record ParameterGroup
{
    /// <summary>True for the weights of the group, by name and tensor.</summary>
    public required Func<string, Tensor, bool> Holds { get; init; }

    /// <summary>Factor of the optimizer's learning rate, whatever a schedule makes of it; 0 leaves the weights as they are.</summary>
    public float LearningRateFactor { get; init; } = 1;

    /// <summary>In place of the optimizer's; null takes that.</summary>
    public float? WeightDecay { get; init; }

    /// <summary>Biases and what normalizations learn: all weights with one axis. Pulling them to zero only does harm.</summary>
    public static ParameterGroup WithoutDecay { get; } = new() { Holds = (_, weight) => weight.Rank < 2, WeightDecay = 0 };
}
