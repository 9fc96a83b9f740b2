using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Pricing;

/// <summary>Turns products and rules into groups, orders and totals.</summary>
internal sealed record PriceModelParts(PriceGroup[] Groups, PriceOrder[] Orders, PriceTotal[] Totals)
{
    private const double Tolerance = 1e-9;

    private sealed record Place(PricedProduct Product, DemandCurve Curve)
    {
        public string Segment => Curve.Segment ?? "";
    }

    public static PriceModelParts? Build(IReadOnlyList<PricedProduct> products, IReadOnlyList<(PricingRule Rule, string Name)> rules, double penalty)
    {
        Place[] places = [.. products.SelectMany(product => product.Demand.Select(curve => new Place(product, curve)))];
        int[] groupOf = Unite(places, rules);
        var groups = new PriceGroup[groupOf.Length == 0 ? 0 : groupOf.Max() + 1];
        Dictionary<PricedProduct, int> members = Sharing(places, groupOf);
        foreach (IGrouping<int, int> group in Enumerable.Range(0, places.Length).GroupBy(i => groupOf[i]))
        {
            Place[] within = [.. group.Select(i => places[i])];
            decimal[] prices = [.. within.Select(p => Allowed(p, rules)).Aggregate((a, b) => [.. a.Intersect(b)]).Order()];
            if (prices.Length == 0)
            {
                return null;
            }

            PriceCell[] cells = [.. within.Select(p => Cell(p, within, prices, members.GetValueOrDefault(p.Product, -1)))];
            groups[group.Key] = new PriceGroup(prices, cells, [.. prices.Select((price, k) => cells.Sum(cell => Value(cell, price, k, penalty)))]);
        }

        return Trim(groups, () => [.. Ordered(places, groupOf, groups, rules)]) ? new PriceModelParts(groups, [.. Ordered(places, groupOf, groups, rules)], [.. Totaled(groups, rules)]) : null;
    }

    /// <summary>Takes away the prices that no choice has which keeps the orders. False where none keeps them.</summary>
    /// <remarks>
    /// An order only pushes its second price up, and so its first down from above: the lowest and the highest choice that keep all are found
    /// by pushing until nothing moves, and every price between them and in order with some other may stay.
    /// </remarks>
    private static bool Trim(PriceGroup[] groups, Func<PriceOrder[]> ordered)
    {
        PriceOrder[] orders = ordered();
        int[] low = new int[groups.Length];
        int[] high = [.. groups.Select(group => group.Prices.Length - 1)];
        bool hasMoved = orders.Length > 0;
        while (hasMoved)
        {
            hasMoved = false;
            foreach (PriceOrder order in orders)
            {
                int least = order.Least[low[order.First]];
                int most = high[order.First];
                while (most >= 0 && order.Least[most] > high[order.Second])
                {
                    most--;
                }

                if (most < low[order.First] || least > high[order.Second])
                {
                    return false;
                }

                hasMoved |= least > low[order.Second] || most < high[order.First];
                low[order.Second] = Math.Max(low[order.Second], least);
                high[order.First] = most;
            }
        }

        for (int g = 0; g < groups.Length; g++)
        {
            groups[g] = groups[g].Between(low[g], high[g]);
        }

        return true;
    }

    /// <summary>The number of each cell's group: cells that must have one price are in one.</summary>
    private static int[] Unite(Place[] places, IReadOnlyList<(PricingRule Rule, string Name)> rules)
    {
        int[] root = [.. Enumerable.Range(0, places.Length)];
        foreach ((PricingRule rule, _) in rules.Where(r => r.Rule.Kind is RuleKind.SameInSegments or RuleKind.SameOfProducts))
        {
            foreach (IGrouping<string, int> same in Enumerable.Range(0, places.Length).Where(i => rule.Holds(places[i].Product.Id, places[i].Segment))
                .GroupBy(i => rule.Kind == RuleKind.SameInSegments ? places[i].Product.Id : places[i].Segment, StringComparer.Ordinal))
            {
                foreach (int i in same)
                {
                    root[Find(i)] = Find(same.First());
                }
            }
        }

        int[] roots = [.. Enumerable.Range(0, places.Length).Select(Find)];
        Dictionary<int, int> number = roots.Distinct().Select((r, n) => (r, n)).ToDictionary(p => p.r, p => p.n);
        return [.. roots.Select(r => number[r])];

        int Find(int i)
        {
            while (root[i] != i)
            {
                i = root[i] = root[root[i]];
            }

            return i;
        }
    }

    private static Dictionary<PricedProduct, int> Sharing(Place[] places, int[] groupOf) => Enumerable.Range(0, places.Length)
        .Where(i => places[i].Product.Stock is not null)
        .GroupBy(i => places[i].Product, ReferenceEqualityComparer.Instance)
        .Where(product => product.Select(i => groupOf[i]).Distinct().Count() > 1 && product.Sum(i => MostWanted(places[i])) > ((PricedProduct)product.Key!).Stock)
        .Select((product, n) => (Product: (PricedProduct)product.Key!, n))
        .ToDictionary(p => p.Product, p => p.n, (IEqualityComparer<PricedProduct>)ReferenceEqualityComparer.Instance);

    private static double MostWanted(Place place) => Demand(place, [.. place.Product.Prices!]).Max();

    private static decimal[] Allowed(Place place, IReadOnlyList<(PricingRule Rule, string Name)> rules)
    {
        PricingRule[] own = [.. rules.Select(r => r.Rule).Where(rule => !rule.Couples && rule.Holds(place.Product.Id, place.Segment))];
        return [.. place.Product.Prices!.Where(price => price >= (place.Product.Floor ?? 0) && price <= (place.Product.Ceiling ?? decimal.MaxValue)
            && own.All(rule => rule.Allows(place.Product, price)))];
    }

    private static PriceCell Cell(Place place, Place[] group, decimal[] prices, int member)
    {
        double[] demand = Demand(place, prices);
        if (member >= 0)
        {
            return new PriceCell(place.Product, place.Segment, demand, Sold: null, member);
        }

        // All cells of the product have this price: they share what there is in proportion to what they want.
        double[][] all = [.. group.Where(p => ReferenceEquals(p.Product, place.Product)).Select(p => Demand(p, prices))];
        double[] sold = [.. demand.Select((units, k) => units * Math.Min(1, (place.Product.Stock ?? double.PositiveInfinity) / Math.Max(1e-300, all.Sum(d => d[k]))))];
        return new PriceCell(place.Product, place.Segment, demand, sold, member);
    }

    private static double[] Demand(Place place, decimal[] prices) => [.. prices.Select(price => place.Curve.Kind == DemandKind.Units
        ? place.Curve.Units![place.Product.Prices!.Select((p, i) => (p, i)).First(at => at.p == price).i]
        : place.Curve.At((double)price))];

    private static double Value(PriceCell cell, decimal price, int k, double penalty)
    {
        double margin = (double)(price - cell.Product.Cost);
        return (margin * (cell.Sold?[k] ?? 0)) - ((cell.Product.Penalty ?? penalty) * margin * margin);
    }

    private static IEnumerable<PriceOrder> Ordered(Place[] places, int[] groupOf, PriceGroup[] groups, IReadOnlyList<(PricingRule Rule, string Name)> rules)
    {
        ILookup<string, int> placesOf = Enumerable.Range(0, places.Length).ToLookup(i => places[i].Product.Id, StringComparer.Ordinal);
        foreach ((PricingRule rule, string name) in rules)
        {
            if (rule.Kind == RuleKind.Packs)
            {
                for (int i = 1; i < rule.Products!.Count; i++)
                {
                    foreach ((Place small, int s, Place large, int l) in Pairs(rule.Products[i - 1], rule.Products[i], rule))
                    {
                        yield return Order(name, s, 1, l, 1);
                        yield return Order(name, l, 1 / Size(large, name), s, 1 / Size(small, name));
                    }
                }
            }
            else if (rule.Kind == RuleKind.Below)
            {
                foreach ((_, int cheaper, _, int dearer) in rule.Products!.SelectMany(product => Pairs(product, rule.Than!, rule)))
                {
                    yield return Order(name, cheaper, 1, dearer, 1 - rule.Least!.Value);
                }
            }
        }

        IEnumerable<(Place First, int FirstGroup, Place Second, int SecondGroup)> Pairs(string first, string second, PricingRule rule) =>
            from i in placesOf[first]
            from j in placesOf[second]
            where places[i].Segment == places[j].Segment
                && (rule.Segments is null || rule.Segments.Contains(places[i].Segment, StringComparer.Ordinal))
            select (places[i], groupOf[i], places[j], groupOf[j]);

        PriceOrder Order(string name, int first, double firstScale, int second, double secondScale) => new(name, first, second,
            [.. groups[first].Prices.Select(a => groups[second].Prices.TakeWhile(b => (double)b * secondScale < (double)a * firstScale * (1 - Tolerance)).Count())]);

        static double Size(Place place, string rule) => place.Product.PackSize
            ?? throw new ValidationException($"The rule '{rule}' orders packs, but product '{place.Product.Id}' has no packSize. Say how many units are in the pack.");
    }

    private static IEnumerable<PriceTotal> Totaled(PriceGroup[] groups, IReadOnlyList<(PricingRule Rule, string Name)> rules)
    {
        foreach ((PricingRule rule, string name) in rules)
        {
            switch (rule.Kind)
            {
                case RuleKind.ChangeCount:
                    yield return new PriceTotal(name, -rule.Most!.Value,
                        Amounts((cell, price, _) => cell.Product.CurrentPrice is { } now && now != price ? -1 : 0), (_, _) => 0);
                    break;
                case RuleKind.TotalMargin:
                    yield return Sales(0, (cell, price) => (double)(price - cell.Product.Cost) - (rule.Least!.Value * (double)price));
                    break;
                case RuleKind.TotalUnits:
                    yield return Sales(rule.Least!.Value, (_, _) => 1);
                    break;
            }

            double[]?[] Amounts(Func<PriceCell, decimal, int, double> amount) => [.. groups.Select(group => group.Cells.Any(Holds)
                ? group.Prices.Select((price, k) => group.Cells.Where(Holds).Sum(cell => amount(cell, price, k))).ToArray()
                : null)];

            PriceTotal Sales(double bound, Func<PriceCell, decimal, double> perUnit) => new(name, bound,
                Amounts((cell, price, k) => (cell.Sold?[k] ?? 0) * perUnit(cell, price)), (cell, price) => Holds(cell) ? perUnit(cell, price) : 0);

            bool Holds(PriceCell cell) => rule.Holds(cell.Product.Id, cell.Segment);
        }
    }
}
