using System.Numerics;
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

    /// <summary>Brings one model's scores to a scale and adds them to others, times a weight.</summary>
    /// <remarks>
    /// One pass, and written out: TensorPrimitives writes spans of over 256 kB past the caches, from where the next pass has to read them again.
    /// </remarks>
    /// <param name="scores">One for every product, changed in place; negative infinity stays.</param>
    /// <param name="total">[scores.Length], added to.</param>
    public static void Add(BlendScale scale, Span<float> scores, float weight, Span<float> total)
    {
        (float mean, float factor) = (0, 1);
        if (scale == BlendScale.Standard)
        {
            (mean, factor) = Standard(scores);
        }
        else
        {
            RankOnly(scores);
        }

        int i = 0;
        for (int width = Vector<float>.Count; i <= scores.Length - width; i += width)
        {
            Vector<float> scaled = (new Vector<float>(scores[i..]) - new Vector<float>(mean)) * factor;
            scaled.CopyTo(scores[i..]);
            (new Vector<float>(total[i..]) + (scaled * weight)).CopyTo(total[i..]);
        }

        for (; i < scores.Length; i++)
        {
            scores[i] = (scores[i] - mean) * factor;
            total[i] += scores[i] * weight;
        }
    }

    private static void Standardize(Span<float> scores)
    {
        (float mean, float factor) = Standard(scores);
        int i = 0;
        for (int width = Vector<float>.Count; i <= scores.Length - width; i += width)
        {
            ((new Vector<float>(scores[i..]) - new Vector<float>(mean)) * factor).CopyTo(scores[i..]);
        }

        for (; i < scores.Length; i++)
        {
            scores[i] = (scores[i] - mean) * factor;
        }
    }

    /// <returns>What to take away, and by what to multiply then.</returns>
    private static (float Mean, float Factor) Standard(ReadOnlySpan<float> scores)
    {
        (double mean, double deviation) = Moments(scores);
        return ((float)mean, deviation > 0 ? (float)(1 / deviation) : 1);
    }

    /// <summary>Mean and standard deviation of the scores that are finite; zeros where there are none.</summary>
    public static (double Mean, double Deviation) Moments(ReadOnlySpan<float> scores)
    {
        Vector<double> sums = Vector<double>.Zero, squares = Vector<double>.Zero;
        Vector<int> counts = Vector<int>.Zero;
        int i = 0;
        for (int width = Vector<float>.Count; i <= scores.Length - width; i += width)
        {
            var block = new Vector<float>(scores[i..]);
            Vector<int> isFinite = Vector.LessThan(Vector.Abs(block), new Vector<float>(float.PositiveInfinity));   // false for NaN
            block = Vector.ConditionalSelect(isFinite, block, Vector<float>.Zero);
            counts -= isFinite;
            Vector.Widen(block, out Vector<double> low, out Vector<double> high);
            sums += low + high;
            squares += (low * low) + (high * high);
        }

        double sum = Vector.Sum(sums), square = Vector.Sum(squares);
        int count = Vector.Sum(counts);
        for (; i < scores.Length; i++)
        {
            if (float.IsFinite(scores[i]))
            {
                sum += scores[i];
                square += (double)scores[i] * scores[i];
                count++;
            }
        }

        double mean = count == 0 ? 0 : sum / count;
        return (mean, count == 0 ? 0 : Math.Sqrt(Math.Max(0, (square / count) - (mean * mean))));
    }

    private static void RankOnly(Span<float> scores)
    {
        int count = Math.Min(RankedCount, scores.Length);
        Span<int> products = stackalloc int[count];
        Span<float> best = stackalloc float[count];
        var list = new TopList(products, best);
        list.OfferAll(scores);
        list.Sort();
        KeepOnlyUnknown(scores);

        for (int rank = 0; rank < list.Count; rank++)
        {
            scores[products[rank]] = RankOffset / (RankOffset + rank + 1);
        }
    }

    /// <summary>Writes 0 in place of every score that is there.</summary>
    private static void KeepOnlyUnknown(Span<float> scores)
    {
        var unknown = new Vector<float>(float.NegativeInfinity);
        int i = 0;
        for (int width = Vector<float>.Count; i <= scores.Length - width; i += width)
        {
            var block = new Vector<float>(scores[i..]);
            Vector.ConditionalSelect(Vector.Equals(block, unknown), block, Vector<float>.Zero).CopyTo(scores[i..]);
        }

        for (; i < scores.Length; i++)
        {
            scores[i] = float.IsNegativeInfinity(scores[i]) ? scores[i] : 0;
        }
    }
}
