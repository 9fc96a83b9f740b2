using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The name of one of <see cref="RecommendationModels.All"/>.</summary>
/// <param name="others">What else may stand there: "all".</param>
internal sealed class ModelNameAttribute(params string[] others) : OneOfAttribute("recommendation model")
{
    protected override IReadOnlyCollection<string> Allowed => [.. others, .. RecommendationModels.All.Select(model => model.Name)];
}
