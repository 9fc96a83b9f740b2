using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Simulation;

/// <summary>Prices, promotions, competitors, stock and the sales over the counter, day by day.</summary>
internal sealed class Market
{
    /// <summary>A promotion multiplies attention by this, apart from what its lower price does.</summary>
    public const double PromotionLift = 1.25;

    /// <summary>Demand goes with (mean competitor price / reference price) to this power.</summary>
    public const double CompetitorElasticity = 0.4;

    public const int CompetitorCount = 2;

    private const int CoverDays = 18;                     // what an order should last

    private readonly ShopWorld _world;
    private readonly Random _random;
    private readonly double[] _level;                     // price without promotion, as a share of the reference price
    private readonly int[] _nextChange;
    private readonly int[] _promotedUntil;                // last day of the promotion
    private readonly double[] _discount;
    private readonly double[] _dailyUnits;                // what the buyer believes sells in a day
    private readonly int[] _onOrder;
    private readonly Dictionary<int, List<(int Product, int Units)>> _deliveries = [];

    public Market(ShopWorld world, Random random)
    {
        _world = world;
        _random = random;
        int count = world.Products.Length;
        _level = [.. Enumerable.Repeat(1.0, count)];
        _nextChange = [.. Enumerable.Range(0, count).Select(_ => random.Next(90))];
        _promotedUntil = [.. Enumerable.Repeat(-1, count)];
        _discount = new double[count];
        _onOrder = new int[count];
        _dailyUnits = [.. world.Products.Select(p => p.CounterDemand * 1.2)];
        PriceCents = [.. world.Products.Select(p => (int)Math.Round(p.ReferencePrice * 100))];
        IsPromoted = new bool[count];
        Demand = new double[count];
        SoldOnTheWeb = new int[count];
        SoldOverTheCounter = new int[count];
        WantedOverTheCounter = new int[count];
        Stock = [.. _dailyUnits.Select(units => (int)Math.Ceiling(units * (CoverDays + 5)) + 2)];
        Season = new double[ShopWords.Leaves.Length];
        CompetitorPull = [.. Enumerable.Repeat(1.0, count)];
        CompetitorCents = [.. world.Products.Select(_ => random.Chance(0.4) ? new int[CompetitorCount] : [])];
    }

    public int[] PriceCents { get; }

    public bool[] IsPromoted { get; }

    /// <summary>Units on hand.</summary>
    public int[] Stock { get; }

    /// <summary>What today's price does to demand for a product where price sensitivity is 1: 1 at the reference price.</summary>
    public double[] Demand { get; }

    /// <summary>What competitors' prices do to demand for a product: 1 where there are none.</summary>
    public double[] CompetitorPull { get; }

    /// <summary>What the time of the year does to demand for a category: 1 on average.</summary>
    public double[] Season { get; }

    public int[] SoldOnTheWeb { get; }

    public int[] SoldOverTheCounter { get; }

    /// <summary>Units that people who walked in wanted, there or not.</summary>
    public int[] WantedOverTheCounter { get; }

    /// <summary>False where somebody else orders, by <see cref="Order"/>.</summary>
    public bool OrdersItself { get; set; } = true;

    /// <summary>Units on their way.</summary>
    public IReadOnlyList<int> OnOrder => _onOrder;

    /// <summary>Prices of the competitors this week; none where nobody else sells the product.</summary>
    public int[][] CompetitorCents { get; }

    public long UnitsSold { get; private set; }

    public bool IsSold(int product, int day) => day >= _world.Products[product].LaunchDay;

    /// <summary>Sets the day's prices and takes in what was ordered.</summary>
    public void Open(int day)
    {
        Array.Clear(SoldOnTheWeb);
        Array.Clear(SoldOverTheCounter);
        if (_deliveries.Remove(day, out List<(int Product, int Units)>? deliveries))
        {
            foreach ((int product, int units) in deliveries)
            {
                Stock[product] += units;
                _onOrder[product] -= units;
            }
        }

        for (int leaf = 0; leaf < Season.Length; leaf++)
        {
            Season[leaf] = _world.Calendar.Season(leaf, day);
        }

        bool isSaleWeek = _world.Calendar.IsSale(day);
        for (int p = 0; p < PriceCents.Length; p++)
        {
            SetPrice(p, day, isSaleWeek);
            if (day % 7 == 0)
            {
                SetCompetitors(p);
            }

            SimulatedProduct product = _world.Products[p];
            Demand[p] = Math.Pow(PriceCents[p] / 100.0 / product.ReferencePrice, -product.Elasticity);
        }
    }

    /// <summary>Sets the day's prices in place of those it opened with, without promotions.</summary>
    public void SetPrices(IReadOnlyList<int> cents)
    {
        for (int p = 0; p < PriceCents.Length; p++)
        {
            PriceCents[p] = cents[p];
            IsPromoted[p] = false;
            Demand[p] = Math.Pow(cents[p] / 100.0 / _world.Products[p].ReferencePrice, -_world.Products[p].Elasticity);
        }
    }

    /// <summary>Sells on the web as many of the wanted units as there are.</summary>
    public int Sell(int product, int wanted)
    {
        int units = Math.Min(wanted, Stock[product]);
        Stock[product] -= units;
        SoldOnTheWeb[product] += units;
        UnitsSold += units;
        return units;
    }

    /// <summary>Puts the day's returns back on the shelf.</summary>
    public void TakeBack(IEnumerable<SimulatedEvent> events)
    {
        foreach (SimulatedEvent back in events.Where(e => e.Kind == InteractionKind.Return))
        {
            Stock[back.Product] += back.Quantity;
        }
    }

    /// <summary>Sells to the people who walk in, then orders what runs low.</summary>
    /// <param name="luck">Draws of each product by itself, where two markets are to have the same; the market's own where none are given.</param>
    public void SellOverTheCounter(int day, Func<int, Random>? luck = null)
    {
        double calendar = _world.Calendar.Activity(day) * (luck?.Invoke(-1) ?? _random).LogNormal(0.06);
        Array.Clear(WantedOverTheCounter);
        for (int p = 0; p < PriceCents.Length; p++)
        {
            if (!IsSold(p, day))
            {
                continue;
            }

            SimulatedProduct product = _world.Products[p];
            double mean = product.CounterDemand * calendar * Season[product.Leaf] * Demand[p]
                * CompetitorPull[p] * (IsPromoted[p] ? PromotionLift : 1);
            int wanted = WantedOverTheCounter[p] = (luck?.Invoke(p) ?? _random).Poisson(mean);
            int units = Math.Min(wanted, Stock[p]);
            Stock[p] -= units;
            SoldOverTheCounter[p] = units;
            UnitsSold += units;
            if (OrdersItself)
            {
                Reorder(p, day);
            }
        }
    }

    /// <summary>Orders units that arrive in the morning of a day.</summary>
    public void Order(int product, int units, int arrives)
    {
        if (!_deliveries.TryGetValue(arrives, out List<(int Product, int Units)>? list))
        {
            _deliveries.Add(arrives, list = []);
        }

        list.Add((product, units));
        _onOrder[product] += units;
    }

    /// <summary>The day as the merchant sees it, to be written while the next one begins.</summary>
    public MarketDay Close(int day) => new(day, [.. SoldOverTheCounter], [.. PriceCents], [.. IsPromoted], [.. Stock],
        day % 7 == 0 ? [.. CompetitorCents.Select(cents => cents.ToArray())] : []);

    private void SetPrice(int p, int day, bool isSaleWeek)
    {
        if (day >= _nextChange[p])
        {
            _level[p] = Math.Clamp(_level[p] * (1 + (0.07 * _random.Normal())), 0.85, 1.18);
            _nextChange[p] = day + 45 + _random.Next(60);
        }

        if (day > _promotedUntil[p] && _random.Chance(isSaleWeek ? 0.25 : 1.0 / 75))
        {
            _promotedUntil[p] = day + 6;
            _discount[p] = 0.1 + (0.05 * _random.Next(5));
        }

        IsPromoted[p] = day <= _promotedUntil[p];
        double price = _world.Products[p].ReferencePrice * _level[p];
        PriceCents[p] = ShopWorld.PriceEnding(IsPromoted[p] ? price * (1 - _discount[p]) : price);
    }

    private void SetCompetitors(int p)
    {
        int[] cents = CompetitorCents[p];
        double reference = _world.Products[p].ReferencePrice;
        for (int c = 0; c < cents.Length; c++)
        {
            double before = cents[c] == 0 ? 1 : cents[c] / 100.0 / reference;
            cents[c] = ShopWorld.PriceEnding(reference * Math.Clamp(before * (1 + (0.03 * _random.Normal())), 0.8, 1.25));
        }

        CompetitorPull[p] = cents.Length == 0 ? 1 : Math.Pow(cents.Average() / 100 / reference, CompetitorElasticity);
    }

    private void Reorder(int p, int day)
    {
        int sold = SoldOnTheWeb[p] + SoldOverTheCounter[p];
        if (Stock[p] > 0)
        {
            _dailyUnits[p] += 0.05 * (sold - _dailyUnits[p]);
        }

        int lead = _world.Products[p].LeadTimeDays;
        double orderPoint = (_dailyUnits[p] * (lead + 1)) + (0.7 * Math.Sqrt(_dailyUnits[p] * (lead + 1)));
        int position = Stock[p] + _onOrder[p];
        if (position <= orderPoint)
        {
            int units = (int)Math.Ceiling((_dailyUnits[p] * CoverDays) + orderPoint) - position + 1;
            int late = _random.Chance(0.15) ? 1 + _random.Next(4) : 0;
            Order(p, units, day + lead + late);
        }
    }
}

/// <summary>What the shop knows of a day's market, by product.</summary>
/// <param name="CompetitorCents">Empty except on the day of the week on which competitors are looked up.</param>
internal sealed record MarketDay(int Day, int[] SoldOverTheCounter, int[] PriceCents, bool[] IsPromoted, int[] Stock, int[][] CompetitorCents);
