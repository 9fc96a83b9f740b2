using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Simulation;

/// <summary>What shoppers do on the web, session by session.</summary>
internal sealed class Visits
{
    private const int PageSize = 5;

    private const double AnonymousShare = 0.06;

    /// <summary>Chance that the product at a position is looked at, from position 1.</summary>
    public static double PositionBias(int position) => Math.Pow(position, -0.6);

    /// <summary>How busy each hour is, from midnight.</summary>
    private static readonly double[] Hours = Running([1, .5, .3, .2, .2, .5, 1.2, 2.2, 3, 3.6, 4, 4.2, 4.6, 4.4, 4, 3.9, 4.1, 4.6, 5.6, 6.6, 7, 6.2, 4.2, 2.2]);

    private static readonly double[] Bias = [.. Enumerable.Range(0, (2 * PageSize) + 2).Select(p => PositionBias(Math.Max(1, p)))];

    private readonly ShopWorld _world;
    private readonly Market _market;
    private readonly Diary _diary;
    private readonly Random _random;
    private readonly double[] _activity;
    private readonly Memory[] _memories;
    private readonly Dictionary<(int Leaf, int Noun), int> _firstQuery = [];
    private readonly double[] _leafWeights = new double[ShopWords.Leaves.Length];
    private readonly Shelf _shelf;
    private readonly List<(int Product, int Quantity)> _cart = [];
    private int _sessionCount;

    // The session under way.
    private SimulatedShopper _shopper = null!;
    private int _shopperIndex;
    private bool _isAnonymous;
    private int _day;
    private long _second;

    public Visits(ShopWorld world, Market market, Diary diary, Random random)
    {
        _world = world;
        _market = market;
        _diary = diary;
        _random = random;
        _activity = Running([.. world.Shoppers.Select(s => s.Activity)]);
        _memories = [.. world.Shoppers.Select(_ => new Memory())];
        _shelf = new Shelf(world, market, random);
        AskedQueries = new bool[world.Queries.Length];
        for (int q = world.Queries.Length - 1; q >= 0; q--)
        {
            _firstQuery[(world.Queries[q].Leaf, world.Queries[q].Noun)] = q;
        }
    }

    /// <summary>Which of the world's queries somebody typed.</summary>
    public bool[] AskedQueries { get; }

    /// <summary>Adds the day's sessions to the diary, and the returns and ratings that follow from them on later days.</summary>
    public void Simulate(int day)
    {
        _day = day;
        int count = _random.Poisson(_activity[^1] * Market.Calendar(day));
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
        _shopper = _world.Shoppers[shopper];
        _isAnonymous = _random.Chance(AnonymousShare);
        _sessionCount++;
        _cart.Clear();
        Memory memory = _memories[shopper];

        if (memory.Staple >= 0 && _random.Chance(0.3))
        {
            Reorder(memory.Staple);
        }

        int lists = 1 + (_random.Chance(0.3) ? 1 : 0);
        for (int list = 0; list < lists; list++)
        {
            Browse(ChooseLeaf(memory));
        }

        CheckOut(memory);
    }

    /// <summary>What was looked at last, what goes with the last purchase, or what the taste and the season say.</summary>
    private int ChooseLeaf(Memory memory)
    {
        double draw = _random.NextDouble();
        if (draw < 0.25 && memory.LastLeaf >= 0)
        {
            return memory.LastLeaf;
        }

        if (draw < 0.4 && memory.LastBought >= 0 && _world.LeafGoesWith[_world.Products[memory.LastBought].Leaf] is { Length: > 0 } others)
        {
            return _random.Pick(others);
        }

        double sum = 0;
        for (int leaf = 0; leaf < _leafWeights.Length; leaf++)
        {
            if (_world.LeafProducts[leaf].Length > 0)
            {
                sum += Math.Exp(ShopWorld.Dot(_shopper.Taste, _world.LeafVectors[leaf])) * _market.Season[leaf];
            }

            _leafWeights[leaf] = sum;
        }

        return _random.FromCumulative(_leafWeights);
    }

    /// <summary>Looks through a list of a category's products, found by search or by the menu.</summary>
    private void Browse(int leaf)
    {
        int query = _random.Chance(0.45) ? Ask(leaf) : -1;
        _shelf.Arrange(leaf, query, _day);
        _memories[_shopperIndex].LastLeaf = leaf;
        if (!LookThrough(0, query) && _shelf.Length > PageSize && _random.Chance(0.15))
        {
            LookThrough(PageSize, query);
        }
    }

    /// <summary>Looks through a page of the list.</summary>
    /// <returns>True where something went into the cart.</returns>
    private bool LookThrough(int from, int query)
    {
        int to = Math.Min(from + PageSize, _shelf.Length);
        for (int i = from; i < to; i++)
        {
            Add(InteractionKind.Impression, _shelf.Products[i], query: query, position: i + 1);
        }

        for (int i = from; i < to; i++)
        {
            int product = _shelf.Products[i];
            double attention = Bias[i + 1] * (_market.IsPromoted[product] ? Market.PromotionLift : 1);
            if (_random.Chance(attention * Logistic(Attraction(product) - 0.2)))
            {
                Wait(5, 40);
                Add(InteractionKind.View, product, query: query, position: i + 1);
                if (Decide(product, 1))
                {
                    LookAtComplements(product);
                    return true;
                }
            }
        }

        Wait(5, 30);
        return false;
    }

    private int Ask(int leaf)
    {
        // People search for a product they imagine: one of the category that suits their taste.
        int[] products = _world.LeafProducts[leaf];
        int wanted = _random.Pick(products);
        int other = _random.Pick(products);
        if (Attraction(other) > Attraction(wanted))
        {
            wanted = other;
        }

        SimulatedProduct product = _world.Products[wanted];
        int query = _firstQuery[(leaf, product.Noun)];
        double draw = _random.NextDouble();
        while (draw > 0.5 && !(draw > 0.75 ? _world.Queries[query].Brand == product.Brand : _world.Queries[query].Style == product.Style))
        {
            query++;
        }

        AskedQueries[query] = true;
        Add(InteractionKind.Search, -1, query: query);
        Wait(1, 3);
        return query;
    }

    /// <summary>How much a product attracts inside its category: taste, and the price level it belongs to.</summary>
    private double Attraction(int p)
    {
        SimulatedProduct product = _world.Products[p];
        double dearness = Math.Log(product.ReferencePrice / _world.LeafReferencePrice[product.Leaf]);
        return (0.9 * ShopWorld.Dot(_shopper.Taste, product.Within)) - (0.8 * _shopper.PriceSensitivity * dearness);
    }

    /// <summary>Puts a product that is looked at into the cart, or not.</summary>
    /// <param name="p">The product.</param>
    /// <param name="interest">Multiplies the chance; more than 1 for what goes with something in the cart.</param>
    private bool Decide(int p, double interest)
    {
        SimulatedProduct product = _world.Products[p];
        bool isConsumable = ShopWords.Leaves[product.Leaf].IsConsumable;
        if (!isConsumable && _memories[_shopperIndex].Owned.Contains(p))
        {
            interest *= 0.2;
        }

        double price = Math.Pow(_market.Demand[p], _shopper.PriceSensitivity);
        double chance = interest * 0.7 * Logistic((0.7 * Attraction(p)) + (0.35 * product.Quality) - 0.1) * price * _market.CompetitorPull[p];
        if (!_random.Chance(chance) || _market.Stock[p] == 0)
        {
            return false;
        }

        PutInCart(p, isConsumable);
        return true;
    }

    private void PutInCart(int p, bool isConsumable)
    {
        int quantity = isConsumable ? 1 + _random.Poisson(0.7) : _random.Chance(0.07) ? 2 : 1;
        Wait(10, 60);
        Add(InteractionKind.Cart, p, quantity);
        _cart.Add((p, quantity));
    }

    private void LookAtComplements(int p)
    {
        int position = 0;
        foreach (int other in _world.Products[p].Complements)
        {
            if (_market.IsSold(other, _day) && _market.Stock[other] > 0)
            {
                Add(InteractionKind.Impression, other, position: ++position);
                if (_random.Chance(0.65 * Bias[position] * Logistic(Attraction(other) + 0.3)))
                {
                    Wait(5, 30);
                    Add(InteractionKind.View, other, position: position);
                    Decide(other, 1.2);
                }
            }
        }
    }

    private void Reorder(int p)
    {
        Wait(3, 20);
        Add(InteractionKind.View, p);
        double chance = Math.Min(1, 0.55 * Math.Pow(_market.Demand[p], _shopper.PriceSensitivity) * _market.CompetitorPull[p]);
        if (_market.Stock[p] > 0 && _random.Chance(chance))
        {
            PutInCart(p, isConsumable: true);
        }
    }

    private void CheckOut(Memory memory)
    {
        bool isAbandoned = _random.Chance(0.15);
        Wait(20, 120);
        foreach ((int p, int wanted) in _cart)
        {
            if (isAbandoned || _random.Chance(0.08))
            {
                if (_random.Chance(0.4))
                {
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

            Add(InteractionKind.Purchase, p, quantity);
            Remember(memory, p);
            if (!_isAnonymous)
            {
                Live(p, quantity);
            }
        }
    }

    private void Remember(Memory memory, int p)
    {
        memory.LastBought = p;
        if (!ShopWords.Leaves[_world.Products[p].Leaf].IsConsumable)
        {
            memory.Owned.Add(p);
        }
        else if (memory.Staple < 0 || Attraction(p) > Attraction(memory.Staple))
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
            int grade = Math.Clamp((int)Math.Round(3.7 + (0.6 * quality) + (0.25 * Attraction(p)) + (0.6 * _random.Normal())), 1, 5);
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

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Running(double[] weights)
    {
        double sum = 0;
        return [.. weights.Select(weight => sum += weight)];
    }

    /// <summary>What a shopper carries from session to session. Indexes, or -1.</summary>
    private sealed class Memory
    {
        public int LastLeaf { get; set; } = -1;

        public int LastBought { get; set; } = -1;

        /// <summary>The consumable that is bought again and again.</summary>
        public int Staple { get; set; } = -1;

        public List<int> Owned { get; } = [];
    }
}
