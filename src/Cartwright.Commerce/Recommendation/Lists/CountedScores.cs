using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Scores that were counted for one question, as a list is made of them.</summary>
/// <param name="model">What the list is called by: "trending".</param>
/// <param name="scores">By live index; negative infinity keeps a product out.</param>
/// <param name="reasonOf">Why a product has its score; null where there is nothing to tell.</param>
internal sealed class CountedScores(string model, float[] scores, Func<int, Reason?> reasonOf) : IRanker
{
    public string Model => model;

    public string? Version => null;

    public bool ReadsHistory => false;

    public bool CanScore(Steps history) => true;

    public void Score(Steps history, Span<float> into)
    {
        int known = Math.Min(into.Length, scores.Length);
        scores.AsSpan(0, known).CopyTo(into);
        into[known..].Fill(float.NegativeInfinity);
    }

    /// <summary>Knows no likeness: the same scores.</summary>
    public void ScoreSimilar(int product, Span<float> into) => Score(default, into);

    public void ScoreProducts(ReadOnlySpan<Steps> histories, ReadOnlySpan<int> products, Span<float> into)
    {
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = scores[products[i % products.Length]];
        }
    }

    public Reason? ReasonOf(int product) => product < scores.Length ? reasonOf(product) : null;
}
