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

    /// <summary>Passes where a model learns from so many products.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">It takes fewer.</exception>
    internal static void RequireFewProducts(IRecommendationTrainer model, int productCount)
    {
        if (productCount > model.MostProducts)
        {
            throw new System.ComponentModel.DataAnnotations.ValidationException(FormattableString.Invariant(
                $"'{model.Name}' takes at most {model.MostProducts:N0} products, and there are {productCount:N0}. Use 'item-knn', 'als' or 'sasrec'."));
        }
    }

    /// <summary>Passes where a model takes these options.</summary>
    /// <param name="name">A model, or "all".</param>
    /// <param name="given">"name=value" each; none always passes.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">It takes none, or not these.</exception>
    internal static void RequireOptions(string name, IReadOnlyList<string> given)
    {
        if (given.Count > 0)
        {
            TunedOptions options = All.FirstOrDefault(model => model.Name == name)?.Options
                ?? throw new System.ComponentModel.DataAnnotations.ValidationException($"--options needs one model that has some, not '{name}'. Those that have: "
                    + string.Join(", ", All.Where(model => model.Options is not null).Select(model => model.Name)) + ".");
            options.Require(given);
        }
    }
}
