using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>All that a recommendation model may learn from. Test steps are not in it.</summary>
public sealed record TrainingData
{
    /// <summary>Products in the catalog, whether anybody did something with them or not.</summary>
    public required int ProductCount { get; init; }

    /// <summary>One sequence per shopper, or per session of somebody unknown. Validation steps are not in them.</summary>
    public required Sequences Sequences { get; init; }

    /// <summary>Held-out steps to choose options and the best epoch by.</summary>
    public required RankingCases Validation { get; init; }

    public required ProductContent Content { get; init; }

    /// <summary>What the products' pictures show; null where nothing looked at them.</summary>
    public PictureVectors? Pictures { get; init; }

    /// <summary>False where times keep the order of events and mean nothing else.</summary>
    public required bool HasRealTimes { get; init; }
}
