using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Tells what happens between scores and list: the pipeline in service, and the versions that are kept.</summary>
/// <example>cartwright recommendation pipeline</example>
public sealed record PipelineRequest
{
    /// <summary>A kept version to tell; the one in service where none is named.</summary>
    public string? Version { get; init; }
}

/// <param name="Version">The version that is told; "" where none was ever set.</param>
/// <param name="IsInService">True where lists are made by it now.</param>
/// <param name="Pipeline">What it says.</param>
/// <param name="Versions">Kept versions, newest first.</param>
public sealed record PipelineResponse(string Version, bool IsInService, RecommendationPipeline Pipeline, IReadOnlyList<PipelineVersion> Versions)
{
    /// <summary>The models that the one in service adds, with what was learned that each weighs; none where it is one model alone, or nothing is trained.</summary>
    public IReadOnlyDictionary<string, double> Generators { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);
}

/// <param name="Version">Its name, for <c>restore-pipeline</c>.</param>
/// <param name="At">When it was set.</param>
/// <param name="Note">Why, in somebody's words.</param>
public sealed record PipelineVersion(string Version, DateTimeOffset At, string Note);

/// <summary>Puts a pipeline into service: weights, diversity and merchandising rules. The one before is kept.</summary>
/// <example>cartwright recommendation set-pipeline --file pipeline.json</example>
public sealed record SetPipelineRequest
{
    /// <summary>The whole pipeline.</summary>
    public required RecommendationPipeline Pipeline { get; init; }

    /// <summary>Why, for whoever reads the list of versions.</summary>
    [StringLength(500)]
    public string Note { get; init; } = "";
}

/// <summary>Goes back to no pipeline: lists are the model's own order again. That is a version of its own, and the one before is kept.</summary>
/// <example>cartwright recommendation clear-pipeline --note "the summer is over"</example>
public sealed record ClearPipelineRequest
{
    /// <summary>Why, for whoever reads the list of versions.</summary>
    [StringLength(500)]
    public string Note { get; init; } = "";
}

/// <summary>Puts a kept version of the pipeline back into service.</summary>
/// <example>cartwright recommendation restore-pipeline --version 20261126-142000</example>
public sealed record RestorePipelineRequest
{
    /// <summary>As <c>pipeline</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}

/// <summary>Shows what a pipeline would do to somebody's list, beside what is shown now. Nothing is changed.</summary>
/// <example>cartwright recommendation preview --file pipeline.json</example>
public sealed record PreviewRequest : ProductFilter
{
    /// <summary>The pipeline that is tried; one that changes nothing where none is given.</summary>
    public RecommendationPipeline Pipeline { get; init; } = new();

    /// <summary>Says nothing here: it may stand in the file, so that the same file goes to <c>set-pipeline</c>.</summary>
    [StringLength(500)]
    public string Note { get; init; } = "";

    /// <summary>Whose list; nobody's shows what is popular.</summary>
    public string? ShopperId { get; init; }

    /// <summary>The moment at which it is shown, for rules with a window of time; now where none is given.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <param name="Now">The list by the pipeline in service.</param>
/// <param name="Then">The list by the one that is tried, each product with what every stage did to it.</param>
/// <param name="Model">Who ranked.</param>
public sealed record PreviewResponse(IReadOnlyList<RankedProduct> Now, IReadOnlyList<RankedProduct> Then, string Model);
