using System.Collections.Concurrent;

namespace Cartwright.Commerce.Catalog;

/// <summary>The shop in memory as answers read it: a snapshot, and what happened since.</summary>
/// <remarks>
/// Safe to call from several threads; reads take no lock. The snapshot takes about 50 bytes an interaction, what came
/// since about 300; once the latter are more than 50,000 and a tenth of the former, a new snapshot is made of both in the
/// background. Dense product indexes never change as long as the object lives.
/// </remarks>
public sealed class LiveShop
{
    private const int MinTailToMerge = 50_000;
    private const int MergeFraction = 10;
    private const int RememberedChanges = 1024;

    private readonly Lock _writing = new();
    private readonly GrowingList<Product> _products;
    private readonly ConcurrentDictionary<string, int> _newProducts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, bool> _removed = new();
    private readonly List<Action<IReadOnlyList<LiveInteraction>>> _followers = [];
    private readonly List<(Action<Snapshot, IReadOnlyList<LiveEvent>> Start, Action<IReadOnlyList<LiveEvent>> Appended)> _eventFollowers = [];
    private readonly List<Action<int>> _productFollowers = [];
    private readonly int[] _changedProducts = new int[RememberedChanges];
    private long _productChanges;
    private volatile LiveState _state;
    private bool _isMerging;

    public LiveShop(Snapshot snapshot)
    {
        _products = new GrowingList<Product>(snapshot.Products);
        _state = new LiveState(snapshot);
    }

    /// <summary>The base. Product indexes stay the same while products are added behind its end.</summary>
    public Snapshot Snapshot => _state.Snapshot;

    /// <summary>Products that were ever in the catalog, or named by an interaction, since it was loaded, by dense index; the snapshot's first, newer ones after them.</summary>
    public IReadOnlyList<Product> Products => _products;

    /// <summary>Products that the catalog has now, in the order they came.</summary>
    public IEnumerable<Product> ListedProducts => _products.Where((_, index) => IsListed(index));

    /// <returns>The product's dense index, or <see cref="Snapshot.None"/> for one that the catalog does not have.</returns>
    public int ProductIndex(string id)
    {
        int index = Place(id);
        return index != Snapshot.None && IsListed(index) ? index : Snapshot.None;
    }

    /// <summary>False for a product that was removed, and for one that interactions name and the catalog does not have (yet): it stays in histories and never comes in an answer.</summary>
    public bool IsListed(int product) => !_products[product].IsMentioned && !_removed.ContainsKey(product);

    /// <summary>What a shopper did with products, oldest first, what was posted a moment ago included. Empty for an unknown one.</summary>
    public IReadOnlyList<LiveInteraction> ShopperHistory(string shopperId) => _state.ShopperHistory(shopperId);

    /// <summary>What was done with products in a session, oldest first. Empty for an unknown one.</summary>
    public IReadOnlyList<LiveInteraction> SessionHistory(string sessionId) => _state.SessionHistory(sessionId);

    /// <summary>All that a shopper did, searches too, oldest first, what was posted a moment ago included. Empty for an unknown one.</summary>
    internal IReadOnlyList<LiveEvent> ShopperEvents(string shopperId) => _state.ShopperEvents(shopperId);

    /// <summary>All that was done in a session, by whomever, oldest first. Empty for an unknown one.</summary>
    internal IReadOnlyList<LiveEvent> SessionEvents(string sessionId) => _state.SessionEvents(sessionId);

    /// <summary>Hands over everything there is, then each batch as it is appended: in order, none twice, none left out.</summary>
    /// <param name="start">Called once, at once, with the base and what came since.</param>
    /// <param name="appended">Called for each batch; it should be quick, since the next append waits for it.</param>
    public void Follow(Action<Snapshot, IReadOnlyList<LiveInteraction>> start, Action<IReadOnlyList<LiveInteraction>> appended)
    {
        lock (_writing)
        {
            start(_state.Snapshot, [.. _state.Tail.Where(item => item.Product is not null).Select(item => ToLive(item).Interaction)]);
            _followers.Add(appended);
        }
    }

    /// <summary>As <see cref="Follow"/>, with who did it and in which session; and from the beginning again once a shopper was forgotten, so that nothing of them is kept.</summary>
    /// <param name="start">Called at once, and again after a shopper was forgotten; what came before is to be let go then.</param>
    /// <param name="appended">Called for each batch; it should be quick.</param>
    internal void FollowEvents(Action<Snapshot, IReadOnlyList<LiveEvent>> start, Action<IReadOnlyList<LiveEvent>> appended)
    {
        lock (_writing)
        {
            start(_state.Snapshot, [.. _state.Tail.Where(item => item.Product is not null).Select(ToLive)]);
            _eventFollowers.Add((start, appended));
        }
    }

    /// <summary>Tells of every product that is added, replaced or removed from now on, by its dense index; not of prices that are set.</summary>
    /// <param name="changed">It should be quick, since the next change waits for it.</param>
    internal void FollowProducts(Action<int> changed)
    {
        lock (_writing)
        {
            _productFollowers.Add(changed);
        }
    }

    /// <summary>How often a product was added, replaced or removed; prices that are set don't count.</summary>
    internal long ProductChanges => Volatile.Read(ref _productChanges);

    /// <summary>Which products were, since the count was <paramref name="changes"/>; null where they are no longer remembered.</summary>
    internal int[]? ProductsChangedSince(long changes)
    {
        lock (_writing)
        {
            return _productChanges - changes > RememberedChanges ? null
                : [.. Enumerable.Range(0, (int)(_productChanges - changes)).Select(i => _changedProducts[(changes + i) % RememberedChanges]).Distinct()];
        }
    }

    /// <summary>Counts stored interactions at once.</summary>
    public void Append(IReadOnlyList<Interaction> interactions)
    {
        lock (_writing)
        {
            var events = new List<LiveEvent>(interactions.Count);
            foreach (Interaction interaction in interactions)
            {
                LiveEvent live = ToLive(interaction);
                _state.Append(interaction, live);
                if (interaction.Product is not null)
                {
                    events.Add(live);
                }
            }

            LiveInteraction[] appended = [.. events.Select(live => live.Interaction)];
            foreach ((_, Action<IReadOnlyList<LiveEvent>> follower) in _eventFollowers)
            {
                follower(events);
            }

            foreach (Action<IReadOnlyList<LiveInteraction>> follower in _followers)
            {
                follower(appended);
            }

            int tail = _state.Tail.Count;
            if (!_isMerging && tail > MinTailToMerge && tail > _state.Snapshot.Interactions.Count / MergeFraction)
            {
                _isMerging = true;
                _ = Task.Run(Merge);
            }
        }
    }

    public void PutProduct(Product product)
    {
        lock (_writing)
        {
            int index = Place(product.Id);
            if (index == Snapshot.None)
            {
                Add(product);
            }
            else
            {
                _products.Replace(index, product);
                _removed.TryRemove(index, out _);
                Tell(index);
            }
        }
    }

    /// <summary>Sets the prices of products, by id; what else is known of them stays.</summary>
    internal void SetPrices(IReadOnlyDictionary<string, decimal> prices)
    {
        lock (_writing)
        {
            foreach ((string id, decimal price) in prices)
            {
                if (Place(id) is var index and not Snapshot.None)
                {
                    _products.Replace(index, _products[index] with { Price = price });
                }
            }
        }
    }

    public void RemoveProduct(string id)
    {
        lock (_writing)
        {
            int index = Place(id);
            if (index != Snapshot.None)
            {
                _removed[index] = true;
                Tell(index);
            }
        }
    }

    /// <summary>Forgets a shopper, and what nobody signed in did in the shopper's sessions. The memory that held it is given up too.</summary>
    public void RemoveShopper(string id)
    {
        lock (_writing)
        {
            _state = new LiveState(_state.Rebuild(_products, _state.Tail.Count, without: id));
            foreach ((Action<Snapshot, IReadOnlyList<LiveEvent>> start, _) in _eventFollowers)
            {
                start(_state.Snapshot, []);
            }
        }
    }

    /// <summary>Interactions that came since the base was made.</summary>
    public int TailCount => _state.Tail.Count;

    /// <summary>Makes a new base of the old one and what came since, while appends go on. Takes about 0.3 s for a million interactions.</summary>
    public void Merge()
    {
        LiveState before = _state;
        int count = before.Tail.Count;
        Snapshot merged = before.Rebuild(_products, count, without: null);
        lock (_writing)
        {
            _isMerging = false;
            if (_state != before)
            {
                // A shopper was removed meanwhile, so the merged base would bring them back.
                return;
            }

            var after = new LiveState(merged);
            foreach (Interaction interaction in before.Tail.Skip(count))
            {
                after.Append(interaction, ToLive(interaction));
            }

            _state = after;
        }
    }

    private int Place(string id)
    {
        int index = _state.Snapshot.ProductIndex(id);
        return index != Snapshot.None ? index : _newProducts.GetValueOrDefault(id, Snapshot.None);
    }

    private LiveEvent ToLive(Interaction interaction)
    {
        int product = interaction.Product is null ? Snapshot.None : Place(interaction.Product);
        if (product == Snapshot.None && interaction.Product is not null)
        {
            product = Add(new Product { Id = interaction.Product, Title = interaction.Product, IsMentioned = true });
        }

        float stars = interaction.Kind == InteractionKind.Rating ? (float?)interaction.Value ?? float.NaN : float.NaN;
        return new LiveEvent(new LiveInteraction(product, interaction.Kind, interaction.At) { Stars = stars }, interaction.Shopper, interaction.Session,
            (float?)interaction.Price ?? float.NaN, (float?)interaction.Quantity ?? 1, interaction.Position ?? 0);
    }

    private int Add(Product product)
    {
        int index = _products.Count;
        _products.Add(product);
        _newProducts[product.Id] = index;
        Tell(index);
        return index;
    }

    private void Tell(int product)
    {
        _changedProducts[_productChanges % RememberedChanges] = product;
        Volatile.Write(ref _productChanges, _productChanges + 1);
        foreach (Action<int> follower in _productFollowers)
        {
            follower(product);
        }
    }
}

/// <param name="Product">Dense index.</param>
public readonly record struct LiveInteraction(int Product, InteractionKind Kind, DateTimeOffset At)
{
    /// <summary>Of a rating; NaN where there are none.</summary>
    public float Stars { get; init; } = float.NaN;
}

/// <summary>One thing that was done, with what a model of sessions reads beside the product.</summary>
/// <param name="Interaction">Its product is <see cref="Snapshot.None"/> for a search.</param>
/// <param name="Shopper">Id; null for somebody unknown.</param>
/// <param name="Session">Id; null where none was said.</param>
/// <param name="Price">Of one unit; NaN where none was said.</param>
/// <param name="Quantity">Units; 1 where none was said.</param>
/// <param name="Position">Place in the list it was shown in, from 1; 0 where none was said.</param>
internal readonly record struct LiveEvent(LiveInteraction Interaction, string? Shopper, string? Session, float Price, float Quantity, int Position);
