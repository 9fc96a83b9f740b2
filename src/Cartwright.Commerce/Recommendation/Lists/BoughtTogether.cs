using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products are bought together with one, more often than chance would have it.</summary>
/// <example>cartwright recommendation bought-together p42 --count 4 --explain</example>
public sealed record BoughtTogetherRequest : ShopperFilter
{
    /// <summary>The product that others go with.</summary>
    [Required]
    public required string ProductId { get; init; }

    /// <summary>Adds the reasons: in how many orders they were bought together.</summary>
    public bool Explain { get; init; }
}

/// <param name="Results">Best first.</param>
/// <param name="Fallback">Why what is popular stands in the list; null where it does not.</param>
public sealed record ProductListResponse(IReadOnlyList<RankedProduct> Results, string? Fallback)
{
    /// <summary>Version of the pipeline whose rules were kept; null where none was ever set.</summary>
    public string? Pipeline { get; init; }
}

/// <summary>Counts what is bought together with a product.</summary>
/// <remarks>
/// Ranked by ln of the shrunk lift (<see cref="Association.Lift"/>) times the orders together, as a share of the product's own: what few bought
/// with it and what everybody buys anyway stand low alike. Only products that stand together in two orders or more, and more often than expected.
/// </remarks>
internal static class BoughtTogether
{
    private const string Model = "bought-together";
    private const int FewestTogether = 2;

    public static IRanker Of(Baskets baskets, int product, int productCount)
    {
        int[] together = new int[productCount];
        int scanned = baskets.CountTogether(product, Baskets.MostScanned, together);
        float[] scores = new float[productCount];
        for (int other = 0; other < productCount; other++)
        {
            double lift = together[other] < FewestTogether ? 1 : Association.Lift(together[other], (double)scanned * baskets.CountOf(other) / baskets.Count);
            scores[other] = lift > 1 ? (float)(Math.Log(lift) * together[other] / scanned) : float.NegativeInfinity;
        }

        return new CountedScores(Model, scores, other => scores[other] > 0 ? new Reason("together", Words(together[other], scanned), null, scores[other]) : null);
    }

    /// <summary>"bought together in 12 of 40 orders".</summary>
    /// <param name="orders">Orders with the product that were looked at.</param>
    public static string Words(int together, int orders) => string.Create(CultureInfo.InvariantCulture, $"bought together in {together:N0} of {orders:N0} orders");
}
