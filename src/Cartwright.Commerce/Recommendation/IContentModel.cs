using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A model that tells from a product's record alone how it would rank, so that one added a moment ago is ranked like the others.</summary>
public interface IContentModel : IRecommendationModel
{
    /// <summary>What the model sees in a record; null where it says nothing that training met.</summary>
    float[]? Describe(Product product);

    /// <summary>Writes scores of described products that compare with those of <see cref="IRecommendationModel.Score"/>.</summary>
    /// <param name="history">One that the model can score.</param>
    /// <param name="described">What <see cref="Describe"/> gave.</param>
    /// <param name="scores">[described.Count]</param>
    void ScoreDescribed(Steps history, IReadOnlyList<float[]> described, Span<float> scores);
}
