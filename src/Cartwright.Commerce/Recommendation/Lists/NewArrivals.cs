using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products came into the shop lately, the most promising first.</summary>
/// <example>cartwright recommendation new-arrivals --days 30 --shopper-id 7</example>
public sealed record NewArrivalsRequest : ShopperFilter
{
    /// <summary>How new, in days up to now: since a product was listed, or first wanted where nobody said when it was.</summary>
    [Range(1, 100)]
    public int Days { get; init; } = 30;

    /// <summary>Adds the reasons: since when each is there, and how often it was wanted.</summary>
    public bool Explain { get; init; }
}

/// <summary>Orders new products by what they may be worth: by early interest, and by the shopper's taste where a history tells it.</summary>
/// <remarks>
/// Early interest is a rate: steps of interest a day since the product came. Of the rate a gamma is believed, before counting as much as one
/// step tells and about the mean of the new products; a product is ranked by the rate that it is below with a chance of 90 % (an upper confidence
/// bound, Lai and Robbins, "Asymptotically Efficient Adaptive Allocation Rules", 1985: what is not known yet is given the benefit of the doubt). Where
/// a model can score the shopper's history (from the products' records, those that it has never seen too), its scores are added; both brought to
/// mean 0 and standard deviation 1 among the new products.
/// </remarks>
internal sealed class NewArrivals(LiveShop shop, LiveActivity activity, DateTimeOffset now)
{
    private const string Model = "new-arrivals";
    private const double Hopeful = 1.2816;
    private const int HoursPerDay = 24;

    /// <param name="taste">Scores of all products for the shopper's history; empty where nothing tells their taste.</param>
    public IRanker Of(int days, ReadOnlySpan<float> taste, int productCount)
    {
        int end = activity.NewestHour == int.MinValue ? LiveActivity.HourOf(now) : Math.Max(activity.NewestHour, NewestListed());
        int[] since = [.. Enumerable.Range(0, productCount).Select(product => SinceOf(product, end))];
        int[] arrived = [.. Enumerable.Range(0, productCount).Where(product => since[product] > end - (days * HoursPerDay) && since[product] <= end)];
        int[] steps = new int[productCount];
        activity.Count(end + 1 - (days * HoursPerDay), end + 1 - (days * HoursPerDay), steps, []);
        double listed = arrived.Sum(product => DaysOf(since[product], end));
        double perDay = (arrived.Sum(product => (double)steps[product]) + 1) / Math.Max(1, listed);
        float[] hope = [.. arrived.Select(product => (float)new GammaBelief(1, 1 / perDay).After(steps[product], DaysOf(since[product], end)).Quantile(Hopeful))];
        TensorPrimitives.Log(hope, hope);
        BlendScales.Apply(BlendScale.Standard, hope);
        if (!taste.IsEmpty)
        {
            float[] own = new float[arrived.Length];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = arrived[i] < taste.Length ? taste[arrived[i]] : float.NegativeInfinity;
            }

            BlendScales.Apply(BlendScale.Standard, own);
            for (int i = 0; i < own.Length; i++)
            {
                hope[i] += float.IsFinite(own[i]) ? own[i] : 0;
            }
        }

        float[] scores = new float[productCount];
        Array.Fill(scores, float.NegativeInfinity);
        for (int i = 0; i < arrived.Length; i++)
        {
            scores[arrived[i]] = hope[i];
        }

        return new CountedScores(Model, scores, product => scores[product] > float.NegativeInfinity ? new Reason("new", Words(since[product], steps[product], end), null, scores[product]) : null);
    }

    /// <summary>When a product came: as its record says, else when it was wanted first; one that was added since the shop was loaded and says nothing came now.</summary>
    private int SinceOf(int product, int end) => shop.Products[product].CreatedAt is { } created ? LiveActivity.HourOf(created)
        : activity.FirstHour(product) is var first and not LiveActivity.Never ? first
        : product >= shop.Snapshot.Products.Count ? end
        : int.MinValue;

    /// <summary>A shop that nobody visited since it got new products has them all the same; what is announced for later does not count.</summary>
    private int NewestListed()
    {
        int newest = int.MinValue, present = LiveActivity.HourOf(now);
        foreach (Product product in shop.Products)
        {
            if (product.CreatedAt is { } created && LiveActivity.HourOf(created) is var hour && hour <= present)
            {
                newest = Math.Max(newest, hour);
            }
        }

        return newest;
    }

    private static double DaysOf(int since, int end) => Math.Max(1, (double)(end + 1 - since) / HoursPerDay);

    private static string Words(int since, int steps, int end)
    {
        string wanted = steps switch
        {
            0 => "",
            1 => ", wanted once",
            _ => string.Create(CultureInfo.InvariantCulture, $", wanted {steps:N0} times"),
        };
        int days = (int)Math.Ceiling(DaysOf(since, end));
        return $"new since {LiveActivity.At(since):yyyy-MM-dd}{wanted}{(steps > 0 ? days == 1 ? " in a day" : $" in {days} days" : "")}";
    }
}
