using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Learns from impressions which candidates a shopper clicks, for the pipeline's ranker, which reorders what the models put first.</summary>
/// <remarks>It learns behind the recommendation model in service, whose generators are trained once more on an earlier part of the time, so that it
/// learns how far to trust them on what they have not seen.</remarks>
/// <example>cartwright recommendation train-ranker --minutes 10</example>
public sealed record TrainRankerRequest
{
    /// <summary>Same seed and same data give the same ranker, bit for bit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the impressions, at most; training stops earlier when validation stops improving.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }

    /// <summary>Wall time of each network's training after which it stops with the best so far.</summary>
    [Range(1, 100_000)]
    public int? Minutes { get; init; }

    /// <summary>Puts it into the pipeline even where its order is no better than what is there.</summary>
    public bool Activate { get; init; }
}

/// <param name="Version">What the pipeline calls it: <c>"ranker": "20261126-142000-ranker"</c>.</param>
/// <param name="IsActive">True where the pipeline in service has it now.</param>
/// <param name="Summary">What happened and what it means, in a sentence or two.</param>
/// <param name="Generators">The models that it reads; it rests where the version in service has others.</param>
/// <param name="Impressions">What was shown, in all.</param>
/// <param name="Clicks">What was clicked of it.</param>
/// <param name="Share">How much its word counts beside the generators', 0 to 1; chosen on validation steps.</param>
/// <param name="Looks">Chance that a place is looked at, against the first: places 1 to 10.</param>
/// <param name="Metrics">On what was shown afterwards, baselines beside it: "ranker auc", "blend ndcg@10".</param>
public sealed record TrainRankerResponse(
    string Version,
    bool IsActive,
    string Summary,
    IReadOnlyList<string> Generators,
    int Impressions,
    int Clicks,
    double Share,
    IReadOnlyList<double> Looks,
    IReadOnlyDictionary<string, MetricEstimate> Metrics,
    double TrainSeconds);

/// <summary>Which rankers are kept, and which one the pipeline in service has.</summary>
/// <example>cartwright recommendation rankers</example>
public sealed record RankersRequest;
