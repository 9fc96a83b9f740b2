namespace Cartwright.Learning.Trees;

/// <summary>How many trees, how large, and how fast they learn.</summary>
public sealed record BoostedTreesOptions
{
    /// <summary>What the trees are fitted to.</summary>
    public TreeObjective Objective { get; init; } = TreeObjective.SquaredError;

    /// <summary>Classes, 2 or more; read for <see cref="TreeObjective.Classes"/> alone.</summary>
    public int ClassCount { get; init; } = 2;

    /// <summary>Share of the targets that should lie below the prediction, between 0 and 1; read for <see cref="TreeObjective.Quantile"/> alone.</summary>
    public float Quantile { get; init; } = 0.5f;

    /// <summary>Rounds of boosting at most, 1 or more; each adds one tree, or one for each class where there are more than two.</summary>
    public int RoundCount { get; init; } = 100;

    /// <summary>Factor of what each tree adds, above 0 to 1; smaller needs more rounds and often ends better.</summary>
    public float LearningRate { get; init; } = 0.1f;

    /// <summary>Leaves of a tree at most, 2 or more; more see more interactions and overfit sooner.</summary>
    public int LeafCount { get; init; } = 31;

    /// <summary>Rows that a leaf must hold, 1 or more.</summary>
    public int RowsPerLeaf { get; init; } = 20;

    /// <summary>Pulls the leaves to zero, 0 or more.</summary>
    public float L2 { get; init; }

    /// <summary>Bins that a column is cut into at most, 2 to 255.</summary>
    public int BinCount { get; init; } = 255;

    /// <summary>Rounds without a better validation loss after which boosting stops, 1 or more; read where there is validation.</summary>
    public int Patience { get; init; } = 10;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ClassCount, 2);
        Ranges.ThrowUnlessPositive(Quantile);
        Ranges.ThrowUnlessBelowOne(Quantile);
        ArgumentOutOfRangeException.ThrowIfLessThan(RoundCount, 1);
        Ranges.ThrowUnlessPositive(LearningRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LearningRate, 1f);
        ArgumentOutOfRangeException.ThrowIfLessThan(LeafCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(RowsPerLeaf, 1);
        Ranges.ThrowUnlessNotNegative(L2);
        ArgumentOutOfRangeException.ThrowIfLessThan(BinCount, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BinCount, FeatureBins.MostBins);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
    }
}

/// <summary>What boosted trees are fitted to.</summary>
public enum TreeObjective
{
    /// <summary>The mean of a number.</summary>
    SquaredError,

    /// <summary>A quantile of a number.</summary>
    Quantile,

    /// <summary>The mean of a count, through its logarithm.</summary>
    Poisson,

    /// <summary>The chance of each class: one tree a round for two classes, one for each class where there are more.</summary>
    Classes,
}
