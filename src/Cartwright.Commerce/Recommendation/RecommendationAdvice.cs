using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Whether what shoppers are shown was learned, and from enough of what happened.</summary>
internal sealed class RecommendationAdvice(Recommender recommender) : IAdviser
{
    /// <summary>A share of all interactions that came after the model was trained, from which it is worth training again.</summary>
    private const double MuchIsNew = 0.1;

    public AdviceTopic Topic => AdviceTopic.Recommendation;

    public async Task<IReadOnlyList<Advice>> AdviseAsync(LiveShop shop, CancellationToken cancellationToken = default)
    {
        long[] at = shop.Snapshot.Interactions.At;
        if (at.Length == 0)
        {
            return [];
        }

        KeptVersions kept = await recommender.StatusAsync(new StatusRequest(), cancellationToken);
        if (kept.ActiveVersion is null)
        {
            return [new Advice
            {
                Topic = Topic,
                Text = kept.Versions.Count == 0 ? "Train a recommendation model: until then everyone is shown what is popular." : "Put a trained recommendation model into service: until then everyone is shown what is popular.",
                Reasons = [Advice.Say($"{at.Length:N0} interactions are there to learn from.")],
                Command = kept.Versions.Count == 0 ? "cartwright recommendation train" : $"cartwright recommendation activate --version {kept.Versions[0].Version}",
            }];
        }

        DateTimeOffset trainedAt = kept.Versions.First(version => version.IsActive).TrainedAt;
        long since = trainedAt.ToUnixTimeMilliseconds() * 1_000;
        int after = shop.Snapshot.Info.HasRealTimes ? at.Count(time => time > since) : 0;
        return after < MuchIsNew * at.Length ? [] : [new Advice
        {
            Topic = Topic,
            Text = Advice.Say($"Train the recommendation model again: {(double)after / at.Length:P0} of all that shoppers did came after it was trained."),
            Reasons = [Advice.Say($"Trained on {trainedAt:yyyy-MM-dd}; {after:N0} interactions since.")],
            Command = "cartwright recommendation train",
        }];
    }
}
