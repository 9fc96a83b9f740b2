using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>What a model of sessions knows of a product. Numbers of names are 0 where the name is not known.</summary>
/// <param name="UsualPrice">ln of its mean price; NaN where none was seen.</param>
/// <param name="CategoryPrice">ln of the mean price of what was done in its category; NaN where none was seen.</param>
/// <param name="CartRate">ln of how much more often a view ends in the cart than of other products.</param>
/// <param name="Views">Views learned from.</param>
internal readonly record struct ProductReading(
    int Product, int Category, int Brand, int[] Tags, float UsualPrice, float CategoryPrice, float CartRate, float Views);

/// <summary>The products, categories, brands and tags that sessions were learned from, and what is usual for them.</summary>
internal sealed class SessionVocabulary
{
    private const int FewestEvents = 5;
    private const float PriorViews = 10;

    private readonly Dictionary<string, int> _products;
    private readonly Dictionary<string, int> _categories;
    private readonly Dictionary<string, int> _brands;
    private readonly Dictionary<string, int> _tags;

    public SessionVocabulary(SavedVocabulary saved)
    {
        Saved = saved;
        _products = Numbered(saved.Products);
        _categories = Numbered(saved.Categories);
        _brands = Numbered(saved.Brands);
        _tags = Numbered(saved.Tags);
    }

    public SavedVocabulary Saved { get; }

    public int ProductCount => Saved.Products.Length;

    public int CategoryCount => Saved.Categories.Length;

    public int BrandCount => Saved.Brands.Length;

    /// <param name="products">By dense index.</param>
    public static SessionVocabulary Learn(IEnumerable<Session> sessions, IReadOnlyList<Product> products)
    {
        var counts = new (int Events, int Views, int Carts, double Prices, int Priced)[products.Count];
        foreach (SessionEvent step in sessions.SelectMany(session => session.Events).Where(step => step.Product != Snapshot.None && step.Kind != InteractionKind.Impression))
        {
            ref var count = ref counts[step.Product];
            count.Events++;
            count.Views += step.Kind is InteractionKind.View or InteractionKind.Click ? 1 : 0;
            count.Carts += step.Kind == InteractionKind.Cart ? 1 : 0;
            if (step.Price > 0)
            {
                count.Prices += step.Price;
                count.Priced++;
            }
        }

        int[] known = [.. Enumerable.Range(0, products.Count).Where(p => counts[p].Events >= FewestEvents)];
        double rate = (counts.Sum(c => (double)c.Carts) + 1) / (counts.Sum(c => (double)c.Views) + 1);
        string[] categories = [.. known.Select(p => products[p].Category).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var categoryPrices = known.Where(p => products[p].Category is not null && counts[p].Priced > 0)
            .GroupBy(p => products[p].Category!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Math.Log(group.Sum(p => counts[p].Prices) / group.Sum(p => counts[p].Priced)), StringComparer.Ordinal);
        return new SessionVocabulary(new SavedVocabulary
        {
            Products = [.. known.Select(p => products[p].Id)],
            UsualPrices = [.. known.Select(p => counts[p].Priced == 0 ? float.NaN : (float)Math.Log(counts[p].Prices / counts[p].Priced))],
            CartRates = [.. known.Select(p => (float)Math.Log((counts[p].Carts + (PriorViews * rate)) / (counts[p].Views + PriorViews) / rate))],
            Views = [.. known.Select(p => (float)counts[p].Views)],
            Categories = categories,
            CategoryPrices = [.. categories.Select(category => (float)categoryPrices.GetValueOrDefault(category, double.NaN))],
            Brands = [.. known.Select(p => products[p].Brand).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Tags = [.. known.SelectMany(p => products[p].Tags).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        });
    }

    public ProductReading Read(Product product)
    {
        int at = Number(_products, product.Id);
        int category = Number(_categories, product.Category);
        float usual = at > 0 ? Saved.UsualPrices[at - 1] : product.Price is > 0 and { } price ? MathF.Log((float)price) : float.NaN;
        return new ProductReading(at, category, Number(_brands, product.Brand),
            [.. product.Tags.Select(tag => Number(_tags, tag)).Where(tag => tag > 0)], usual,
            category > 0 ? Saved.CategoryPrices[category - 1] : float.NaN, at > 0 ? Saved.CartRates[at - 1] : 0, at > 0 ? Saved.Views[at - 1] : 0);
    }

    /// <summary>What each product of a catalog is, read once.</summary>
    public Func<int, ProductReading> Over(IReadOnlyList<Product> products)
    {
        var read = new Dictionary<int, ProductReading>();
        return index =>
        {
            if (!read.TryGetValue(index, out ProductReading reading))
            {
                read[index] = reading = Read(products[index]);
            }

            return reading;
        };
    }

    private static int Number(Dictionary<string, int> numbers, string? name) => name is null ? 0 : numbers.GetValueOrDefault(name);

    private static Dictionary<string, int> Numbered(string[] names) =>
        names.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i + 1, StringComparer.Ordinal);
}

/// <summary>What a model's folder keeps of its vocabulary; columns of one length for products, and one for categories.</summary>
internal sealed record SavedVocabulary
{
    public string[] Products { get; init; } = [];

    public float[] UsualPrices { get; init; } = [];

    public float[] CartRates { get; init; } = [];

    public float[] Views { get; init; } = [];

    public string[] Categories { get; init; } = [];

    public float[] CategoryPrices { get; init; } = [];

    public string[] Brands { get; init; } = [];

    public string[] Tags { get; init; } = [];
}
