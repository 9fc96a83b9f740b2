using System.Buffers;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What each generator of a model says of products, on the scale of a blend.</summary>
internal static class GeneratorScores
{
    /// <summary>The models that a blend adds; of any other model itself alone.</summary>
    public static IReadOnlyList<IRecommendationModel> Of(IRecommendationModel model) => model is Blend blend ? blend.Models : [model];

    /// <summary>Scores all products once, and keeps what each generator said.</summary>
    /// <param name="history">By the model's product numbers.</param>
    /// <param name="rows">Filled: [generators, products]. Zeros where a generator has no answer.</param>
    /// <param name="scores">Filled as the model's own <see cref="IRecommendationModel.Score"/> does; zeros where it has no answer: [products].</param>
    public static void ReadAll(IRecommendationModel model, Steps history, Span<float> rows, Span<float> scores)
    {
        Span<float> kept = rows[..(Of(model).Count * model.ProductCount)];
        if (model is Blend blend)
        {
            blend.ScoreParts(history, kept, scores);
            return;
        }

        scores.Clear();
        kept.Clear();
        if (model.CanScore(history))
        {
            model.Score(history, scores);
            scores.CopyTo(kept);
            BlendScales.Apply(BlendScale.Standard, kept);
        }
    }

    /// <summary>Some products out of what was kept.</summary>
    /// <param name="rows">As <see cref="ReadAll"/> filled them.</param>
    /// <param name="products">By the model's product numbers.</param>
    /// <param name="parts">Filled: [products, generators + 1], row by row; in the last column what the model makes of all together.</param>
    public static void Take(IRecommendationModel model, ReadOnlySpan<float> rows, ReadOnlySpan<int> products, Span<float> parts)
    {
        int generators = Of(model).Count;
        for (int p = 0; p < products.Length; p++)
        {
            Span<float> row = parts.Slice(p * (generators + 1), generators + 1);
            row[^1] = 0;
            for (int g = 0; g < generators; g++)
            {
                row[g] = rows[(g * model.ProductCount) + products[p]];
                row[^1] += ((model as Blend)?.Weights[g] ?? 1) * row[g];
            }
        }
    }

    /// <summary><see cref="ReadAll"/> and <see cref="Take"/>.</summary>
    public static void Read(IRecommendationModel model, Steps history, ReadOnlySpan<int> products, Span<float> parts)
    {
        float[] rows = ArrayPool<float>.Shared.Rent(Of(model).Count * model.ProductCount);
        float[] scores = ArrayPool<float>.Shared.Rent(model.ProductCount);
        ReadAll(model, history, rows, scores.AsSpan(0, model.ProductCount));
        Take(model, rows, products, parts);
        ArrayPool<float>.Shared.Return(scores);
        ArrayPool<float>.Shared.Return(rows);
    }
}
