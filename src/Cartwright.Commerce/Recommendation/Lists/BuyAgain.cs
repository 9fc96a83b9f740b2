using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What a shopper buys again and again, and when it is due.</summary>
/// <example>cartwright recommendation buy-again --shopper-id 7</example>
public sealed record BuyAgainRequest : ShopperFilter
{
    /// <summary>Adds the reasons: how often the shopper buys it, and when they last did.</summary>
    public bool Explain { get; init; }
}

/// <param name="Results">What is likeliest to be in the next basket first.</param>
/// <param name="Due">Of each result that the shopper bought before, when it is due, in the same order.</param>
/// <param name="Fallback">Why what is popular stands in the list; null where it does not.</param>
public sealed record BuyAgainResponse(IReadOnlyList<RankedProduct> Results, IReadOnlyList<DuePurchase> Due, string? Fallback);

/// <param name="Times">Days on which the shopper bought it.</param>
/// <param name="LastAt">The latest of them.</param>
/// <param name="EveryDays">Days between two purchases: the shopper's own gaps, and what is usual for the product where there are few of them.</param>
/// <param name="DueAt">When the next purchase is to be expected; in the past where it is late.</param>
public sealed record DuePurchase(string ProductId, int Times, DateTimeOffset LastAt, double EveryDays, DateTimeOffset DueAt);

/// <summary>Ranks what a shopper bought before by how likely it is in the next basket.</summary>
/// <remarks>
/// score = again · Σ 2^(−age / halfLife) · due · √(1 + lately). Σ over the days on which it was bought: the shopper's own frequency, which fades (a personal item
/// frequency, as in Hu, He, Gao and Zhang, "Modeling Personalized Item Frequency Information for Next-basket Recommendation" (TIFU-KNN), SIGIR
/// 2020; theirs fades by baskets in two levels, this by days). again: the chance that it is bought once more, (times − 1 + c · share) / (times − 1 + c), from
/// the product's <see cref="RepeatRates.ShareOf"/>. gap: (own gaps + c · the product's) / (times − 1 + c). due = 1 − e^(−elapsed / gap · d): small just after a
/// purchase, 1 once the gap is over (after Bhagat and others, KDD 2018, whose modified Poisson-gamma model lowers what was bought a moment ago). lately:
/// <see cref="RepeatRates.LatelyOf"/>, so that what all shoppers have stopped buying, Christmas cards in January, stands lower. The constants are those
/// that were best on the validation part of a gift shop's and a grocer's purchases.
/// Listed is what the shopper bought on two days or more, and what others buy again.
/// </remarks>
internal sealed class BuyAgain(RepeatRates rates)
{
    /// <summary>Days after which a purchase counts half.</summary>
    private const double HalfLife = 120;

    /// <summary>Purchases that what is usual for the product counts as.</summary>
    private const double Own = 2;

    private const double Steepness = 5;

    /// <summary>What a shopper bought, by product.</summary>
    /// <param name="purchases">Product and day since 1970-01-01, oldest first.</param>
    public static Dictionary<int, PurchaseDays> DaysOf(IEnumerable<(int Product, int Day)> purchases, int today)
    {
        var days = new Dictionary<int, PurchaseDays>();
        foreach ((int product, int day) in purchases)
        {
            ref PurchaseDays known = ref CollectionsMarshal.GetValueRefOrAddDefault(days, product, out bool isKnown);
            if (!isKnown || known.Last != day)
            {
                known = new PurchaseDays(known.Times + 1, isKnown ? known.First : day, day, known.Faded + Math.Pow(2, -(today - day) / HalfLife));
            }
        }

        return days;
    }

    /// <returns>Negative infinity where it is not bought again.</returns>
    public float ScoreOf(int product, PurchaseDays days, int today)
    {
        if (days.Times < 2 && !rates.IsBoughtAgain(product))
        {
            return float.NegativeInfinity;
        }

        double again = (days.Times - 1 + (Own * rates.ShareOf(product))) / (days.Times - 1 + Own);
        double due = 1 - Math.Exp(-Steepness * Math.Max(0.5, today - days.Last) / GapOf(product, days));
        return (float)(again * days.Faded * due * Math.Sqrt(1 + rates.LatelyOf(product)));
    }

    /// <summary>Days until the shopper buys it again.</summary>
    public double GapOf(int product, PurchaseDays days) => (days.Last - days.First + (Own * rates.GapOf(product))) / (days.Times - 1 + Own);

    /// <summary>"you buy it about every 14 days, the last time 15 days ago; all shoppers bought it 8 times in 45 days": all that tells its score from that of another product.</summary>
    public string Words(int product, PurchaseDays days, int today)
    {
        string every = string.Create(CultureInfo.InvariantCulture, $"{GapOf(product, days):0} days");
        string ago = (today - days.Last) switch { <= 0 => "today", 1 => "yesterday", var since => string.Create(CultureInfo.InvariantCulture, $"{since:N0} days ago") };
        string own = days.Times > 1 ? $"you buy it about every {every}, the last time {ago}" : $"you bought it {ago}, and it is usually bought again after {every}";
        return rates.LatelyOf(product) is > 0 and int lately
            ? string.Create(CultureInfo.InvariantCulture, $"{own}; all shoppers bought it {lately:N0} {(lately == 1 ? "time" : "times")} in {RepeatRates.LatelyDays} days")
            : own;
    }
}

/// <summary>The days on which somebody bought a product.</summary>
/// <param name="Times">So many.</param>
/// <param name="First">Day since 1970-01-01.</param>
/// <param name="Faded">Each counted the less the longer ago it is.</param>
internal readonly record struct PurchaseDays(int Times, int First, int Last, double Faded);
