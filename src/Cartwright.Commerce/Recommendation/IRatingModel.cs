using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Says how many stars somebody would give. Safe to ask from several threads.</summary>
/// <remarks>A second question beside ranking: products with many expected stars are not those that are chosen next.</remarks>
public interface IRatingModel
{
    /// <summary>Writes the stars expected for some products, within the range of the stars that it learned from.</summary>
    /// <param name="history">What was done and rated, oldest first, by the model's product numbers.</param>
    /// <param name="products">[count]</param>
    /// <param name="ratings">[count]</param>
    void Predict(Steps history, ReadOnlySpan<int> products, Span<float> ratings);
}
