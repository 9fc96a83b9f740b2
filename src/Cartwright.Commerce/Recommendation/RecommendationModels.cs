using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Every recommendation model there is. A new one adds its line here and nowhere else.</summary>
public static class RecommendationModels
{
    public static IReadOnlyList<IRecommendationTrainer> All { get; } =
    [
        new PopularityTrainer(),
        new RecentPopularityTrainer(),
        new ItemKnnTrainer(),
        new SessionKnnTrainer(),
        new UserKnnTrainer(),
        new EaseTrainer(),
        new AlsTrainer(),
        new BprTrainer(),
        new BiasedMfTrainer(),
        new SasRecTrainer(),
        new SasRecBceTrainer(),
        new Gru4RecTrainer(),
        new NeuMfTrainer(),
        new TwoTowerTrainer(),
        new MultVaeTrainer(),
        new CfGanTrainer(),
        new SasRecPlusTrainer(),
        new NarmTrainer(),
        new BlendTrainer(),
    ];

    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">No model has this name; the message lists those that there are.</exception>
    public static IRecommendationTrainer Named(string name)
    {
        NearMiss.Require("recommendation model", name, [.. All.Select(model => model.Name)]);
        return All.First(model => model.Name == name);
    }
}
