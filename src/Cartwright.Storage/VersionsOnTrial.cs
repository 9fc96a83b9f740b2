using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Storage;

/// <summary>Tells the recommender which version a visitor gets, by the experiment that runs.</summary>
internal sealed class VersionsOnTrial(ExperimentDesk experiments) : IVersionTrial
{
    private const string Slice = "recommendation";

    public ValueTask<string?> VersionForAsync(string visitor, CancellationToken cancellationToken = default) =>
        experiments.VersionForAsync(Slice, visitor, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListVersionsAsync(CancellationToken cancellationToken = default) =>
        experiments.ListVersionsAsync(Slice, cancellationToken);
}
