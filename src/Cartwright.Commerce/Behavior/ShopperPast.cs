using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>What was known of a shopper before a session began: how often they came and bought, and what they looked at.</summary>
internal sealed class ShopperPast
{
    private readonly Dictionary<int, Tally> _products = [];
    private readonly Dictionary<int, Tally> _categories = [];
    private readonly Dictionary<int, Tally> _brands = [];
    private readonly Dictionary<int, Tally> _tags = [];

    public int Sessions { get; private set; }

    /// <summary>Those of them in which something was bought.</summary>
    public int Purchases { get; private set; }

    /// <summary>End of the last session, in microseconds since 1970.</summary>
    public long LastAt { get; private set; }

    public long LastPurchaseAt { get; private set; }

    /// <summary>All products together.</summary>
    public Tally All { get; private set; }

    public Tally Product(int product) => _products.GetValueOrDefault(product);

    public Tally Category(int category) => _categories.GetValueOrDefault(category);

    public Tally Brand(int brand) => _brands.GetValueOrDefault(brand);

    /// <summary>The mean over a product's tags.</summary>
    public (float Views, float Carts) Tags(int[] tags)
    {
        float views = 0;
        float carts = 0;
        foreach (int tag in tags)
        {
            Tally tally = _tags.GetValueOrDefault(tag);
            views += tally.Views;
            carts += tally.Carts;
        }

        return tags.Length == 0 ? (0, 0) : (views / tags.Length, carts / tags.Length);
    }

    /// <summary>Counts a session that has ended.</summary>
    /// <param name="reading">What a product is, by dense index.</param>
    public void Add(Session session, Func<int, ProductReading> reading)
    {
        Sessions++;
        LastAt = session.EndedAt;
        bool hasPurchase = false;
        foreach (SessionEvent step in session.Events)
        {
            if (step.Product == Snapshot.None || step.Kind is InteractionKind.Impression or InteractionKind.Search or InteractionKind.Uncart)
            {
                continue;
            }

            hasPurchase |= step.Kind == InteractionKind.Purchase;
            ProductReading product = reading(step.Product);
            All = All.With(step.Kind);
            Count(_products, product.Product, step.Kind);
            Count(_categories, product.Category, step.Kind);
            Count(_brands, product.Brand, step.Kind);
            foreach (int tag in product.Tags)
            {
                Count(_tags, tag, step.Kind);
            }
        }

        if (hasPurchase)
        {
            Purchases++;
            LastPurchaseAt = session.EndedAt;
        }
    }

    // 0 stands for all that are not known by name.
    private static void Count(Dictionary<int, Tally> tallies, int key, InteractionKind kind)
    {
        if (key != 0)
        {
            tallies[key] = tallies.GetValueOrDefault(key).With(kind);
        }
    }
}

/// <summary>How often something was looked at, put in the cart and bought.</summary>
internal readonly record struct Tally(int Views, int Carts, int Purchases)
{
    public Tally With(InteractionKind kind) => kind switch
    {
        InteractionKind.Cart => this with { Carts = Carts + 1 },
        InteractionKind.Purchase => this with { Purchases = Purchases + 1 },
        _ => this with { Views = Views + 1 },
    };
}
