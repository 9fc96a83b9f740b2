namespace Cartwright.Commerce.Simulation;

/// <summary>What the shopper who visits is inclined to: the chances that the visit is drawn from.</summary>
internal sealed class Inclination
{
    /// <summary>Chance that a visit begins with the consumable that is bought again and again, where there is one.</summary>
    public const double ReorderChance = 0.3;

    /// <summary>Chance of a second list.</summary>
    public const double SecondListChance = 0.3;

    public const double SearchChance = 0.45;

    /// <summary>Chance of a second page of a list on whose first one nothing went into the cart.</summary>
    public const double SecondPageChance = 0.15;

    /// <summary>Chance that nothing of a cart is bought.</summary>
    public const double AbandonChance = 0.15;

    /// <summary>Chance that one thing in a cart is not bought though others may be.</summary>
    public const double SkipChance = 0.08;

    /// <summary>Chance that what is not bought is taken out of the cart.</summary>
    public const double UncartChance = 0.4;

    /// <summary>How much more what goes with something in the cart is put there too.</summary>
    public const double ComplementInterest = 1.2;

    private static readonly double[] Bias = [.. Enumerable.Range(0, (2 * Visits.PageSize) + 2).Select(p => Visits.PositionBias(Math.Max(1, p)))];

    private readonly ShopWorld _world;
    private readonly Market _market;
    private readonly Dictionary<(int Leaf, int Noun), int> _firstQuery = [];
    private readonly double[] _leafWeights = new double[ShopWords.Leaves.Length];

    public Inclination(ShopWorld world, Market market)
    {
        _world = world;
        _market = market;
        for (int q = world.Queries.Length - 1; q >= 0; q--)
        {
            _firstQuery[(world.Queries[q].Leaf, world.Queries[q].Noun)] = q;
        }
    }

    public SimulatedShopper Shopper { get; private set; } = null!;

    public ShopperMemory Memory { get; private set; } = null!;

    /// <summary>A shopper comes.</summary>
    public void Begin(SimulatedShopper shopper, ShopperMemory memory)
    {
        (Shopper, Memory) = (shopper, memory);
        double sum = 0;
        for (int leaf = 0; leaf < _leafWeights.Length; leaf++)
        {
            if (_world.LeafProducts[leaf].Length > 0)
            {
                sum += Math.Exp(ShopWorld.Dot(shopper.Taste, _world.LeafVectors[leaf])) * _market.Season[leaf];
            }

            _leafWeights[leaf] = sum;
        }
    }

    /// <summary>What was looked at last, what goes with the last purchase, or what the taste and the season say.</summary>
    public int ChooseLeaf(int lastLeaf, Random random)
    {
        double draw = random.NextDouble();
        if (draw < 0.25 && lastLeaf >= 0)
        {
            return lastLeaf;
        }

        if (draw < 0.4 && Memory.LastBought >= 0 && _world.LeafGoesWith[_world.Products[Memory.LastBought].Leaf] is { Length: > 0 } others)
        {
            return random.Pick(others);
        }

        return random.FromCumulative(_leafWeights);
    }

    /// <summary>People search for a product they imagine: one of the category that suits their taste.</summary>
    public int ChooseQuery(int leaf, Random random)
    {
        int[] products = _world.LeafProducts[leaf];
        int wanted = random.Pick(products);
        int other = random.Pick(products);
        if (Attraction(other) > Attraction(wanted))
        {
            wanted = other;
        }

        SimulatedProduct product = _world.Products[wanted];
        int query = _firstQuery[(leaf, product.Noun)];
        double draw = random.NextDouble();
        while (draw > 0.5 && !(draw > 0.75 ? _world.Queries[query].Brand == product.Brand : _world.Queries[query].Style == product.Style))
        {
            query++;
        }

        return query;
    }

    /// <summary>How much a product attracts inside its category: taste, and the price level it belongs to.</summary>
    public double Attraction(int p)
    {
        SimulatedProduct product = _world.Products[p];
        double dearness = Math.Log(product.ReferencePrice / _world.LeafReferencePrice[product.Leaf]);
        return (0.9 * ShopWorld.Dot(Shopper.Taste, product.Within)) - (0.8 * Shopper.PriceSensitivity * dearness);
    }

    /// <summary>Chance that a product of a list is looked at.</summary>
    /// <param name="position">From 1.</param>
    public double LookChance(int p, int position) =>
        Bias[position] * (_market.IsPromoted[p] ? Market.PromotionLift : 1) * Logistic(Attraction(p) - 0.2);

    /// <summary>Chance that a product that is shown beside one in the cart is looked at.</summary>
    public double ComplementLookChance(int p, int position) => 0.65 * Bias[position] * Logistic(Attraction(p) + 0.3);

    /// <summary>Chance that a product that is looked at goes into the cart, if there is one left.</summary>
    /// <param name="interest">Multiplies the chance; more than 1 for what goes with something in the cart.</param>
    public double CartChance(int p, double interest)
    {
        SimulatedProduct product = _world.Products[p];
        if (!ShopWords.Leaves[product.Leaf].IsConsumable && Memory.Owned.Contains(p))
        {
            interest *= 0.2;
        }

        double price = Math.Pow(_market.Demand[p], Shopper.PriceSensitivity);
        return interest * 0.7 * Logistic((0.7 * Attraction(p)) + (0.35 * product.Quality) - 0.1) * price * _market.CompetitorPull[p];
    }

    /// <summary>Chance that the consumable that is bought again and again goes into the cart, if there is one left.</summary>
    public double StapleChance(int p) => Math.Min(1, 0.55 * Math.Pow(_market.Demand[p], Shopper.PriceSensitivity) * _market.CompetitorPull[p]);

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}

/// <summary>What a shopper carries from session to session. Indexes, or -1.</summary>
internal sealed class ShopperMemory
{
    public int LastLeaf { get; set; } = -1;

    public int LastBought { get; set; } = -1;

    /// <summary>The consumable that is bought again and again.</summary>
    public int Staple { get; set; } = -1;

    public List<int> Owned { get; } = [];
}
