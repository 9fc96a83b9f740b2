using Cartwright.Commerce.Pricing;

namespace Cartwright.Commerce.Tests.Pricing;

/// <summary>A shop's worth of prices under rules of eight kinds.</summary>
internal static class LargeProblem
{
    public static OptimizeRequest Draw(int seed, int productCount, int priceCount)
    {
        var random = new Random(seed);
        var products = new PricedProduct[productCount];
        for (int i = 0; i < productCount; i++)
        {
            // Of four products the second is a pack of two of the first, and the fourth a better make of the third.
            double cost = Math.Round((i % 4) switch { 1 => 1.95 * (double)products[i - 1].Cost, 3 => 1.3 * (double)products[i - 1].Cost, _ => 1 + (5 * random.NextDouble()) }, 2);
            decimal[] prices = [.. Enumerable.Range(0, 2 * priceCount).Select(k => Math.Floor((decimal)(cost * (1.1 + (0.1 * k)))) + (k % 3 == 0 ? 0.49m : 0.99m)).Distinct().Take(priceCount)];
            products[i] = new PricedProduct
            {
                Id = $"p{i}",
                Cost = (decimal)cost,
                CurrentPrice = prices.MinBy(price => Math.Abs((double)price - (cost * (1.7 + (0.6 * random.NextDouble()))))),
                Prices = prices,
                PackSize = 1 + (i % 2),
                Stock = random.Next(3) == 0 ? 20 + random.Next(60) : null,
                Demand = [new DemandCurve
                {
                    Kind = DemandKind.Elasticity, ReferenceUnits = 30 + (80 * random.NextDouble()), ReferencePrice = 2 * cost, Elasticity = -1.2 - (2 * random.NextDouble()),
                }],
            };
        }

        return new OptimizeRequest
        {
            Products = products,
            StockValues = 0,
            Rules =
            [
                new PricingRule { Kind = RuleKind.Margin, Least = 0.12 },
                new PricingRule { Kind = RuleKind.Bounds, High = 40 },
                new PricingRule { Kind = RuleKind.Change, Most = 0.5 },
                new PricingRule { Kind = RuleKind.ChangeCount, Most = 0.7 * productCount },
                new PricingRule { Kind = RuleKind.TotalMargin, Least = 0.45 },
                new PricingRule { Kind = RuleKind.TotalUnits, Least = 22 * productCount },
                .. Enumerable.Range(0, productCount / 8).Select(i => new PricingRule { Kind = RuleKind.Packs, Products = [$"p{4 * i}", $"p{(4 * i) + 1}"] }),
                .. Enumerable.Range(0, productCount / 8).Select(i => new PricingRule { Kind = RuleKind.Below, Products = [$"p{(4 * i) + 2}"], Than = $"p{(4 * i) + 3}", Least = 0.05 }),
            ],
        };
    }
}
