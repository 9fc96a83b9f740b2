using System.Runtime.InteropServices;

namespace Cartwright.Commerce.Catalog;

/// <summary>Gathers a shop and makes its snapshot. Dense indexes follow the order in which things are added or first mentioned.</summary>
internal sealed class SnapshotBuilder
{
    private readonly List<Product> _products = [];
    private readonly List<Shopper> _shoppers = [];
    private readonly List<string> _sessions = [];
    private readonly Dictionary<string, int> _productIndex = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _shopperIndex = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _sessionIndex = new(StringComparer.Ordinal);

    private readonly List<int> _shopper = [];
    private readonly List<int> _session = [];
    private readonly List<int> _product = [];
    private readonly List<InteractionKind> _kind = [];
    private readonly List<long> _at = [];
    private readonly List<float> _quantity = [];
    private readonly List<float> _price = [];
    private readonly List<float> _value = [];
    private readonly List<int> _position = [];

    private bool _hasCatalog;

    public IReadOnlyList<Product> Products => _products;

    public IReadOnlyList<Shopper> Shoppers => _shoppers;

    public IReadOnlyList<string> Sessions => _sessions;

    public int AddProduct(Product product)
    {
        _hasCatalog = true;
        return Add(_products, _productIndex, product.Id, product);
    }

    public int AddShopper(Shopper shopper) => Add(_shoppers, _shopperIndex, shopper.Id, shopper);

    /// <summary>A product that an interaction names. Where none was added before, nothing describes products, and those that interactions name are the
    /// catalog; else it waits for the catalog to have it.</summary>
    public int MentionProduct(string id)
        => _productIndex.TryGetValue(id, out int index) ? index : Add(_products, _productIndex, id, new Product { Id = id, Title = id, IsMentioned = _hasCatalog });

    public int MentionShopper(string id)
        => _shopperIndex.TryGetValue(id, out int index) ? index : AddShopper(new Shopper { Id = id });

    public int MentionSession(string id)
        => _sessionIndex.TryGetValue(id, out int index) ? index : Add(_sessions, _sessionIndex, id, id);

    public void Add(Interaction interaction) => Add(
        interaction.Shopper is null ? Snapshot.None : MentionShopper(interaction.Shopper),
        interaction.Session is null ? Snapshot.None : MentionSession(interaction.Session),
        interaction.Product is null ? Snapshot.None : MentionProduct(interaction.Product),
        interaction.Kind,
        ShopTime.ToMicroseconds(interaction.At),
        (float)(interaction.Quantity ?? 1),
        (float?)interaction.Price ?? float.NaN,
        (float?)interaction.Value ?? float.NaN,
        interaction.Position ?? 0);

    /// <summary>Adds one whose shopper, session and product are known by index.</summary>
    public void Add(int shopper, int session, int product, InteractionKind kind, long at, float quantity, float price, float value, int position)
    {
        _shopper.Add(shopper);
        _session.Add(session);
        _product.Add(product);
        _kind.Add(kind);
        _at.Add(at);
        _quantity.Add(quantity);
        _price.Add(price);
        _value.Add(value);
        _position.Add(position);
    }

    /// <summary>See <see cref="Snapshot.Notes"/>.</summary>
    public IReadOnlyList<string> Notes { get; set; } = [];

    /// <param name="split">The official split, interactions in the order in which they were added.</param>
    /// <param name="sequence">The store's number of the last interaction.</param>
    public Snapshot Build(ShopInfo info, long sequence = 0, ShopSplit? split = null)
    {
        int[] order = Order(out int[] shopperStart);
        var columns = new InteractionColumns
        {
            Shopper = Pick(_shopper, order),
            Session = Pick(_session, order),
            Product = Pick(_product, order),
            Kind = Pick(_kind, order),
            At = Pick(_at, order),
            Quantity = Pick(_quantity, order),
            Price = Pick(_price, order),
            Value = Pick(_value, order),
            Position = Pick(_position, order),
            ShopperStart = shopperStart,
        };
        return new Snapshot(info, _products, _shoppers, _sessions, columns)
        {
            Sequence = sequence,
            Notes = Notes,
            Split = split is { Interaction.Length: > 0 } ? split with { Interaction = [.. order.Select(i => split.Interaction[i])] } : split,
        };
    }

    /// <summary>By shopper (a counting sort, which keeps the arrival), then each shopper's part by time where it is not already.</summary>
    private int[] Order(out int[] shopperStart)
    {
        int groupCount = _shoppers.Count + _sessions.Count + 1;
        int[] start = new int[groupCount + 1];
        int count = _at.Count;
        for (int i = 0; i < count; i++)
        {
            start[Group(i) + 1]++;
        }

        for (int g = 0; g < groupCount; g++)
        {
            start[g + 1] += start[g];
        }

        int[] next = (int[])start.Clone();
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[next[Group(i)]++] = i;
        }

        ReadOnlySpan<long> at = CollectionsMarshal.AsSpan(_at);
        for (int g = 0; g < groupCount; g++)
        {
            SortByTime(order.AsSpan(start[g], start[g + 1] - start[g]), at);
        }

        shopperStart = start[..(_shoppers.Count + 1)];
        return order;
    }

    /// <summary>Shoppers first, then sessions of nobody known, then what has neither.</summary>
    private int Group(int i)
        => _shopper[i] >= 0 ? _shopper[i] : _session[i] >= 0 ? _shoppers.Count + _session[i] : _shoppers.Count + _sessions.Count;

    private static void SortByTime(Span<int> part, ReadOnlySpan<long> at)
    {
        bool isSorted = true;
        for (int i = 1; i < part.Length && isSorted; i++)
        {
            isSorted = at[part[i - 1]] <= at[part[i]];
        }

        if (isSorted)
        {
            return;
        }

        var keys = new (long At, int Arrival)[part.Length];
        for (int i = 0; i < part.Length; i++)
        {
            keys[i] = (at[part[i]], part[i]);
        }

        keys.AsSpan().Sort(part);
    }

    private static T[] Pick<T>(List<T> values, int[] order)
    {
        var picked = new T[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            picked[i] = values[order[i]];
        }

        return picked;
    }

    private static int Add<T>(List<T> items, Dictionary<string, int> index, string id, T item)
    {
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(index, id, out bool isThere);
        if (isThere)
        {
            items[place] = item;
        }
        else
        {
            place = items.Count;
            items.Add(item);
        }

        return place;
    }
}
