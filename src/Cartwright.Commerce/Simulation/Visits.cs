using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Simulation;

/// <summary>What shoppers do on the web, session by session.</summary>
internal sealed class Visits
{
    /// <summary>Products on a page of a list.</summary>
    public const int PageSize = 5;

    private const double AnonymousShare = 0.06;

    /// <summary>Chance that the product at a position is looked at, from position 1.</summary>
    public static double PositionBias(int position) => Math.Pow(position, -0.6);

    /// <summary>How busy each hour is, from midnight.</summary>
    private static readonly double[] Hours = Running([1, .5, .3, .2, .2, .5, 1.2, 2.2, 3, 3.6, 4, 4.2, 4.6, 4.4, 4, 3.9, 4.1, 4.6, 5.6, 6.6, 7, 6.2, 4.2, 2.2]);

    private readonly ShopWorld _world;
    private readonly Market _market;
    private readonly Diary _diary;
    private readonly Random _random;
    private readonly double[] _activity;
    private readonly ShopperMemory[] _memories;
    private readonly Inclination _inclination;
    private readonly VisitOdds _odds;
    private readonly Shelf _shelf;
    private readonly List<(int Product, int Quantity)> _cart = [];
    private int _sessionCount;

    // The session under way.
    private int _shopperIndex;
    private bool _isAnonymous;
    private int _day;
    private long _second;
    private double _chance;

    /// <param name="oddsRandom">Draws what could come, where the odds are worked out; nothing that happens depends on it.</param>
    public Visits(ShopWorld world, Market market, Diary diary, Random random, Random oddsRandom)
    {
        _world = world;
        _market = market;
        _diary = diary;
        _random = random;
        _activity = Running([.. world.Shoppers.Select(s => s.Activity)]);
        _memories = [.. world.Shoppers.Select(_ => new ShopperMemory())];
        _inclination = new Inclination(world, market);
        _odds = new VisitOdds(world, market, _inclination, oddsRandom);
        _shelf = new Shelf(world, market, random);
        AskedQueries = new bool[world.Queries.Length];
    }

    /// <summary>Which of the world's queries somebody typed.</summary>
    public bool[] AskedQueries { get; }

    /// <summary>Adds the day's sessions to the diary, and the returns and ratings that follow from them on later days.</summary>
    public void Simulate(int day)
    {
        _day = day;
        int count = _random.Poisson(_activity[^1] * _world.Calendar.Activity(day));
        long[] starts = [.. Enumerable.Range(0, count).Select(_ => (_random.FromCumulative(Hours) * 3600L) + _random.Next(3600)).Order()];
        foreach (long start in starts)
        {
            int shopper = _random.FromCumulative(_activity);
            if (_world.Shoppers[shopper].IsActive(day))
            {
                _second = (day * Diary.SecondsPerDay) + start;
                VisitOnce(shopper);
            }
        }
    }

    private void VisitOnce(int shopper)
    {
        _shopperIndex = shopper;
        _isAnonymous = _random.Chance(AnonymousShare);
        _sessionCount++;
        _cart.Clear();
        ShopperMemory memory = _memories[shopper];
        _inclination.Begin(_world.Shoppers[shopper], memory);

        if (memory.Staple >= 0 && _random.Chance(Inclination.ReorderChance))
        {
            Reorder(memory.Staple);
        }

        int lists = 1 + (_random.Chance(Inclination.SecondListChance) ? 1 : 0);
        for (int list = 0; list < lists; list++)
        {
            Browse(_inclination.ChooseLeaf(memory.LastLeaf, _random), isFirst: list == 0);
        }

        CheckOut(memory);
    }

    /// <summary>Looks through a list of a category's products, found by search or by the menu.</summary>
    private void Browse(int leaf, bool isFirst)
    {
        int query = _random.Chance(Inclination.SearchChance) ? Ask(leaf, isFirst) : -1;
        _shelf.Arrange(leaf, query, _day);
        _memories[_shopperIndex].LastLeaf = leaf;
        if (!LookThrough(0, leaf, query, isFirst) && _shelf.Length > PageSize && _random.Chance(Inclination.SecondPageChance))
        {
            LookThrough(PageSize, leaf, query, isFirst);
        }
    }

    /// <summary>Looks through a page of the list.</summary>
    /// <returns>True where something went into the cart.</returns>
    private bool LookThrough(int from, int leaf, int query, bool isFirst)
    {
        int to = Math.Min(from + PageSize, _shelf.Length);
        _odds.Show(_shelf, from, leaf, query, isFirst, _day);
        _chance = _odds.Chance(_cart.Count);
        for (int i = from; i < to; i++)
        {
            Add(InteractionKind.Impression, _shelf.Products[i], query: query, position: i + 1);
        }

        for (int i = from; i < to; i++)
        {
            int product = _shelf.Products[i];
            if (_random.Chance(_inclination.LookChance(product, i + 1)))
            {
                Wait(5, 40);
                _odds.Look(product, i - from);
                _chance = _odds.Chance(_cart.Count);
                Add(InteractionKind.View, product, query: query, position: i + 1);
                if (WantsToBuy(product, 1))
                {
                    _odds.Carted(product);
                    PutInCart(product);
                    LookAtComplements(product);
                    return true;
                }
            }
        }

        Wait(5, 30);
        return false;
    }

    private int Ask(int leaf, bool isFirst)
    {
        int query = _inclination.ChooseQuery(leaf, _random);
        AskedQueries[query] = true;
        _odds.Ask(leaf, query, isFirst, _day);
        _chance = _odds.Chance(_cart.Count);
        Add(InteractionKind.Search, -1, query: query);
        Wait(1, 3);
        return query;
    }

    /// <summary>Decides on a product that is looked at.</summary>
    private bool WantsToBuy(int p, double interest) => _random.Chance(_inclination.CartChance(p, interest)) && _market.Stock[p] > 0;

    private void PutInCart(int p)
    {
        bool isConsumable = ShopWords.Leaves[_world.Products[p].Leaf].IsConsumable;
        int quantity = isConsumable ? 1 + _random.Poisson(0.7) : _random.Chance(0.07) ? 2 : 1;
        Wait(10, 60);
        _cart.Add((p, quantity));
        _chance = _odds.Chance(_cart.Count);
        Add(InteractionKind.Cart, p, quantity);
    }

    private void LookAtComplements(int p)
    {
        int position = 0;
        int[] complements = _world.Products[p].Complements;
        for (int place = 0; place < complements.Length; place++)
        {
            int other = complements[place];
            if (!_market.IsSold(other, _day) || _market.Stock[other] == 0)
            {
                continue;
            }

            _odds.ShowComplement(p, place, position);
            _chance = _odds.Chance(_cart.Count);
            Add(InteractionKind.Impression, other, position: ++position);
            if (_random.Chance(_inclination.ComplementLookChance(other, position)))
            {
                Wait(5, 30);
                _odds.LookAtComplement(p, place, position - 1);
                _chance = _odds.Chance(_cart.Count);
                Add(InteractionKind.View, other, position: position);
                bool isWanted = WantsToBuy(other, Inclination.ComplementInterest);
                _odds.DecideComplement(p, place, position - 1);
                if (isWanted)
                {
                    PutInCart(other);
                }
            }
        }
    }

    private void Reorder(int p)
    {
        Wait(3, 20);
        _odds.Reorder(p, _day);
        _chance = _odds.Chance(_cart.Count);
        Add(InteractionKind.View, p);
        double chance = _inclination.StapleChance(p);
        if (_market.Stock[p] > 0 && _random.Chance(chance))
        {
            _odds.Reordered();
            PutInCart(p);
        }
    }

    private void CheckOut(ShopperMemory memory)
    {
        bool isAbandoned = _random.Chance(Inclination.AbandonChance);
        Wait(20, 120);
        for (int i = 0; i < _cart.Count; i++)
        {
            (int p, int wanted) = _cart[i];
            if (isAbandoned || _random.Chance(Inclination.SkipChance))
            {
                if (_random.Chance(Inclination.UncartChance))
                {
                    _chance = VisitOdds.AfterUncart(i + 1, _cart.Count - i - 1);
                    Add(InteractionKind.Uncart, p, wanted);
                    Wait(2, 10);
                }

                continue;
            }

            int quantity = _market.Sell(p, wanted);
            if (quantity == 0)
            {
                continue;
            }

            _chance = 1;
            Add(InteractionKind.Purchase, p, quantity);
            Remember(memory, p);
            if (!_isAnonymous)
            {
                Live(p, quantity);
            }
        }
    }

    private void Remember(ShopperMemory memory, int p)
    {
        memory.LastBought = p;
        if (!ShopWords.Leaves[_world.Products[p].Leaf].IsConsumable)
        {
            memory.Owned.Add(p);
        }
        else if (memory.Staple < 0 || _inclination.Attraction(p) > _inclination.Attraction(memory.Staple))
        {
            memory.Staple = p;
        }
    }

    /// <summary>What follows from owning a product: a rating, perhaps with a review, or a return.</summary>
    private void Live(int p, int quantity)
    {
        double quality = _world.Products[p].Quality;
        if (_random.Chance(0.1))
        {
            int grade = Math.Clamp((int)Math.Round(3.7 + (0.6 * quality) + (0.25 * _inclination.Attraction(p)) + (0.6 * _random.Normal())), 1, 5);
            AddLater(InteractionKind.Rating, p, 0, grade);
        }

        if (_random.Chance(0.05 * Math.Exp(-0.6 * quality)))
        {
            AddLater(InteractionKind.Return, p, quantity, 0);
        }
    }

    private void Add(InteractionKind kind, int product, int quantity = 0, int query = -1, int position = 0) =>
        _diary.Add(new SimulatedEvent(_second, kind)
        {
            Shopper = _isAnonymous ? -1 : _shopperIndex,
            Session = _sessionCount,
            Product = product,
            Quantity = quantity,
            PriceCents = product < 0 ? 0 : _market.PriceCents[product],
            Query = query,
            Position = position,
            PurchaseChance = (float)_chance,
        });

    private void AddLater(InteractionKind kind, int product, int quantity, int grade) =>
        _diary.Add(new SimulatedEvent(_second + ((2 + _random.Next(14)) * Diary.SecondsPerDay), kind)
        {
            Shopper = _shopperIndex,
            Product = product,
            Quantity = quantity,
            PriceCents = kind == InteractionKind.Return ? _market.PriceCents[product] : 0,
            Grade = grade,
        });

    private void Wait(int fromSeconds, int toSeconds) => _second += _random.Next(fromSeconds, toSeconds);

    private static double[] Running(double[] weights)
    {
        double sum = 0;
        return [.. weights.Select(weight => sum += weight)];
    }
}
