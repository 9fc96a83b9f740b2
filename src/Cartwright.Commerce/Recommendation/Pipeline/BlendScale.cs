using System.Numerics.Tensors;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>How scores of different models are made to weigh alike before they are added.</summary>
public enum BlendScale
{
    /// <summary>Less the mean of all products, over their standard deviation: how far ahead a product is counts.</summary>
    Standard,

    /// <summary>1 / (60 + rank) for the first <see cref="BlendScales.RankedCount"/>, times 60: only the order counts.</summary>
    Rank,
}

/// <summary>Brings one model's scores to a <see cref="BlendScale"/>.</summary>
/// <remarks>Rank: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009.</remarks>
internal static class BlendScales
{
    public const int RankedCount = 500;

    private const float RankOffset = 60;

    /// <param name="scores">One for every product, changed in place; negative infinity stays.</param>
    public static void Apply(BlendScale scale, Span<float> scores)
    {
        if (scale == BlendScale.Standard)
        {
            Standardize(scores);
        }
        else
        {
            RankOnly(scores);
        }
    }

    /// <summary>Standard deviation of the scores that are finite; 0 where there are none.</summary>
    public static float Deviation(ReadOnlySpan<float> scores) => (float)Moments(scores).Deviation;

    private static void Standardize(Span<float> scores)
    {
        (double mean, double deviation) = Moments(scores);
        TensorPrimitives.Subtract(scores, (float)mean, scores);
        if (deviation > 0)
        {
            TensorPrimitives.Multiply(scores, (float)(1 / deviation), scores);
        }
    }

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<float> scores)
    {
        double sum = 0, squares = 0;
        int count = 0;
        foreach (float score in scores)
        {
            if (float.IsFinite(score))
            {
                sum += score;
                squares += (double)score * score;
                count++;
            }
        }

        double mean = count == 0 ? 0 : sum / count;
        return (mean, count == 0 ? 0 : Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))));
    }

    private static void RankOnly(Span<float> scores)
    {
        int count = Math.Min(RankedCount, scores.Length);
        Span<int> products = stackalloc int[count];
        Span<float> best = stackalloc float[count];
        var list = new TopList(products, best);
        list.OfferAll(scores);
        list.Sort();
        foreach (ref float score in scores)
        {
            score = float.IsNegativeInfinity(score) ? score : 0;
        }

        for (int rank = 0; rank < list.Count; rank++)
        {
            scores[products[rank]] = RankOffset / (RankOffset + rank + 1);
        }
    }
}
