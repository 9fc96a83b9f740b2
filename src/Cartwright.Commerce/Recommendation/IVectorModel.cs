using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A model whose score is the inner product of a history's vector and a product's: the best can be found without a look at each.</summary>
internal interface IVectorModel : IRecommendationModel
{
    /// <summary>Numbers of a vector.</summary>
    int VectorSize { get; }

    /// <summary>[ProductCount, VectorSize]; all 0 for a product of which the model knows nothing.</summary>
    ReadOnlySpan<float> ProductVectors { get; }

    /// <summary>Writes the vector of a history that it can score.</summary>
    /// <param name="vector">[VectorSize]</param>
    void WriteVector(Steps history, Span<float> vector);
}
