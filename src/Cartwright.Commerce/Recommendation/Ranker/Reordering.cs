namespace Cartwright.Commerce.Recommendation;

/// <summary>Puts the first candidates of the generators into the ranker's order.</summary>
/// <remarks>
/// The candidates' scores stay and are dealt anew, the highest to the product that the ranker puts first: what lies below stays below, a boost
/// means as many deviations as before, and nothing leaves the list. The ranker's word counts for a share of the order, the generators' for the
/// rest, each less its mean over its deviation among the candidates; the share is chosen on validation cases.
/// </remarks>
internal static class Reordering
{
    /// <summary>Candidates that are put into a new order; five times the list where that is more.</summary>
    public const int PoolSize = 100;

    /// <param name="totals">What the generators make of each candidate together.</param>
    /// <param name="logits">What the ranker makes of it.</param>
    /// <param name="share">How much the ranker counts, 0 to 1.</param>
    /// <returns>Places of the candidates in the new order; equals as they were.</returns>
    public static int[] Order(ReadOnlySpan<float> totals, ReadOnlySpan<float> logits, double share)
    {
        var of = CandidateWorth.Among(totals, logits, share);
        double[] worth = new double[totals.Length];
        for (int i = 0; i < worth.Length; i++)
        {
            worth[i] = of.Of(totals[i], logits[i]);
        }

        int[] order = [.. Enumerable.Range(0, worth.Length)];
        order.AsSpan().Sort((a, b) => worth[a] != worth[b] ? worth[b].CompareTo(worth[a]) : a.CompareTo(b));
        return order;
    }

    /// <param name="scores">By product; those of the candidates are dealt anew.</param>
    /// <param name="pool">Candidates by falling score.</param>
    /// <param name="order">As <see cref="Order"/> gives it.</param>
    public static void Deal(Span<float> scores, ReadOnlySpan<int> pool, ReadOnlySpan<int> order)
    {
        float[] dealt = new float[pool.Length];
        for (int i = 0; i < dealt.Length; i++)
        {
            dealt[i] = scores[pool[i]];
        }

        for (int i = 0; i < dealt.Length; i++)
        {
            // Equal scores would fall back to the order of the numbers.
            dealt[i] = i > 0 && !(dealt[i] < dealt[i - 1]) ? MathF.BitDecrement(dealt[i - 1]) : dealt[i];
            scores[pool[order[i]]] = dealt[i];
        }
    }
}

/// <summary>What a candidate is worth: the ranker's word and the generators', each less its mean among the candidates, over its deviation.</summary>
internal readonly record struct CandidateWorth(double Share, double MeanTotal, double SpreadTotal, double MeanLogit, double SpreadLogit)
{
    public static CandidateWorth Among(ReadOnlySpan<float> totals, ReadOnlySpan<float> logits, double share)
    {
        (double meanTotal, double spreadTotal) = Moments(totals);
        (double meanLogit, double spreadLogit) = Moments(logits);
        return new CandidateWorth(share, meanTotal, spreadTotal, meanLogit, spreadLogit);
    }

    /// <param name="total">What the generators make of it together.</param>
    /// <param name="logit">What the ranker makes of it.</param>
    public double Of(double total, double logit) => (Share * (logit - MeanLogit) / SpreadLogit) + ((1 - Share) * (total - MeanTotal) / SpreadTotal);

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<float> values)
    {
        (double sum, double squares) = (0, 0);
        foreach (float value in values)
        {
            (sum, squares) = (sum + value, squares + ((double)value * value));
        }

        double mean = sum / Math.Max(1, values.Length);
        double deviation = Math.Sqrt(Math.Max(0, (squares / Math.Max(1, values.Length)) - (mean * mean)));
        return (mean, deviation > 1e-9 ? deviation : 1);
    }
}
