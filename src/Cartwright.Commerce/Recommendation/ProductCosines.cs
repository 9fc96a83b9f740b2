using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Commerce.Recommendation;

/// <summary>How like products are whose learned vectors point the same way.</summary>
internal static class ProductCosines
{
    /// <summary>Writes the cosine of a product's vector with every product's; 0 where one has no length.</summary>
    /// <param name="vectors">[products, size]</param>
    /// <param name="scores">[products]</param>
    public static void Write(Tensor vectors, int product, Span<float> scores) => Write(vectors.Values, vectors.Columns, product, scores);

    /// <inheritdoc cref="Write(Tensor, int, Span{float})"/>
    /// <param name="size">Length of a vector.</param>
    public static void Write(ReadOnlySpan<float> vectors, int size, int product, Span<float> scores)
    {
        ReadOnlySpan<float> own = vectors.Slice(product * size, size);
        float length = TensorPrimitives.Norm(own);
        for (int i = 0; i < scores.Length; i++)
        {
            ReadOnlySpan<float> other = vectors.Slice(i * size, size);
            float lengths = length * TensorPrimitives.Norm(other);
            scores[i] = lengths > 0 ? TensorPrimitives.Dot(own, other) / lengths : 0;
        }
    }
}
