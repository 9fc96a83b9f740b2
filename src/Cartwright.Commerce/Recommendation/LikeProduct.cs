using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Ranks by how like products are to one, whatever the history.</summary>
internal sealed class LikeProduct(IRanker ranker, int product) : IRanker
{
    public string Model => ranker.Model;

    public string? Version => ranker.Version;

    public bool ReadsHistory => false;

    public bool CanScore(Steps history) => true;

    public void Score(Steps history, Span<float> scores) => ranker.ScoreSimilar(product, scores);

    public bool ScoreBest(Steps history, int count, Span<float> scores) => ranker.ScoreMostSimilar(product, count, scores);

    public void ScoreSimilar(int other, Span<float> scores) => ranker.ScoreSimilar(other, scores);

    public void ScoreProducts(ReadOnlySpan<Steps> histories, ReadOnlySpan<int> products, Span<float> scores) => ranker.ScoreProducts(histories, products, scores);

    public Reason? ReasonOf(int other) => null;
}
