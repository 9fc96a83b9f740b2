using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Counts the found products by the values of a field.</summary>
internal static class FacetCounts
{
    private const int MaxValues = 20;
    private const int PriceRanges = 5;

    private const string Brand = "brand";
    private const string Category = "category";
    private const string Price = "price";

    public static Facet Of(LiveShop shop, ReadOnlySpan<int> products, string name) => name == Price
        ? new Facet(name, ByPrice(shop, products))
        : new Facet(name, ByValue(shop, products, name));

    private static FacetValue[] ByValue(LiveShop shop, ReadOnlySpan<int> products, string name)
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (int index in products)
        {
            Product product = shop.Products[index];
            switch (name)
            {
                case Brand:
                    Count(counts, product.Brand);
                    break;
                case Category:
                    // A product of "Kitchen > Pots" is one of "Kitchen" too, as the filter has it.
                    foreach (string path in product.Category is { } category ? CategoryPath.WithParents(category) : [])
                    {
                        Count(counts, path);
                    }

                    break;
                default:
                    Count(counts, product.Attributes.GetValueOrDefault(name));
                    break;
            }
        }

        return [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
            .Take(MaxValues).Select(pair => new FacetValue(pair.Key, pair.Value))];
    }

    private static void Count(Dictionary<string, int> counts, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            counts[value] = counts.GetValueOrDefault(value) + 1;
        }
    }

    /// <summary>Ranges that hold about as many products each, between round prices.</summary>
    private static List<FacetValue> ByPrice(LiveShop shop, ReadOnlySpan<int> products)
    {
        var prices = new List<decimal>(products.Length);
        foreach (int index in products)
        {
            if (shop.Products[index].Price is { } price)
            {
                prices.Add(price);
            }
        }

        prices.Sort();
        var ranges = new List<FacetValue>();
        int start = 0;
        decimal from = 0;
        for (int range = 1; range <= PriceRanges && start < prices.Count; range++)
        {
            decimal to = range == PriceRanges ? RoundUp(prices[^1]) : RoundUp(prices[Math.Max(start, (prices.Count * range / PriceRanges) - 1)]);
            int end = start;
            while (end < prices.Count && prices[end] <= to)
            {
                end++;
            }

            string value = string.Create(CultureInfo.InvariantCulture, $"{from:0.##} to {to:0.##}");
            ranges.Add(new FacetValue(value, end - start) { PriceFrom = from, PriceTo = to });
            start = end;
            from = to + 0.01m;
        }

        return ranges;
    }

    /// <summary>The next price that begins with one digit that counts, or two: 12.95 is 13, 134 is 140.</summary>
    private static decimal RoundUp(decimal price)
    {
        decimal step = 1;
        while (step * 100 <= price)
        {
            step *= 10;
        }

        return Math.Ceiling(price / step) * step;
    }
}
