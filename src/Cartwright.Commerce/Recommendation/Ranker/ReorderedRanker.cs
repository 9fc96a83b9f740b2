using System.Buffers;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What decides the order of reordered candidates, asked after other histories: what an explanation takes away is lost to generators and ranker alike.</summary>
/// <param name="inner">Who scores all products.</param>
/// <param name="ranker">Who reorders.</param>
/// <param name="worth">What the candidates are worth with the whole history.</param>
internal sealed class ReorderedRanker(TrainedRanker inner, LiveRanker ranker, CandidateWorth worth, DateTimeOffset now) : IRanker
{
    public string Model => inner.Model;

    public string? Version => inner.Version;

    public bool ReadsHistory => true;

    public bool CanScore(Steps history) => inner.CanScore(history);

    public void Score(Steps history, Span<float> scores) => inner.Score(history, scores);

    public void ScoreSimilar(int product, Span<float> scores) => inner.ScoreSimilar(product, scores);

    public void ScoreProducts(ReadOnlySpan<Steps> histories, ReadOnlySpan<int> products, Span<float> scores)
    {
        int[] asked = products.ToArray();
        float[] buffer = ArrayPool<float>.Shared.Rent(ranker.ProductCount);
        float[] rows = ArrayPool<float>.Shared.Rent(inner.RowsLength);
        Span<float> all = buffer.AsSpan(0, ranker.ProductCount);
        for (int i = 0; i < histories.Length; i++)
        {
            inner.Score(histories[i], all, rows);
            (float[] totals, float[] logits) = ranker.Read(inner, histories[i], asked, all, rows, now);
            for (int p = 0; p < asked.Length; p++)
            {
                scores[(i * asked.Length) + p] = (float)worth.Of(totals[p], logits[p]);
            }
        }

        ArrayPool<float>.Shared.Return(rows);
        ArrayPool<float>.Shared.Return(buffer);
    }

    public Reason? ReasonOf(int product) => inner.ReasonOf(product);
}
