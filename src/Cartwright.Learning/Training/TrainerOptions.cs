using Cartwright.Learning.Distributed;

namespace Cartwright.Learning.Training;

public sealed record TrainerOptions
{
    public required int Seed { get; init; }

    /// <summary>Passes over the data, at most; 1 or more.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Epochs between two validations; 1 or more. Larger is quicker and stops later.</summary>
    public int ValidationInterval { get; init; } = 1;

    /// <summary>Validations without a new best after which training stops; 1 or more.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Wall time after which training stops with the best weights so far; 0 or more, null for no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Batches whose mean gradient makes one step of the optimizer; 1 or more. Larger stands for a larger batch in the same memory.</summary>
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>Largest length of the gradient of a step, more than 0; null for no limit.</summary>
    public float? MaxGradientNorm { get; init; }

    /// <summary>Memory of a moving average of the weights, which is validated and kept in place of the weights themselves; 0 to below 1, larger is
    /// smoother; null keeps none.</summary>
    public float? AverageDecay { get; init; }

    /// <summary>A loss this many times the usual one stops the training; more than 1. Larger lets wilder runs go on.</summary>
    public float MaxLossGrowth { get; init; } = 1000;

    /// <summary>Folder for <c>checkpoint.safetensors</c>, made where it is not there; the file is written after every epoch. Null for none. One that is there is resumed.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>True goes on from a checkpoint though batches, learning rate, weight decay, limits or validation were other, as at a lower rate after
    /// a training went astray; the optimizer is still of the kind it was, and there is an average only if there was one. False refuses it and says
    /// what differs, since it may be of another experiment; more epochs, minutes or patience are never refused.</summary>
    public bool AllowsOtherSettings { get; init; }

    /// <summary>The processes that train together; null trains in this one alone.</summary>
    /// <remarks>
    /// The plan's loss is then the mean over this rank's part of the batch (<see cref="ProcessGroup.PartOf"/>). Rank 0 alone
    /// validates and writes the checkpoint; all ranks end with the same weights.
    /// </remarks>
    public ProcessGroup? Group { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidationInterval, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(GradientAccumulation, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TimeLimit ?? TimeSpan.Zero, TimeSpan.Zero, nameof(TimeLimit));
        if (MaxGradientNorm is not (null or > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(MaxGradientNorm), MaxGradientNorm, "The largest length of a gradient is more than 0; null is no limit.");
        }

        if (AverageDecay is not (null or (>= 0 and < 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(AverageDecay), AverageDecay, "The memory of the average is from 0 to below 1; null is no average.");
        }

        if (!(MaxLossGrowth > 1))
        {
            throw new ArgumentOutOfRangeException(nameof(MaxLossGrowth), MaxLossGrowth, "The growth of the loss that stops a training is more than 1.");
        }
    }
}
