using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products are wanted more than they were, surely and by how much.</summary>
/// <example>cartwright recommendation trending --days 7 --explain</example>
public sealed record TrendingRequest : ShopperFilter
{
    /// <summary>Length of the span that is looked at, in days up to the newest interaction; four times as many before it are what it is compared with.</summary>
    [Range(1, LiveActivity.MaxDays / (1 + Trending.SpansBefore))]
    public int Days { get; init; } = 7;

    /// <summary>Adds the reasons: how often each was wanted, and how often that was to be expected.</summary>
    public bool Explain { get; init; }
}

/// <summary>Compares how often products were wanted of late with their own past.</summary>
/// <remarks>
/// Expected of a product: its steps in the span before, a quarter of them, times how much the whole shop rose since, so that a busy week of the
/// shop is no trend of its products. The ratio of what came to it is believed to be about 1 before counting, as sure as five steps make it
/// (<see cref="GammaBelief"/>); a product is ranked by the ratio that it is above with a chance of 95 %, and listed where that is above 1. So a product
/// of three steps after none is not listed, and one of ten is. A ratio of Poisson counts with a prior in place of a test's P value: it orders by how
/// much as well as by how sure.
/// </remarks>
internal static class Trending
{
    /// <summary>The past is so many times as long as the span.</summary>
    internal const int SpansBefore = 4;

    private const string Model = "trending";
    private const double Prior = 5;
    private const double Sure = -1.645;
    private const int HoursPerDay = 24;

    public static IRanker Of(LiveActivity activity, int days, int productCount)
    {
        int[] late = new int[productCount], early = new int[productCount];
        float[] scores = new float[productCount];
        Array.Fill(scores, float.NegativeInfinity);
        double growth = 1;
        if (activity.NewestHour != int.MinValue)
        {
            int from = activity.NewestHour + 1 - (days * HoursPerDay);
            (long lateSteps, long earlySteps) = activity.Count(from, from - (SpansBefore * days * HoursPerDay), late, early);
            growth = earlySteps == 0 ? 1 : (double)lateSteps * SpansBefore / earlySteps;
            for (int product = 0; product < productCount; product++)
            {
                double least = GammaBelief.AboutOne(Prior).After(late[product], Expected(product)).Quantile(Sure);
                scores[product] = least > 1 ? (float)least : float.NegativeInfinity;
            }
        }

        return new CountedScores(Model, scores, product => scores[product] > 0 ? new Reason("trend", Words(product), null, scores[product]) : null);

        double Expected(int product) => growth * early[product] / SpansBefore;

        string Words(int product) => string.Create(CultureInfo.InvariantCulture,
            $"wanted {late[product]:N0} times in the last {(days == 1 ? "day" : $"{days} days")}; {Expected(product):0.#} would be usual");
    }
}
