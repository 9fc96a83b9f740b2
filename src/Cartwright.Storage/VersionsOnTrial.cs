using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Storage;

/// <summary>Tells the recommender which version a visitor gets, by the experiment that runs.</summary>
internal sealed class VersionsOnTrial(ExperimentDesk experiments) : IVersionTrial
{
    public ValueTask<string?> VersionForAsync(string visitor, CancellationToken cancellationToken = default) =>
        experiments.VersionForAsync("recommendation", visitor, cancellationToken);
}
