namespace Cartwright.Commerce.Runs;

/// <param name="ActiveVersion">The version in service; null where none is.</param>
/// <param name="Versions">Newest first.</param>
public sealed record KeptVersions(string? ActiveVersion, IReadOnlyList<ModelVersion> Versions);

/// <param name="Model">Lower-case name from the paper.</param>
/// <param name="Metrics">On held-out data at training time.</param>
public sealed record ModelVersion(string Version, string Model, DateTimeOffset TrainedAt, bool IsActive,
    IReadOnlyDictionary<string, double> Metrics, double TrainSeconds)
{
    /// <summary>Why this version can't be put into service: a damaged file; null where it can.</summary>
    public string? Problem { get; init; }
}
