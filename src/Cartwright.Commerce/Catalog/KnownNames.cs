namespace Cartwright.Commerce.Catalog;

/// <summary>The names by which products can be asked for. Tells a name that no product ever had from a question that nothing answers.</summary>
/// <remarks>For one question, from one thread: each kind of names is gathered once.</remarks>
internal sealed class KnownNames(LiveShop shop)
{
    private readonly Dictionary<string, string[]> _gathered = new(StringComparer.Ordinal);

    /// <returns>Null where the catalog has the product; else what to say, with a guess.</returns>
    public string? RefuseProduct(string id) =>
        shop.ProductIndex(id) != Snapshot.None ? null : Refusal("product", id, NearMiss.Of(id, shop.ListedProducts.Select(product => product.Id)));

    /// <param name="category">A path as <see cref="CategoryPath.Normalize"/> makes it.</param>
    /// <returns>Null where a product is in it or below it; else what to say, with a guess.</returns>
    public string? RefuseCategory(string category)
    {
        string[] known = Distinct("category", product => product.Category is { } path ? CategoryPath.WithParents(path) : []);
        return known.Contains(category, StringComparer.OrdinalIgnoreCase) ? null : Refusal("category", category, NearMiss.Of(category, known)
            ?? (NearMiss.Of(category, known.Select(CategoryPath.Leaf)) is { } leaf ? known.First(path => CategoryPath.Leaf(path) == leaf) : null));
    }

    /// <returns>Null where a product is of the brand; else what to say, with a guess.</returns>
    public string? RefuseBrand(string brand) => Refuse("brand", brand, product => product.Brand is { } own ? [own] : []);

    /// <returns>Null where a product has the tag; else what to say, with a guess.</returns>
    public string? RefuseTag(string tag) => Refuse("tag", tag, product => product.Tags);

    /// <param name="values">Values of which a product is to have one; none where any will do.</param>
    /// <returns>Null where products have the attribute and one of the values; else what to say of the first, with a guess.</returns>
    public string? RefuseAttribute(string name, IEnumerable<string> values)
    {
        if (Refuse("attribute", name, product => product.Attributes.Keys) is { } unknown)
        {
            return unknown;
        }

        string?[] refusals = [.. values.Select(value => Refuse(name, value, product => AttributeFilter.ValueOf(product, name) is { } own ? [own] : [], $"value of {name}"))];
        return Array.TrueForAll(refusals, refusal => refusal is not null) ? refusals.FirstOrDefault() : null;
    }

    /// <param name="gathered">What is gathered once, where <paramref name="what"/> does not say it alone.</param>
    private string? Refuse(string what, string name, Func<Product, IEnumerable<string>> namesOf, string? gathered = null)
    {
        string[] known = Distinct(gathered ?? what, namesOf);
        return known.Contains(name, StringComparer.OrdinalIgnoreCase) ? null : Refusal(what, name, NearMiss.Of(name, known));
    }

    /// <summary>Names that products have, the shortest first.</summary>
    private string[] Distinct(string what, Func<Product, IEnumerable<string>> namesOf) => _gathered.TryGetValue(what, out string[]? names) ? names
        : _gathered[what] = [.. shop.Products.SelectMany(namesOf).Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(name => name.Length)];

    private static string Refusal(string what, string name, string? near) =>
        $"There is no {what} '{name}' in the shop.{(near is null ? "" : $" Did you mean '{near}'?")}";
}
