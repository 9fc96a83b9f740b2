namespace Cartwright.Commerce.Pricing;

/// <summary>Prices without a solver: multipliers on the ties give a bound, and the choice they lead to is mended and climbed from.</summary>
/// <remarks>
/// Lagrangian relaxation by subgradients with Polyak's step: Fisher, "The Lagrangian Relaxation Method for Solving Integer Programming
/// Problems", Management Science 1981. Without ties every group is free and the choice is the best there is.
/// </remarks>
internal static class GreedyPrices
{
    private const int Rounds = 400;

    /// <returns>The choice with its bound; a choice of null where none was found that keeps every tie.</returns>
    public static (int[]? Choice, double Bound, bool IsInfeasible) Solve(PriceModel model, CancellationToken cancellation)
    {
        if (model.Totals.Any(total => IsOutOfReach(model, total)))
        {
            return (null, double.NegativeInfinity, true);
        }

        int[]? best = null;
        double earned = double.NegativeInfinity;
        double bound = double.PositiveInfinity;
        double pace = 1;
        var multipliers = new PriceMultipliers(model);
        for (int round = 0; round < Rounds && !cancellation.IsCancellationRequested; round++)
        {
            (int[] choice, double relaxed) = multipliers.Maximize();
            pace *= relaxed < bound - (1e-6 * Math.Abs(bound)) ? 1 : 0.97;
            bound = Math.Min(bound, relaxed);
            if ((round % 40 == 0 || round == Rounds - 1) && Improve(model, choice, cancellation) is { } improved && improved.Profit > earned)
            {
                (best, earned) = (improved.Choice, improved.Profit);
            }

            double target = best is null ? relaxed - (0.05 * Math.Abs(relaxed)) : earned;
            if (bound - target <= 1e-9 * Math.Max(1, Math.Abs(target)) || !multipliers.Step(choice, pace * (relaxed - target)))
            {
                break;
            }
        }

        return (best, bound, false);
    }

    /// <summary>Whether even the prices that do most for a total fall short of it.</summary>
    private static bool IsOutOfReach(PriceModel model, PriceTotal total)
    {
        double most = total.Amount.Sum(amount => amount?.Max() ?? 0)
            + model.Members.SelectMany(m => m).Sum(at => MostOfMember(model.Groups[at.Group], model.Groups[at.Group].Cells[at.Cell], total));
        return most < total.Bound - (1e-6 * Math.Max(1, Math.Abs(total.Bound)));
    }

    private static double MostOfMember(PriceGroup group, PriceCell cell, PriceTotal total) =>
        group.Prices.Select((price, k) => Math.Max(0, total.PerUnit(cell, price)) * Math.Min(cell.Demand[k], cell.Product.Stock!.Value)).Max();

    /// <summary>Mends what a choice breaks, where that costs least for what it mends, then changes prices as long as that earns more.</summary>
    private static (int[] Choice, double Profit)? Improve(PriceModel model, int[] start, CancellationToken cancellation)
    {
        var moves = new PriceMoves(model, start);
        while (moves.Missing > 0)
        {
            (int Group, int Price, double Rate) best = (-1, 0, double.PositiveInfinity);
            foreach ((int g, int k) in moves.All())
            {
                (double gained, double missing) = moves.Try(g, k);
                double rate = missing < moves.Missing ? -gained / (moves.Missing - missing) : double.PositiveInfinity;
                best = rate < best.Rate ? (g, k, rate) : best;
            }

            if (best.Group < 0 || cancellation.IsCancellationRequested)
            {
                return null;
            }

            moves.Take(best.Group, best.Price);
        }

        bool hasMoved = true;
        while (hasMoved && !cancellation.IsCancellationRequested)
        {
            hasMoved = false;
            foreach ((int g, int k) in moves.All())
            {
                (double gained, double missing) = moves.Try(g, k);
                if (missing == 0 && gained > 1e-12 * Math.Abs(moves.Profit))
                {
                    moves.Take(g, k);
                    hasMoved = true;
                }
            }
        }

        return (moves.Choice, moves.Profit);
    }
}
