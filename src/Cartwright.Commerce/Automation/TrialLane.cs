using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Automation;

/// <summary>A simulated shop day by day, with what it earned. How prices are set and units ordered is whoever's runs it.</summary>
internal sealed class TrialLane
{
    public const double HoldingRate = 0.25;
    public const double OrderCost = 10;
    public const int PlaceCount = 4;
    private const double DaysPerYear = 365;
    private const int PopularDays = 28;

    private readonly int _seed;
    private readonly Queue<int[]> _lately = new();
    private readonly int[] _soldLately;

    public TrialLane(ShopWorld world, int seed)
    {
        (World, _seed) = (world, seed);
        Market = new Market(world, Draws.Stream(seed, "market"));
        Visits = new TrialVisits(world, Market, seed);
        _soldLately = new int[world.Products.Length];
        Prices = new int[world.Products.Length];
    }

    public ShopWorld World { get; }

    public Market Market { get; }

    public TrialVisits Visits { get; }

    /// <summary>Cents, as they are asked today.</summary>
    public int[] Prices { get; }

    private double _gross, _revenue, _holding, _ordering;
    private long _units, _wanted, _lost, _productDays, _emptyDays;
    private int _visits, _rewarded;

    /// <summary>Begins to count.</summary>
    public void Begin()
    {
        Market.OrdersItself = false;
        (_visits, _rewarded, _lost) = (Visits.Visits, Visits.Rewarded, -Visits.Lost);
    }

    public TrialSums Sums => new(_gross - _holding - _ordering, _revenue, _units, _emptyDays / (double)Math.Max(1, _productDays),
        (_lost + Visits.Lost) / (double)Math.Max(1, _wanted + _lost + Visits.Lost), _holding, _ordering, (Visits.Rewarded - _rewarded) / (double)Math.Max(1, Visits.Visits - _visits));

    /// <summary>What sold most in four weeks and is there.</summary>
    public int[] Popular() => [.. Enumerable.Range(0, _soldLately.Length).Where(p => Market.Stock[p] > 0).OrderByDescending(p => _soldLately[p]).ThenBy(p => p).Take(PlaceCount)];

    /// <summary>Orders units, which may come late; by the luck of the product and the day.</summary>
    public void Order(int product, int units, int day)
    {
        Random luck = Draws.Stream(_seed, $"delivery {day} {product}");
        int late = luck.Chance(0.15) ? 1 + luck.Next(4) : 0;
        Market.Order(product, units, day + World.Products[product].LeadTimeDays + late);
        _ordering += OrderCost;
    }

    /// <summary>Lets a day happen at <see cref="Prices"/>, or at those that the market opened with.</summary>
    /// <returns>What shoppers did, and the units of each product that sold.</returns>
    public async Task<(IReadOnlyList<Interaction> Done, int[] Sold)> DayAsync(int day, bool isOwnPrice, Func<int, Task<FirstPlace>> first)
    {
        if (isOwnPrice)
        {
            Market.SetPrices(Prices);
        }

        IReadOnlyList<Interaction> done = await Visits.VisitAsync(day, first);
        Market.SellOverTheCounter(day, product => Draws.Stream(_seed, $"counter {day} {product}"));
        int[] sold = [.. Market.SoldOnTheWeb.Zip(Market.SoldOverTheCounter, (web, counter) => web + counter)];
        Remember(sold);
        if (!Market.OrdersItself)
        {
            Count(day, sold);
        }

        return (done, sold);
    }

    private void Remember(int[] sold)
    {
        _lately.Enqueue(sold);
        int[]? old = _lately.Count > PopularDays ? _lately.Dequeue() : null;
        for (int p = 0; p < sold.Length; p++)
        {
            _soldLately[p] += sold[p] - (old?[p] ?? 0);
        }
    }

    private void Count(int day, int[] sold)
    {
        for (int p = 0; p < sold.Length; p++)
        {
            if (!Market.IsSold(p, day))
            {
                continue;
            }

            double cost = World.Products[p].Cost, price = Market.PriceCents[p] / 100.0;
            _gross += (price - cost) * sold[p];
            _revenue += price * sold[p];
            _units += sold[p];
            _wanted += sold[p];
            _lost += Market.WantedOverTheCounter[p] - Market.SoldOverTheCounter[p];
            _holding += Market.Stock[p] * cost * HoldingRate / DaysPerYear;
            _productDays++;
            _emptyDays += Market.Stock[p] == 0 ? 1 : 0;
        }
    }
}
