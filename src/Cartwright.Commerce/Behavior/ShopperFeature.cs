using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>One number that is known of a shopper, and the words for more and less of it.</summary>
/// <param name="Name">In a merchant's words, after which a mean can stand.</param>
/// <param name="Topic">Of two features of the same topic one is told.</param>
/// <param name="High">What shoppers are called who have more of it; null where there is no word.</param>
/// <param name="Low">The same for less.</param>
/// <param name="Place">Where the word stands.</param>
internal sealed record ShopperFeature(string Name, string Topic, string? High, string? Low, WordPlace Place, Func<ShopperTally, double> Of)
{
    /// <summary>True where the logarithm of 1 and the number is what differs evenly.</summary>
    public bool IsSkewed { get; init; }

    public bool NeedsTimes { get; init; }

    /// <summary>True for a number from 0 to 1 that reads as a share.</summary>
    public bool IsShare { get; init; }

    /// <summary>True where the word is for buyers alone.</summary>
    public bool IsOfBuyers { get; init; }

    /// <summary>True where buyers have a better word.</summary>
    public bool IsOfLookers { get; init; }

    /// <summary>How many visits, purchases or carts a share is of; null where the number is no share and needs none.</summary>
    public Func<ShopperTally, int>? Count { get; init; }

    /// <summary>How much it counts when shoppers are compared: there are many categories, each says a little.</summary>
    public double Weight { get; init; } = 1;

    public static IReadOnlyList<ShopperFeature> All { get; } =
    [
        new("days since the last visit", "recency", "lapsed", "recent", WordPlace.Before, tally => tally.SinceLast) { IsSkewed = true, NeedsTimes = true },
        new("days since the first visit", "tenure", "long-standing", "new", WordPlace.Before, tally => tally.SinceFirst) { IsSkewed = true, NeedsTimes = true },
        new("days with a purchase", "frequency", "frequent", "occasional", WordPlace.Before, tally => tally.PurchaseDays) { IsSkewed = true, IsOfBuyers = true },
        new("visits", "frequency", "often-seen", "rarely seen", WordPlace.Before, tally => tally.Visits) { IsSkewed = true, IsOfLookers = true },
        new("spent", "spending", "high-spending", "low-spending", WordPlace.Before, tally => tally.Spent) { IsSkewed = true, IsOfBuyers = true },
        new("mean price of what was bought", "price", "who buy expensive products", "who buy cheap products", WordPlace.After,
            tally => tally.PricedUnits > 0 ? tally.Spent / tally.PricedUnits : double.NaN) { IsSkewed = true, IsOfBuyers = true, Count = tally => tally.Purchases },
        new("lines in a day's purchase", "basket", "who fill large baskets", "who fill small baskets", WordPlace.After,
            tally => tally.PurchaseDays > 0 ? (double)tally.Purchases / tally.PurchaseDays : double.NaN) { IsSkewed = true, IsOfBuyers = true, Count = tally => tally.PurchaseDays },
        new("views in a visit", "looking", "who look at much", "who look at little", WordPlace.After, tally => (double)tally.Views / Math.Max(1, tally.Visits)) { IsSkewed = true, Count = tally => tally.Visits },
        new("share of carts bought", "cart", "who buy what they put in the cart", "who leave their carts", WordPlace.After,
            tally => tally.Carts > 0 ? Math.Min(1, (double)tally.Purchases / tally.Carts) : double.NaN) { IsShare = true, Count = tally => tally.Carts },
        new("share of purchases sent back", "returns", "who send goods back", null, WordPlace.After,
            tally => tally.Purchases > 0 ? Math.Min(1, (double)tally.Returns / tally.Purchases) : double.NaN) { IsShare = true, IsOfBuyers = true, Count = tally => tally.Purchases },
        new("share done at weekends", "weekend", "weekend", "weekday", WordPlace.Before, tally => tally.Weekend) { IsShare = true, NeedsTimes = true, Count = tally => tally.Visits, Weight = 0.5 },
    ];

    public static ShopperFeature OfCategory(string category) =>
        new($"share of {category}", $"category {category}", $"of {CategoryPath.Leaf(category)}", null, WordPlace.Of, _ => double.NaN)
        {
            IsShare = true, Count = tally => tally.Purchases > 0 ? tally.Purchases : tally.Interests, Weight = 0.7,
        };

    public double Transform(double value) => IsSkewed ? double.IsNaN(value) ? value : Math.Log(1 + Math.Max(0, value)) : value;

    /// <summary>"days since the last visit 12 (others 88)", "share of Books 34 % (others 8 %)".</summary>
    public string Text(double own, double others) => $"{Name} {Number(own)} (others {Number(others)})";

    private string Number(double value) => IsShare
        ? (value * 100).ToString("0", CultureInfo.InvariantCulture) + " %"
        : value.ToString(value switch { < 1 => "0.00", < 10 => "0.0", _ => "#,0" }, CultureInfo.InvariantCulture);
}

/// <summary>Where a word stands in a segment's name: "frequent buyers", "buyers of Books", "buyers who send goods back".</summary>
internal enum WordPlace
{
    Before,
    Of,
    After,
}
