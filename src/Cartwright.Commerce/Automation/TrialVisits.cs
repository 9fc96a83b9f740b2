using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Automation;

/// <summary>What a visit is shown in the first place, and who hears what came of it.</summary>
/// <param name="Products">Indexes, the best place first.</param>
/// <param name="CameAsync">Told whether something of it went into the cart.</param>
internal sealed record FirstPlace(IReadOnlyList<int> Products, Func<bool, Task> CameAsync);

/// <summary>What shoppers do on the web: they see the first place, look through a list by search or menu, and buy at the day's prices what is there.</summary>
/// <remarks>Who comes and how each visit is inclined is drawn from streams of the day and the visit, so that two shops see the same people with the same luck.</remarks>
internal sealed class TrialVisits
{
    private readonly ShopWorld _world;
    private readonly Market _market;
    private readonly int _seed;
    private readonly SwitchedRandom _random = new();
    private readonly Shelf _shelf;
    private readonly Inclination _inclination;
    private readonly ShopperMemory[] _memories;
    private readonly double[] _activity;
    private readonly List<Interaction> _done = [];
    private string _session = "";
    private string _shopper = "";
    private DateTimeOffset _at;

    public TrialVisits(ShopWorld world, Market market, int seed)
    {
        (_world, _market, _seed) = (world, market, seed);
        _shelf = new Shelf(world, market, _random);
        _inclination = new Inclination(world, market);
        _memories = [.. world.Shoppers.Select(_ => new ShopperMemory())];
        double sum = 0;
        _activity = [.. world.Shoppers.Select(shopper => sum += shopper.Activity)];
    }

    public int Visits { get; private set; }

    /// <summary>Visits in which something of the first place went into the cart.</summary>
    public int Rewarded { get; private set; }

    /// <summary>Units that were wanted and not there.</summary>
    public int Lost { get; private set; }

    /// <summary>What was last looked at by a shopper; null where nothing was.</summary>
    public int? LastLooked(int shopper) => _lastLooked.TryGetValue(shopper, out int product) ? product : null;

    private readonly Dictionary<int, int> _lastLooked = [];

    /// <summary>Lets the day's visits happen.</summary>
    /// <param name="first">What a shopper is shown in the first place.</param>
    /// <returns>What they did, in order.</returns>
    public async Task<IReadOnlyList<Interaction>> VisitAsync(int day, Func<int, Task<FirstPlace>> first)
    {
        _done.Clear();
        Random who = Draws.Stream(_seed, $"visits {day}");
        int count = who.Poisson(_activity[^1] * _world.Calendar.Activity(day));
        for (int i = 0; i < count; i++)
        {
            int shopper = who.FromCumulative(_activity);
            if (_world.Shoppers[shopper].IsActive(day))
            {
                _random.Switch(Draws.Stream(_seed, $"visit {day} {i}"));
                (_session, _shopper) = ($"t{day}-{i}", _world.Shoppers[shopper].Id);
                _at = _world.Calendar.Midnight(day).AddHours(8).AddSeconds(50_000.0 * i / count);
                _inclination.Begin(_world.Shoppers[shopper], _memories[shopper]);
                await VisitOnceAsync(shopper, day, await first(shopper));
            }
        }

        return [.. _done];
    }

    private async Task VisitOnceAsync(int shopper, int day, FirstPlace first)
    {
        Visits++;
        bool isRewarded = Look(shopper, first.Products, query: null);
        Rewarded += isRewarded ? 1 : 0;
        await first.CameAsync(isRewarded);

        int leaf = _inclination.ChooseLeaf(_memories[shopper].LastLeaf, _random);
        int query = _random.Chance(Inclination.SearchChance) ? _inclination.ChooseQuery(leaf, _random) : -1;
        string? words = query < 0 ? null : _world.Queries[query].Text;
        if (words is not null)
        {
            Add(InteractionKind.Search, -1, words);
        }

        _shelf.Arrange(leaf, query, day);
        _memories[shopper].LastLeaf = leaf;
        Look(shopper, _shelf.Products[..Math.Min(Simulation.Visits.PageSize, _shelf.Length)].ToArray(), words);
    }

    /// <returns>True where something went into the cart, and was bought if it was there.</returns>
    private bool Look(int shopper, IReadOnlyList<int> products, string? query)
    {
        for (int i = 0; i < products.Count; i++)
        {
            Add(InteractionKind.Impression, products[i], query, i + 1);
        }

        for (int i = 0; i < products.Count; i++)
        {
            int p = products[i];
            if (!_random.Chance(_inclination.LookChance(p, i + 1)))
            {
                continue;
            }

            Add(InteractionKind.View, p, query, i + 1);
            _lastLooked[shopper] = p;
            if (_random.Chance(_inclination.CartChance(p, 1)))
            {
                return Buy(shopper, p, query);
            }
        }

        return false;
    }

    private bool Buy(int shopper, int p, string? query)
    {
        bool isConsumable = ShopWords.Leaves[_world.Products[p].Leaf].IsConsumable;
        int wanted = isConsumable ? 1 + _random.Poisson(0.7) : 1;
        bool isAbandoned = _random.Chance(Inclination.AbandonChance + Inclination.SkipChance);
        if (_market.Stock[p] == 0)
        {
            Lost += isAbandoned ? 0 : wanted;
            return false;
        }

        Add(InteractionKind.Cart, p, query, quantity: wanted);
        if (isAbandoned)
        {
            return true;
        }

        int units = _market.Sell(p, wanted);
        Lost += wanted - units;
        Add(InteractionKind.Purchase, p, query, quantity: units);
        ShopperMemory memory = _memories[shopper];
        memory.LastBought = p;
        if (!isConsumable)
        {
            memory.Owned.Add(p);
        }

        return true;
    }

    private void Add(InteractionKind kind, int p, string? query, int position = 0, int quantity = 0)
    {
        _at = _at.AddSeconds(3);
        _done.Add(new Interaction
        {
            Id = $"{_session}-{_done.Count}",
            At = _at,
            Shopper = _shopper,
            Session = _session,
            Kind = kind,
            Product = p < 0 ? null : _world.Products[p].Id,
            Query = query,
            Position = position == 0 ? null : position,
            Quantity = quantity == 0 ? null : quantity,
            Price = p < 0 ? null : _market.PriceCents[p] / 100m,
        });
    }

    /// <summary>Draws from whichever stream it was told last.</summary>
    private sealed class SwitchedRandom : Random
    {
        private Random _stream = new(0);

        public void Switch(Random stream) => _stream = stream;

        public override double NextDouble() => _stream.NextDouble();

        public override int Next(int maxValue) => _stream.Next(maxValue);

        public override int Next(int minValue, int maxValue) => _stream.Next(minValue, maxValue);
    }
}
