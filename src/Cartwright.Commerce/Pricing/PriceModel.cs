namespace Cartwright.Commerce.Pricing;

/// <summary>One product in one segment.</summary>
/// <param name="Demand">Units wanted at each price of its group.</param>
/// <param name="Sold">Units sold at each price; null where the product's stock is shared by several groups.</param>
/// <param name="Member">Number among the products that share stock over groups; -1 where the group settles how much is sold.</param>
internal sealed record PriceCell(PricedProduct Product, string Segment, double[] Demand, double[]? Sold, int Member);

/// <summary>Cells that have one price, and the prices it may be, rising.</summary>
/// <param name="Value">Profit at each price of the cells whose sales it settles, and the penalties of all.</param>
internal sealed record PriceGroup(decimal[] Prices, PriceCell[] Cells, double[] Value)
{
    /// <summary>The group with its prices from number <paramref name="low"/> to number <paramref name="high"/> alone.</summary>
    public PriceGroup Between(int low, int high) => low == 0 && high == Prices.Length - 1 ? this : new(Prices[low..(high + 1)],
        [.. Cells.Select(cell => cell with { Demand = cell.Demand[low..(high + 1)], Sold = cell.Sold?[low..(high + 1)] })], Value[low..(high + 1)]);
}

/// <summary>Two groups in order: where the first has its price number a, the second has at least number Least[a].</summary>
internal sealed record PriceOrder(string Rule, int First, int Second, int[] Least);

/// <summary>A sum over groups that must reach a bound.</summary>
/// <param name="Bound">The least it may be.</param>
/// <param name="Amount">By group and price, for cells whose sales the group settles; null for a group that has no part in it.</param>
/// <param name="PerUnit">For a sold unit of a cell that shares stock, given the cell and its price.</param>
internal sealed record PriceTotal(string Rule, double Bound, double[]?[] Amount, Func<PriceCell, decimal, double> PerUnit);

/// <summary>A problem made ready to be solved: groups that each choose a price, and what ties them.</summary>
internal sealed class PriceModel
{
    /// <summary>By how much a total may be missed, as a share of its bound, and count as reached: what the solver allows.</summary>
    private const double Slack = 1e-6;

    private readonly PriceModelParts _parts;

    private PriceModel(PriceModelParts parts)
    {
        _parts = parts;
        Members = [.. Groups.SelectMany((group, g) => group.Cells.Select((cell, c) => (g, c, cell)))
            .Where(at => at.cell.Member >= 0).GroupBy(at => at.cell.Member).OrderBy(m => m.Key).Select(m => m.Select(at => (at.g, at.c)).ToArray())];
    }

    public IReadOnlyList<PriceGroup> Groups => _parts.Groups;

    public IReadOnlyList<PriceOrder> Orders => _parts.Orders;

    public IReadOnlyList<PriceTotal> Totals => _parts.Totals;

    /// <summary>For each product that shares stock over groups, its cells: (group, cell).</summary>
    public (int Group, int Cell)[][] Members { get; }

    /// <summary>Builds the model under some of the rules.</summary>
    /// <returns>Null where a product is left without a price, or the orders can't be kept.</returns>
    public static PriceModel? Build(IReadOnlyList<PricedProduct> products, IReadOnlyList<(PricingRule Rule, string Name)> rules, double penalty) =>
        PriceModelParts.Build(products, rules, penalty) is { } parts ? new PriceModel(parts) : null;

    /// <summary>What is sold of the cells that share stock, best margin first.</summary>
    public double[][] Sold(int[] choice) => [.. Enumerable.Range(0, Members.Length).Select(m => Sold(m, choice))];

    /// <summary>What is sold of the cells of one product that share stock: nothing at a price that earns nothing.</summary>
    public double[] Sold(int member, int[] choice)
    {
        (int Group, int Cell)[] cells = Members[member];
        double[] sold = new double[cells.Length];
        double left = Groups[cells[0].Group].Cells[cells[0].Cell].Product.Stock!.Value;
        foreach (int i in Enumerable.Range(0, cells.Length).Where(i => Margin(cells[i], choice) > 0).OrderByDescending(i => Margin(cells[i], choice)))
        {
            (int g, int c) = cells[i];
            sold[i] = Math.Min(left, Groups[g].Cells[c].Demand[choice[g]]);
            left -= sold[i];
        }

        return sold;
    }

    /// <summary>Profit of what is sold of a product whose cells share stock.</summary>
    public double Earned(int member, int[] choice, double[] sold) => sold.Select((units, i) => units * Margin(Members[member][i], choice)).Sum();

    /// <summary>What a product whose cells share stock adds to a total.</summary>
    public double Amount(PriceTotal total, int member, int[] choice, double[] sold) => sold
        .Select((units, i) => (Units: units, Group: Groups[Members[member][i].Group], Members[member][i].Cell, Price: choice[Members[member][i].Group]))
        .Where(at => at.Units > 0).Sum(at => at.Units * total.PerUnit(at.Group.Cells[at.Cell], at.Group.Prices[at.Price]));

    /// <summary>What a choice of a price for each group earns, penalties taken off.</summary>
    public double Profit(int[] choice) => Profit(choice, Sold(choice));

    public double Profit(int[] choice, double[][] sold) => Groups.Select((group, g) => group.Value[choice[g]]).Sum() + sold.Select((units, m) => Earned(m, choice, units)).Sum();

    /// <summary>What a choice brings to a total.</summary>
    public double Amount(PriceTotal total, int[] choice, double[][] sold) =>
        total.Amount.Select((amount, g) => amount?[choice[g]] ?? 0).Sum() + sold.Select((units, m) => Amount(total, m, choice, units)).Sum();

    /// <summary>Whether a choice keeps the orders and totals.</summary>
    public bool Keeps(int[] choice, double[][] sold) =>
        Orders.All(order => choice[order.Second] >= order.Least[choice[order.First]])
        && Totals.All(total => Amount(total, choice, sold) >= total.Bound - (Slack * Math.Max(1, Math.Abs(total.Bound))));

    /// <summary>The program whose solution is the best choice: variable k of a group is 1 where its price is number k + 1 or a later one.</summary>
    /// <remarks>
    /// With prices written this way an order is a row of two variables, z of the first ≤ z of the second, so that the relaxation of the
    /// orders alone has whole corners: Picard, "Maximal Closure of a Graph", Management Science 1976.
    /// </remarks>
    public PriceProgram ToProgram(bool hasObjective = true)
    {
        var program = new MixedProgram();
        int[] first = new int[Groups.Count];
        for (int g = 0; g < Groups.Count; g++)
        {
            double[] value = Groups[g].Value;
            first[g] = program.ColumnCount;
            for (int k = 1; k < value.Length; k++)
            {
                program.Column(hasObjective ? value[k] - value[k - 1] : 0, 1, isWhole: true);
                if (k > 1)
                {
                    program.Row([(first[g] + k - 1, 1), (first[g] + k - 2, -1)], double.NegativeInfinity, 0);
                }
            }
        }

        foreach (PriceOrder order in Orders)
        {
            for (int a = 0; a < order.Least.Length; a++)
            {
                AddOrder(program, first, order, a);
            }
        }

        Dictionary<(int Group, int Cell, int Price), int> sales = AddSales(program, first, hasObjective);
        foreach (PriceTotal total in Totals)
        {
            AddTotal(program, first, total, sales);
        }

        return new PriceProgram(program, first, sales);
    }

    /// <summary>The prices that a solution of the program means.</summary>
    public int[] ToChoice(double[] solution, PriceProgram program) =>
        [.. Groups.Select((group, g) => Enumerable.Range(0, group.Prices.Length - 1).TakeWhile(k => solution[program.FirstColumn[g] + k] > 0.5).Count())];

    /// <summary>The sales of cells that share stock that a solution of the program means.</summary>
    public double[][] ToSold(double[] solution, PriceProgram program, int[] choice) =>
        [.. Members.Select(member => member.Select(at => program.Sales.TryGetValue((at.Group, at.Cell, choice[at.Group]), out int column) ? solution[column] : 0).ToArray())];

    /// <summary>Profit of the groups' cheapest prices, which the program's objective leaves out.</summary>
    public double Constant => Groups.Sum(group => group.Value[0]);

    private double Margin((int Group, int Cell) at, int[] choice) => (double)(Groups[at.Group].Prices[choice[at.Group]] - Groups[at.Group].Cells[at.Cell].Product.Cost);

    private static void AddOrder(MixedProgram program, int[] first, PriceOrder order, int a)
    {
        int least = order.Least[a];
        if (least == 0 || (a > 0 && least == order.Least[a - 1]))
        {
            return;                                       // follows from the price below
        }

        int second = first[order.Second] + least - 1;
        if (a == 0)
        {
            program.Row([(second, 1)], 1, 1);
        }
        else
        {
            program.Row([(first[order.First] + a - 1, 1), (second, -1)], double.NegativeInfinity, 0);
        }
    }

    /// <summary>Units sold of each cell that shares stock at each price: no more than wanted there, none at the prices not chosen.</summary>
    private Dictionary<(int Group, int Cell, int Price), int> AddSales(MixedProgram program, int[] first, bool hasObjective)
    {
        var sales = new Dictionary<(int Group, int Cell, int Price), int>();
        foreach ((int Group, int Cell)[] member in Members)
        {
            var stock = new List<(int Column, double Value)>();
            foreach ((int g, int c) in member)
            {
                PriceGroup group = Groups[g];
                PriceCell cell = group.Cells[c];
                for (int k = 0; k < group.Prices.Length; k++)
                {
                    double margin = (double)(group.Prices[k] - cell.Product.Cost);
                    double most = Math.Min(cell.Demand[k], cell.Product.Stock!.Value);
                    if (margin <= 0 || most <= 0)
                    {
                        continue;
                    }

                    int column = program.Column(hasObjective ? margin : 0, most, isWhole: false);
                    sales.Add((g, c, k), column);
                    stock.Add((column, 1));
                    program.Row([(column, 1), .. IsChosen(group, first[g], k, -most)], double.NegativeInfinity, k == 0 ? most : 0);
                }
            }

            program.Row(stock, double.NegativeInfinity, Groups[member[0].Group].Cells[member[0].Cell].Product.Stock!.Value);
        }

        return sales;
    }

    private void AddTotal(MixedProgram program, int[] first, PriceTotal total, Dictionary<(int Group, int Cell, int Price), int> sales)
    {
        var terms = new List<(int Column, double Value)>();
        double constant = 0;
        for (int g = 0; g < Groups.Count; g++)
        {
            if (total.Amount[g] is { } amount)
            {
                constant += amount[0];
                terms.AddRange(Enumerable.Range(1, amount.Length - 1).Select(k => (first[g] + k - 1, amount[k] - amount[k - 1])));
            }
        }

        terms.AddRange(sales.Select(s => (s.Value, total.PerUnit(Groups[s.Key.Group].Cells[s.Key.Cell], Groups[s.Key.Group].Prices[s.Key.Price]))));
        program.Row(terms, total.Bound - constant, double.PositiveInfinity);
    }

    /// <summary>scale · (1 where the group's price is number k), the constant of k = 0 left out.</summary>
    private static IEnumerable<(int Column, double Value)> IsChosen(PriceGroup group, int first, int k, double scale)
    {
        if (k > 0)
        {
            yield return (first + k - 1, scale);
        }

        if (k < group.Prices.Length - 1)
        {
            yield return (first + k, -scale);
        }
    }
}

/// <param name="FirstColumn">For each group the column that says whether its price is number 1 or a later one.</param>
/// <param name="Sales">The column of units sold of a cell that shares stock, at a price.</param>
internal sealed record PriceProgram(MixedProgram Program, int[] FirstColumn, IReadOnlyDictionary<(int Group, int Cell, int Price), int> Sales);
