namespace Cartwright.Commerce.Pricing;

/// <summary>A cost for each broken tie, which turns a pricing problem into one maximum for each group. Whatever the costs, the sum of them is a bound.</summary>
internal sealed class PriceMultipliers(PriceModel model)
{
    private readonly double[][] _orders = [.. model.Orders.Select(order => new double[order.Least.Length])];
    private readonly double[] _totals = new double[model.Totals.Count];

    /// <summary>The choice that is best under the costs, and the bound: no choice that keeps the ties earns more.</summary>
    public (int[] Choice, double Bound) Maximize()
    {
        double[][] value = [.. model.Groups.Select(group => (double[])group.Value.Clone())];
        double constant = 0;
        for (int t = 0; t < _totals.Length; t++)
        {
            AddTotal(model.Totals[t], _totals[t], value);
            constant -= _totals[t] * model.Totals[t].Bound;
        }

        foreach ((int g, int c) in model.Members.SelectMany(member => member))
        {
            PriceCell cell = model.Groups[g].Cells[c];
            for (int k = 0; k < value[g].Length; k++)
            {
                value[g][k] += Math.Max(0, PerUnit(cell, model.Groups[g].Prices[k])) * Math.Min(cell.Demand[k], cell.Product.Stock!.Value);
            }
        }

        for (int o = 0; o < _orders.Length; o++)
        {
            AddOrder(model.Orders[o], _orders[o], value);
        }

        int[] choice = [.. value.Select(v => Array.IndexOf(v, v.Max()))];
        return (choice, constant + choice.Select((k, g) => value[g][k]).Sum());
    }

    /// <summary>Raises the cost of what a choice breaks and lowers that of what has room. False where nothing is left to change.</summary>
    /// <param name="excess">How far the bound is thought to be above the best.</param>
    public bool Step(int[] choice, double excess)
    {
        double[] room = [.. model.Totals.Select(total => Amount(total, choice) - total.Bound)];
        double norm = room.Select((r, t) => r > 0 && _totals[t] == 0 ? 0 : r * r).Sum();
        for (int o = 0; o < _orders.Length; o++)
        {
            for (int a = 0; a < _orders[o].Length; a++)
            {
                double broken = Broken(model.Orders[o], a, choice);
                norm += broken < 0 && _orders[o][a] == 0 ? 0 : broken * broken;
            }
        }

        if (norm == 0)
        {
            return false;
        }

        double rate = excess / norm;
        for (int t = 0; t < room.Length; t++)
        {
            _totals[t] = Math.Max(0, _totals[t] - (rate * room[t]));
        }

        for (int o = 0; o < _orders.Length; o++)
        {
            for (int a = 0; a < _orders[o].Length; a++)
            {
                _orders[o][a] = Math.Max(0, _orders[o][a] + (rate * Broken(model.Orders[o], a, choice)));
            }
        }

        return true;
    }

    private static void AddTotal(PriceTotal total, double multiplier, double[][] value)
    {
        for (int g = 0; multiplier != 0 && g < value.Length; g++)
        {
            for (int k = 0; total.Amount[g] is { } amount && k < amount.Length; k++)
            {
                value[g][k] += multiplier * amount[k];
            }
        }
    }

    private static void AddOrder(PriceOrder order, double[] multipliers, double[][] value)
    {
        for (int a = 0; a < multipliers.Length; a++)
        {
            if (multipliers[a] == 0)
            {
                continue;
            }

            for (int k = a; k < value[order.First].Length; k++)
            {
                value[order.First][k] -= multipliers[a];
            }

            for (int k = order.Least[a]; k < value[order.Second].Length; k++)
            {
                value[order.Second][k] += multipliers[a];
            }
        }
    }

    /// <summary>1 where the order is broken at the first's price number a, -1 where it has room.</summary>
    private static double Broken(PriceOrder order, int a, int[] choice) =>
        order.Least[a] == 0 ? 0 : (choice[order.First] >= a ? 1 : 0) - (choice[order.Second] >= order.Least[a] ? 1 : 0);

    private double PerUnit(PriceCell cell, decimal price)
    {
        double margin = (double)(price - cell.Product.Cost);
        return margin <= 0 ? 0 : margin + _totals.Select((m, t) => m * model.Totals[t].PerUnit(cell, price)).Sum();
    }

    private double Amount(PriceTotal total, int[] choice) => total.Amount.Select((amount, g) => amount?[choice[g]] ?? 0).Sum()
        + model.Members.SelectMany(m => m).Sum(at =>
        {
            PriceGroup group = model.Groups[at.Group];
            PriceCell cell = group.Cells[at.Cell];
            int k = choice[at.Group];
            return PerUnit(cell, group.Prices[k]) > 0 ? total.PerUnit(cell, group.Prices[k]) * Math.Min(cell.Demand[k], cell.Product.Stock!.Value) : 0;
        });
}
