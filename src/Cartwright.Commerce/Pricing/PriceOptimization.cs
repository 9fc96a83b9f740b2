using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Pricing;

/// <summary>Solves a pricing problem and says what the answer is worth.</summary>
/// <param name="request">The problem, its file read.</param>
/// <param name="useSolver">False answers as on a machine without the solver.</param>
internal sealed class PriceOptimization(OptimizeRequest request, TimeProvider clock, bool useSolver = true)
{
    private readonly PricedProduct[] _listed = [.. request.Products!.Where(product => product.Prices is not null)];
    private readonly PricedProduct[] _free = [.. request.Products!.Where(product => product.Prices is null)];
    private readonly (PricingRule Rule, string Name)[] _rules = [.. (request.Rules ?? []).Select((rule, i) =>
        (rule, rule.Name ?? FormattableString.Invariant($"{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(rule.Kind.ToString())} (rule {i + 1})")))];

    private readonly bool _hasSolver = useSolver && Cbc.IsInstalled;
    private readonly long _start = clock.GetTimestamp();

    /// <summary>A choice of prices with what is sold under it.</summary>
    private sealed record Found(int[] Choice, double[][] Sold, double Profit, double Bound, bool IsOptimal);

    private double SecondsLeft => request.Seconds - clock.GetElapsedTime(_start).TotalSeconds;

    private double Penalty => request.Penalty;

    public OptimizeResponse Solve(IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        Check();
        progress?.Report(new RunProgress("finding prices", 0, 0, "problems"));
        List<OptimizedPrice>? free = Free(_rules);
        PriceModel? model = free is null ? null : PriceModel.Build(_listed, _rules, Penalty);
        (Found? found, bool isInfeasible) = model is null ? (null, true) : Solve(model, cancellation);
        if (found is null)
        {
            return isInfeasible ? Infeasible(progress, cancellation) : Unfound();
        }

        double freeProfit = free!.Sum(price => price.Profit);
        List<StockValue> values = StockValues(model!, found, progress, cancellation);
        IEnumerable<OptimizedPrice> prices = [.. free!, .. Prices(model!, found)];
        Dictionary<string, int> place = request.Products!.Select((product, i) => (product.Id, i)).ToDictionary(p => p.Id, p => p.i, StringComparer.Ordinal);
        double profit = found.Profit + freeProfit;
        double bound = Math.Max(profit, found.Bound + freeProfit);
        double gap = (bound - profit) / Math.Max(1e-9, Math.Abs(profit));
        return new OptimizeResponse(found.IsOptimal ? "optimal" : "feasible", Solver(model!), profit, bound, gap, clock.GetElapsedTime(_start).TotalSeconds,
            [.. prices.OrderBy(price => place[price.ProductId])], values, [], Note(found, gap));
    }

    private string Solver(PriceModel model) => model.Groups.Count == 0 ? "exact" : _hasSolver ? Cbc.Name : "greedy";

    private string Note(Found found, double gap) => found.IsOptimal ? "No prices that keep the rules earn more."
        : FormattableString.Invariant($"Better prices may exist, by {100 * gap:0.###} % of the profit at most. ")
            + (_hasSolver ? "Allow more --seconds to look on." : "Install the solver to find them (Debian: apt-get install coinor-libcbc3).");

    private void Check()
    {
        string[] ids = [.. request.Products!.Select(product => product.Id)];
        if (ids.GroupBy(id => id, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ValidationException($"Product '{twice.Key}' stands in the problem twice. Give each product once, with all its segments in its demand.");
        }

        var known = ids.ToHashSet(StringComparer.Ordinal);
        var segments = request.Products!.SelectMany(product => product.Demand).Select(curve => curve.Segment ?? "").ToHashSet(StringComparer.Ordinal);
        foreach ((PricingRule rule, string name) in _rules)
        {
            foreach (string id in (rule.Products ?? []).Concat(rule.Than is null ? [] : [rule.Than]).Where(id => !known.Contains(id)))
            {
                throw new ValidationException($"The rule '{name}' names the product '{id}', which the problem does not have.{Guess(id, known)}");
            }

            foreach (string segment in (rule.Segments ?? []).Where(segment => !segments.Contains(segment)))
            {
                throw new ValidationException($"The rule '{name}' names the segment '{segment}', which no demand has.{Guess(segment, segments)}");
            }

            if ((rule.Couples || rule.Kind == RuleKind.Ending) && _free.FirstOrDefault(p => p.Demand.Any(d => rule.Holds(p.Id, d.Segment ?? "")) || rule.Than == p.Id) is { } free)
            {
                throw new ValidationException($"The rule '{name}' needs a list of prices to choose from, and product '{free.Id}' has none. Give it prices, or leave it out of the rule.");
            }
        }

        if (_free.FirstOrDefault(product => product is { Stock: not null, Demand.Count: > 1 }) is { } shared)
        {
            throw new ValidationException($"Product '{shared.Id}' has stock that segments share, which needs a list of prices. Give it prices.");
        }
    }

    private static string Guess(string word, IReadOnlyCollection<string> known) => NearMiss.Of(word, known.Where(k => k.Length > 0)) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>The products whose price may be any number, each alone; null where the rules leave one without a price.</summary>
    private List<OptimizedPrice>? Free(IReadOnlyList<(PricingRule Rule, string Name)> rules)
    {
        var prices = new List<OptimizedPrice>();
        foreach ((PricedProduct product, DemandCurve curve) in _free.SelectMany(product => product.Demand.Select(curve => (product, curve))))
        {
            (PricingRule Rule, string Name)[] held = [.. rules.Where(r => r.Rule.Holds(product.Id, curve.Segment ?? ""))];
            double floor = (double)(product.Floor ?? 0);
            double ceiling = (double?)product.Ceiling ?? double.PositiveInfinity;
            (double ownFloor, double ownCeiling) = (floor, ceiling);
            foreach ((PricingRule rule, _) in held)
            {
                (double low, double high) = Interval(rule, product);
                floor = Math.Max(floor, low);
                ceiling = Math.Min(ceiling, high);
            }

            if (floor > ceiling * (1 + 1e-12))
            {
                return null;
            }

            double cost = (double)product.Cost;
            double penalty = product.Penalty ?? Penalty;
            double stock = product.Stock ?? double.PositiveInfinity;
            double best = PolicyPrice.Best(curve, cost, penalty, Math.Min(floor, ceiling), ceiling, stock);
            if (!double.IsFinite(best) || best > (double)decimal.MaxValue / 2)
            {
                throw new ValidationException($"Product '{product.Id}' earns more the dearer it is, without end: its demand hardly answers to price. Give it a ceiling or a penalty.");
            }

            double alone = PolicyPrice.Best(curve, cost, penalty, ownFloor, ownCeiling, stock);
            double units = curve.At(best);
            prices.Add(new OptimizedPrice(product.Id, curve.Segment ?? "", (decimal)best, product.CurrentPrice, units, Math.Min(units, stock),
                PolicyPrice.Objective(curve, best, cost, penalty, stock),
                [.. held.Where(r => alone < Interval(r.Rule, product).Low * (1 - 1e-12) || alone > Interval(r.Rule, product).High * (1 + 1e-12)).Select(r => r.Name)]));
        }

        return prices;
    }

    private static (double Low, double High) Interval(PricingRule rule, PricedProduct product) => rule.Kind switch
    {
        RuleKind.Bounds => ((double)(rule.Low ?? 0), (double?)rule.High ?? double.PositiveInfinity),
        RuleKind.Margin => (rule.Least!.Value >= 1 ? double.PositiveInfinity : (double)product.Cost / (1 - rule.Least.Value), double.PositiveInfinity),
        RuleKind.Change when product.CurrentPrice is { } now => ((double)now * (1 - rule.Most!.Value), (double)now * (1 + rule.Most.Value)),
        _ => (0, double.PositiveInfinity),
    };

    private (Found? Found, bool IsInfeasible) Solve(PriceModel model, CancellationToken cancellation)
    {
        if (model.Orders.Count == 0 && model.Totals.Count == 0 && model.Members.Length == 0)
        {
            int[] alone = [.. model.Groups.Select(group => Array.IndexOf(group.Value, group.Value.Max()))];
            double profit = model.Profit(alone);
            return (new Found(alone, [], profit, profit, IsOptimal: true), false);
        }

        if (!_hasSolver)
        {
            (int[]? choice, double bound, bool isInfeasible) = GreedyPrices.Solve(model, cancellation);
            return choice is null ? (null, isInfeasible)
                : (new Found(choice, model.Sold(choice), model.Profit(choice), bound, bound - model.Profit(choice) <= 1e-9 * Math.Max(1, Math.Abs(bound))), false);
        }

        PriceProgram program = model.ToProgram();
        MixedSolution solution = Cbc.Solve(program.Program, SecondsLeft);
        if (solution.Values is not { } values)
        {
            return (null, solution.IsInfeasible);
        }

        int[] best = model.ToChoice(values, program);
        double[][] sold = model.ToSold(values, program, best);
        return !model.Keeps(best, sold) ? (null, false) : (new Found(best, sold, model.Profit(best, sold), solution.Bound + model.Constant, solution.IsOptimal), false);
    }

    private OptimizeResponse Unfound() => new("unknown", _hasSolver ? Cbc.Name : "greedy", null, null, null, clock.GetElapsedTime(_start).TotalSeconds, [], [], [],
        _hasSolver ? "No prices that keep all rules were found in the time given, and none were shown not to exist. Allow more --seconds."
            : "No prices that keep all rules were found, and none were shown not to exist. Install the solver to know (Debian: apt-get install coinor-libcbc3).");

    private OptimizeResponse Infeasible(IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        string solver = _hasSolver ? Cbc.Name : "greedy";
        if (IsInfeasible([], cancellation))
        {
            return Answer([], "A product has no price between its own floor and ceiling.");
        }

        progress?.Report(new RunProgress("finding the rules that conflict", 0, 0, "rules"));
        List<(PricingRule Rule, string Name)> kept = Conflict([], hasGrown: false, _rules, cancellation);
        string[] names = [.. kept.Select(r => r.Name)];
        string[] stuck = [.. request.Products!.Where(product => IsStuck(product, kept)).Select(product => product.Id).Take(5)];
        string where = stuck.Length == 0 ? "" : $" They leave no price to {string.Join(", ", stuck)}.";
        return Answer(names, (names.Length == 1 ? $"No prices keep the rule '{names[0]}'." : $"No prices keep these {names.Length} rules together; without any one of them the others can be kept.") + where);

        OptimizeResponse Answer(string[] conflict, string note) =>
            new("infeasible", solver, null, null, null, clock.GetElapsedTime(_start).TotalSeconds, [], [], conflict, note);
    }

    /// <summary>The rules of a list without which those that are held could be kept; with any one of them gone the rest could.</summary>
    /// <remarks>Deletion by halves, which asks about few sets where few rules conflict: Junker, "QuickXplain", AAAI 2004.</remarks>
    private List<(PricingRule Rule, string Name)> Conflict(IReadOnlyList<(PricingRule Rule, string Name)> held, bool hasGrown,
        ReadOnlySpan<(PricingRule Rule, string Name)> rules, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (hasGrown && IsInfeasible(held, cancellation))
        {
            return [];
        }

        if (rules.Length == 1)
        {
            return [rules[0]];
        }

        int half = rules.Length / 2;
        List<(PricingRule Rule, string Name)> second = Conflict([.. held, .. rules[..half]], hasGrown: true, rules[half..], cancellation);
        List<(PricingRule Rule, string Name)> first = Conflict([.. held, .. second], second.Count > 0, rules[..half], cancellation);
        return [.. first, .. second];
    }

    private bool IsStuck(PricedProduct product, IReadOnlyList<(PricingRule Rule, string Name)> rules)
    {
        (PricingRule Rule, string Name)[] own = [.. rules.Where(r => !r.Rule.Couples)];
        return product.Prices is null
            ? new PriceOptimization(request with { Products = [product], Rules = [] }, clock).Free(own) is null
            : PriceModel.Build([product], own, Penalty) is null;
    }

    private bool IsInfeasible(IReadOnlyList<(PricingRule Rule, string Name)> rules, CancellationToken cancellation)
    {
        if (Free(rules) is null || PriceModel.Build(_listed, rules, Penalty) is not { } model)
        {
            return true;
        }

        if (model.Totals.Count == 0)
        {
            return false;                                 // the lowest prices keep the orders, and nothing else ties
        }

        return _hasSolver ? Cbc.Solve(model.ToProgram(hasObjective: false).Program, Math.Max(1, SecondsLeft)).IsInfeasible
            : GreedyPrices.Solve(model, cancellation).IsInfeasible;
    }

    private List<StockValue> StockValues(PriceModel model, Found found, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        PricedProduct[] soldOut = [.. Units(model, found).Where(u => u.Key.Stock is { } stock && u.Value >= stock - (1e-6 * Math.Max(1, stock)))
            .OrderByDescending(u => u.Key.Prices!.Max() - u.Key.Cost).Select(u => u.Key).Take(request.StockValues)];
        var values = new List<StockValue>();
        foreach (PricedProduct product in soldOut)
        {
            progress?.Report(new RunProgress("asking what one more unit is worth", values.Count, soldOut.Length, "products"));
            PricedProduct[] richer = [.. _listed.Select(p => ReferenceEquals(p, product) ? p with { Stock = p.Stock + 1 } : p)];
            Found? more = SecondsLeft > 0 || !_hasSolver ? Solve(PriceModel.Build(richer, _rules, Penalty)!, cancellation).Found : null;
            values.Add(new StockValue(product.Id, product.Stock!.Value, more is { IsOptimal: true } && found.IsOptimal ? more.Profit - found.Profit : null));
        }

        return values;
    }

    private static Dictionary<PricedProduct, double> Units(PriceModel model, Found found)
    {
        var units = new Dictionary<PricedProduct, double>(ReferenceEqualityComparer.Instance);
        foreach ((int g, int c, double sold) in Sales(model, found))
        {
            PricedProduct product = model.Groups[g].Cells[c].Product;
            units[product] = units.GetValueOrDefault(product) + sold;
        }

        return units;
    }

    private static IEnumerable<(int Group, int Cell, double Sold)> Sales(PriceModel model, Found found)
    {
        Dictionary<(int, int), double> shared = model.Members.SelectMany((member, m) => member.Select((at, i) => (at, found.Sold[m][i]))).ToDictionary(s => (s.at.Group, s.at.Cell), s => s.Item2);
        for (int g = 0; g < model.Groups.Count; g++)
        {
            for (int c = 0; c < model.Groups[g].Cells.Length; c++)
            {
                yield return (g, c, model.Groups[g].Cells[c].Sold?[found.Choice[g]] ?? shared[(g, c)]);
            }
        }
    }

    private IEnumerable<OptimizedPrice> Prices(PriceModel model, Found found)
    {
        double[] room = [.. model.Totals.Select(total => model.Amount(total, found.Choice, found.Sold) - total.Bound)];
        ILookup<int, PriceOrder> orders = model.Orders.SelectMany(order => new[] { (order.First, order), (order.Second, order) }).ToLookup(o => o.Item1, o => o.order);
        foreach ((int g, int c, double sold) in Sales(model, found))
        {
            PriceGroup group = model.Groups[g];
            PriceCell cell = group.Cells[c];
            int chosen = found.Choice[g];
            double margin = (double)(group.Prices[chosen] - cell.Product.Cost);
            yield return new OptimizedPrice(cell.Product.Id, cell.Segment, group.Prices[chosen], cell.Product.CurrentPrice, cell.Demand[chosen], sold,
                (margin * sold) - ((cell.Product.Penalty ?? Penalty) * margin * margin), [.. HeldBy(cell, group.Prices[chosen], Broken)]);

            // Rules over several prices that a change of this one alone would break.
            IEnumerable<string> Broken(decimal price)
            {
                int k = Array.IndexOf(group.Prices, price);
                return k < 0 ? TyingNames(cell)
                    : orders[g].Where(order => (order.First == g ? found.Choice[order.Second] < order.Least[k] : k < order.Least[found.Choice[order.First]])).Select(order => order.Rule)
                        .Concat(model.Totals.Where((total, t) => total.Amount[g] is { } amount && room[t] + amount[k] - amount[chosen] < -1e-6 * Math.Max(1, Math.Abs(total.Bound))).Select(total => total.Rule))
                        .Concat(group.Cells.Length > 1 ? SameNames(cell) : []).Distinct(StringComparer.Ordinal);
            }
        }
    }

    private IEnumerable<string> TyingNames(PriceCell cell) => _rules.Where(r => r.Rule.Kind is RuleKind.Packs or RuleKind.Below or RuleKind.SameInSegments or RuleKind.SameOfProducts
        && (r.Rule.Holds(cell.Product.Id, cell.Segment) || r.Rule.Than == cell.Product.Id)).Select(r => r.Name);

    private IEnumerable<string> SameNames(PriceCell cell) =>
        _rules.Where(r => r.Rule.Kind is RuleKind.SameInSegments or RuleKind.SameOfProducts && r.Rule.Holds(cell.Product.Id, cell.Segment)).Select(r => r.Name);

    /// <summary>Rules that stand between a price and the one that would earn most here alone.</summary>
    private IEnumerable<string> HeldBy(PriceCell cell, decimal price, Func<decimal, IEnumerable<string>> broken)
    {
        PriceModel alone = PriceModel.Build([cell.Product with { Demand = [cell.Product.Demand.First(d => (d.Segment ?? "") == cell.Segment)] }], [], Penalty)!;
        PriceGroup group = alone.Groups[0];
        int best = Array.IndexOf(group.Value, group.Value.Max());
        if (group.Value[Array.IndexOf(group.Prices, price)] >= group.Value[best])
        {
            return [];
        }

        string[] forbidding = [.. _rules.Where(r => r.Rule.Holds(cell.Product.Id, cell.Segment) && !r.Rule.Allows(cell.Product, group.Prices[best])).Select(r => r.Name)];
        return forbidding.Length > 0 ? forbidding : broken(group.Prices[best]);
    }
}
