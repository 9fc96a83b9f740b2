using Cartwright.Commerce.Pricing;

namespace Cartwright.Commerce.Tests.Pricing;

/// <summary>Random problems small enough to try every choice of prices, and that trial, written from the rules' words.</summary>
internal static class SmallProblems
{
    public static OptimizeRequest Draw(Random random, bool withTotals)
    {
        bool hasSegments = random.Next(2) == 0;
        PricedProduct[] products = [.. Enumerable.Range(0, hasSegments ? 2 : 3).Select(i => Product(random, i, hasSegments, canShare: !withTotals))];
        List<PricingRule> rules = [];
        void Maybe(Func<PricingRule> rule)
        {
            if (random.Next(3) == 0)
            {
                rules.Add(rule());
            }
        }

        Maybe(() => new PricingRule { Kind = RuleKind.Margin, Least = 0.3 * random.NextDouble() });
        Maybe(() => new PricingRule { Kind = RuleKind.Bounds, Low = 2, High = 8, Products = ["p0"] });
        Maybe(() => new PricingRule { Kind = RuleKind.Change, Most = 0.6 });
        Maybe(() => new PricingRule { Kind = RuleKind.Ending, Endings = [0.99m, 0.49m] });
        Maybe(() => new PricingRule { Kind = RuleKind.Packs, Products = ["p0", "p1"] });
        Maybe(() => new PricingRule { Kind = RuleKind.Below, Products = ["p1"], Than = "p0", Least = 0.1 });
        Maybe(() => new PricingRule { Kind = RuleKind.SameInSegments });
        Maybe(() => new PricingRule { Kind = RuleKind.SameOfProducts, Products = ["p0", "p1"] });
        if (withTotals)
        {
            Maybe(() => new PricingRule { Kind = RuleKind.ChangeCount, Most = random.Next(3) });
            Maybe(() => new PricingRule { Kind = RuleKind.TotalMargin, Least = 0.5 * random.NextDouble() });
            Maybe(() => new PricingRule { Kind = RuleKind.TotalUnits, Least = 150 * random.NextDouble() });
        }

        return new OptimizeRequest { Products = products, Rules = rules, Penalty = random.Next(2) * random.NextDouble(), Seconds = 60, StockValues = 0 };
    }

    /// <summary>The most that any choice of prices earns that keeps the rules; null where none does.</summary>
    public static double? TryAll(OptimizeRequest request)
    {
        (PricedProduct Product, DemandCurve Curve)[] places = [.. request.Products!.SelectMany(p => p.Demand.Select(d => (p, d)))];
        double? best = null;
        int[] choice = new int[places.Length];
        do
        {
            decimal[] prices = [.. places.Select((place, i) => place.Product.Prices![choice[i]])];
            if (request.Rules!.All(rule => Keeps(rule, places, prices, request)))
            {
                double profit = Enumerable.Range(0, places.Length).Sum(i => Earned(places, prices, i, request));
                best = best is { } b ? Math.Max(b, profit) : profit;
            }
        }
        while (Next(choice, places));

        return best;
    }

    private static PricedProduct Product(Random random, int i, bool hasSegments, bool canShare)
    {
        decimal[] prices = [.. Enumerable.Range(0, hasSegments ? 4 : 5).Select(_ => random.Next(2, 9) + (random.Next(3) == 0 ? 0.49m : 0.99m)).Distinct()];
        var segments = (hasSegments ? new[] { "web", "store" } : [""]).Select(segment => new DemandCurve
        {
            Segment = segment,
            Kind = DemandKind.Elasticity,
            ReferenceUnits = 20 + random.Next(80),
            ReferencePrice = 5,
            Elasticity = -1 - (2 * random.NextDouble()),
        });
        return new PricedProduct
        {
            Id = "p" + i,
            Cost = Math.Round((decimal)(1 + (2 * random.NextDouble())), 2),
            CurrentPrice = prices[random.Next(prices.Length)],
            Prices = prices,
            PackSize = 1 + (0.5 * i),
            Stock = random.Next(2) == 0 || (hasSegments && !canShare) ? null : 10 + random.Next(60),
            Demand = [.. segments],
        };
    }

    private static bool Next(int[] choice, (PricedProduct Product, DemandCurve Curve)[] places)
    {
        for (int i = 0; i < choice.Length; i++)
        {
            if (++choice[i] < places[i].Product.Prices!.Count)
            {
                return true;
            }

            choice[i] = 0;
        }

        return false;
    }

    private static double Earned((PricedProduct Product, DemandCurve Curve)[] places, decimal[] prices, int i, OptimizeRequest request)
    {
        double margin = (double)(prices[i] - places[i].Product.Cost);
        return (margin * Sold(places, prices, i)) - (request.Penalty * margin * margin);
    }

    /// <summary>Stock goes first where the margin is highest.</summary>
    private static double Sold((PricedProduct Product, DemandCurve Curve)[] places, decimal[] prices, int i)
    {
        double left = places[i].Product.Stock ?? double.PositiveInfinity;
        int[] cells = [.. Enumerable.Range(0, places.Length).Where(j => places[j].Product == places[i].Product).OrderByDescending(j => prices[j])];
        foreach (int j in cells.TakeWhile(j => j != i))
        {
            left -= Math.Min(left, places[j].Curve.At((double)prices[j]));
        }

        return Math.Min(left, places[i].Curve.At((double)prices[i]));
    }

    private static bool Keeps(PricingRule rule, (PricedProduct Product, DemandCurve Curve)[] places, decimal[] prices, OptimizeRequest request)
    {
        int[] held = [.. Enumerable.Range(0, places.Length).Where(i => rule.Products?.Contains(places[i].Product.Id) ?? true)];
        IEnumerable<(int First, int Second)> Pairs(string first, string second) => from i in Enumerable.Range(0, places.Length)
            from j in Enumerable.Range(0, places.Length)
            where places[i].Product.Id == first && places[j].Product.Id == second && places[i].Curve.Segment == places[j].Curve.Segment
            select (i, j);

        return rule.Kind switch
        {
            RuleKind.Bounds => held.All(i => prices[i] >= rule.Low && prices[i] <= rule.High),
            RuleKind.Margin => held.All(i => (double)((prices[i] - places[i].Product.Cost) / prices[i]) >= rule.Least),
            RuleKind.Ending => held.All(i => rule.Endings!.Contains(prices[i] % 1)),
            RuleKind.Change => held.All(i => (double)Math.Abs((prices[i] / places[i].Product.CurrentPrice!.Value) - 1) <= rule.Most),
            RuleKind.ChangeCount => held.Count(i => prices[i] != places[i].Product.CurrentPrice) <= rule.Most,
            RuleKind.Packs => Pairs("p0", "p1").All(p => prices[p.First] <= prices[p.Second]
                && (double)prices[p.Second] / places[p.Second].Product.PackSize <= ((double)prices[p.First] / places[p.First].Product.PackSize) + 1e-9),
            RuleKind.Below => Pairs("p1", "p0").All(p => (double)prices[p.First] <= ((1 - rule.Least) * (double)prices[p.Second]) + 1e-9),
            RuleKind.SameInSegments => held.GroupBy(i => places[i].Product.Id).All(g => g.Select(i => prices[i]).Distinct().Count() == 1),
            RuleKind.SameOfProducts => held.GroupBy(i => places[i].Curve.Segment).All(g => g.Select(i => prices[i]).Distinct().Count() == 1),
            RuleKind.TotalMargin => held.Sum(i => Sold(places, prices, i) * ((double)(prices[i] - places[i].Product.Cost) - (rule.Least!.Value * (double)prices[i]))) >= -1e-9,
            RuleKind.TotalUnits => held.Sum(i => Sold(places, prices, i)) >= rule.Least - 1e-9,
            _ => throw new InvalidOperationException(),
        };
    }
}
