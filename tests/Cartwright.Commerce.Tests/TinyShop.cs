using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests;

/// <summary>Makes snapshots out of short strings, for tests that can be followed by eye.</summary>
internal sealed class TinyShop
{
    private readonly List<(string? Shopper, string? Session, string Product, InteractionKind Kind, long At)> _rows = [];
    private readonly List<Product> _products = [];

    public string Times { get; init; } = "order";

    /// <summary>Products that stand in the catalog whether anybody did something with them or not.</summary>
    public TinyShop Products(params string[] ids)
    {
        _products.AddRange(ids.Select(id => new Product { Id = id, Title = "The " + id }));
        return this;
    }

    public TinyShop Product(Product product)
    {
        _products.Add(product);
        return this;
    }

    /// <param name="products">One letter per product, in the order of time: "abc". Times are seconds from <paramref name="from"/>.</param>
    public TinyShop Shopper(string id, string products, InteractionKind kind = InteractionKind.Purchase, long from = 0, string? session = null)
    {
        for (int i = 0; i < products.Length; i++)
        {
            _rows.Add((id, session, products[i].ToString(), kind, (from + i) * 1_000_000));
        }

        return this;
    }

    public TinyShop Session(string id, string products, InteractionKind kind = InteractionKind.View, long from = 0)
    {
        for (int i = 0; i < products.Length; i++)
        {
            _rows.Add((null, id, products[i].ToString(), kind, (from + i) * 1_000_000));
        }

        return this;
    }

    public Snapshot Snapshot(ShopSplit? split = null)
    {
        List<Product> products = [.. _products];
        products.AddRange(_rows.Select(r => r.Product).Distinct().Where(id => products.TrueForAll(p => p.Id != id)).Order()
            .Select(id => new Product { Id = id, Title = "The " + id }));
        string[] shoppers = [.. _rows.Select(r => r.Shopper).OfType<string>().Distinct()];
        string[] sessions = [.. _rows.Select(r => r.Session).OfType<string>().Distinct()];
        var rows = _rows
            .Select(r => (Shopper: r.Shopper is null ? -1 : Array.IndexOf(shoppers, r.Shopper),
                Session: r.Session is null ? -1 : Array.IndexOf(sessions, r.Session),
                Product: products.FindIndex(p => p.Id == r.Product), r.Kind, r.At))
            .OrderBy(r => r.Shopper < 0 ? int.MaxValue : r.Shopper).ThenBy(r => r.Shopper < 0 ? r.Session : 0).ThenBy(r => r.At)
            .ToList();
        return new Snapshot(new ShopInfo { Name = "tiny", Times = Times }, products, [.. shoppers.Select(id => new Shopper { Id = id })], sessions,
            new InteractionColumns
            {
                Shopper = [.. rows.Select(r => r.Shopper)],
                Session = [.. rows.Select(r => r.Session)],
                Product = [.. rows.Select(r => r.Product)],
                Kind = [.. rows.Select(r => r.Kind)],
                At = [.. rows.Select(r => r.At)],
                Quantity = [.. rows.Select(_ => 1f)],
                Price = [.. rows.Select(_ => float.NaN)],
                Value = [.. rows.Select(_ => float.NaN)],
                Position = new int[rows.Count],
                ShopperStart = [.. Enumerable.Range(0, shoppers.Length + 1).Select(s => rows.Count(r => r.Shopper >= 0 && r.Shopper < s))],
            })
        {
            Split = split,
        };
    }
}
