namespace Cartwright.Commerce.Pricing;

/// <summary>A choice of prices that keeps the orders, and what changing one of them would do. What the change breaks moves along.</summary>
internal sealed class PriceMoves
{
    private readonly PriceModel _model;
    private readonly int[][] _from;                       // orders in which a group is the first
    private readonly int[][] _to;                         // and the second
    private readonly int[][] _members;                    // products of a group whose cells share stock
    private readonly double[] _amounts;
    private readonly List<(int Group, int Before)> _changed = [];
    private readonly Stack<int> _toMend = new();

    /// <param name="start">Prices that may break orders: those that are too low are raised.</param>
    public PriceMoves(PriceModel model, int[] start)
    {
        _model = model;
        Choice = [.. start];
        _from = OrdersOf(order => order.First);
        _to = OrdersOf(order => order.Second);
        _members = [.. Enumerable.Range(0, model.Groups.Count).Select(g => Enumerable.Range(0, model.Members.Length).Where(m => model.Members[m].Any(at => at.Group == g)).ToArray())];
        foreach (int g in Enumerable.Range(0, start.Length))
        {
            _toMend.Push(g);
        }

        Push(up: true);
        _changed.Clear();
        double[][] sold = model.Sold(Choice);
        Profit = model.Profit(Choice, sold);
        _amounts = [.. model.Totals.Select(total => model.Amount(total, Choice, sold))];
        Missing = Sum(_amounts);
    }

    public int[] Choice { get; }

    public double Profit { get; private set; }

    /// <summary>How far the totals are from their bounds, each as a share of it; 0 where all are reached.</summary>
    public double Missing { get; private set; }

    /// <summary>Every change of one group's price.</summary>
    public IEnumerable<(int Group, int Price)> All()
    {
        for (int g = 0; g < Choice.Length; g++)
        {
            for (int k = 0; k < _model.Groups[g].Prices.Length; k++)
            {
                if (k != Choice[g])
                {
                    yield return (g, k);
                }
            }
        }
    }

    /// <summary>What a change would gain, and what would be missing after it.</summary>
    public (double Gained, double Missing) Try(int group, int price)
    {
        double[] amounts = new double[_amounts.Length];
        double gained = Change(group, price, amounts);
        foreach ((int g, int before) in _changed)
        {
            Choice[g] = before;
        }

        return (gained, Sum(amounts));
    }

    public void Take(int group, int price)
    {
        Profit += Change(group, price, _amounts);
        Missing = Sum(_amounts);
    }

    /// <summary>Makes a change; writes what the totals are after it and returns the profit gained.</summary>
    private double Change(int group, int price, double[] amounts)
    {
        _changed.Clear();
        bool isUp = price > Choice[group];
        Set(group, price);
        Push(isUp);
        double gained = 0;
        Span<double> change = stackalloc double[amounts.Length];
        change.Clear();
        foreach ((int g, int before) in _changed)
        {
            gained += _model.Groups[g].Value[Choice[g]] - _model.Groups[g].Value[before];
            for (int t = 0; t < change.Length; t++)
            {
                change[t] += _model.Totals[t].Amount[g] is { } amount ? amount[Choice[g]] - amount[before] : 0;
            }
        }

        gained += ChangeOfMembers(change);
        for (int t = 0; t < amounts.Length; t++)
        {
            amounts[t] = _amounts[t] + change[t];
        }

        return gained;
    }

    private double ChangeOfMembers(Span<double> change)
    {
        int[] members = [.. _changed.SelectMany(c => _members[c.Group]).Distinct()];
        if (members.Length == 0)
        {
            return 0;
        }

        int[] before = [.. Choice];
        foreach ((int g, int old) in _changed)
        {
            before[g] = old;
        }

        double gained = 0;
        foreach (int m in members)
        {
            double[] was = _model.Sold(m, before);
            double[] now = _model.Sold(m, Choice);
            gained += _model.Earned(m, Choice, now) - _model.Earned(m, before, was);
            for (int t = 0; t < change.Length; t++)
            {
                change[t] += _model.Amount(_model.Totals[t], m, Choice, now) - _model.Amount(_model.Totals[t], m, before, was);
            }
        }

        return gained;
    }

    /// <summary>Moves what is out of order: seconds up after a rise, firsts down after a fall.</summary>
    private void Push(bool up)
    {
        while (_toMend.TryPop(out int group))
        {
            foreach (int o in up ? _from[group] : _to[group])
            {
                PriceOrder order = _model.Orders[o];
                if (up && Choice[order.Second] < order.Least[Choice[order.First]])
                {
                    Set(order.Second, order.Least[Choice[order.First]]);
                }

                while (!up && Choice[order.First] > 0 && Choice[order.Second] < order.Least[Choice[order.First]])
                {
                    Set(order.First, Choice[order.First] - 1);
                }
            }
        }
    }

    private void Set(int group, int price)
    {
        if (!_changed.Exists(c => c.Group == group))
        {
            _changed.Add((group, Choice[group]));
        }

        Choice[group] = price;
        _toMend.Push(group);
    }

    private double Sum(double[] amounts)
    {
        double missing = 0;
        for (int t = 0; t < amounts.Length; t++)
        {
            double scale = Math.Max(1, Math.Abs(_model.Totals[t].Bound));
            double share = (_model.Totals[t].Bound - amounts[t]) / scale;
            missing += share > 1e-7 ? share : 0;
        }

        return missing;
    }

    private int[][] OrdersOf(Func<PriceOrder, int> end)
    {
        var orders = new List<int>[_model.Groups.Count];
        for (int o = 0; o < _model.Orders.Count; o++)
        {
            (orders[end(_model.Orders[o])] ??= []).Add(o);
        }

        return [.. orders.Select(list => list?.ToArray() ?? [])];
    }
}
