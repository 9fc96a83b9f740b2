using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>The products that a request's filter lets into an answer.</summary>
/// <remarks>Reads the product's own record, so stock, price and attributes are always those of now.</remarks>
internal sealed class AllowedProducts
{
    private readonly LiveShop _shop;
    private readonly ProductFilter _filter;
    private readonly string? _category;
    private readonly string? _below;
    private readonly AttributeFilter[] _attributes;

    /// <exception cref="ValidationException">The filter can't be read, or asks for prices that no product can have.</exception>
    public AllowedProducts(LiveShop shop, ProductFilter filter)
    {
        if (filter.PriceFrom > filter.PriceTo)
        {
            throw new ValidationException(FormattableString.Invariant($"The lowest price, {filter.PriceFrom}, is above the highest, {filter.PriceTo}: change one of them."));
        }

        _shop = shop;
        _filter = filter;
        _category = filter.Category is null ? null : CategoryPath.Normalize(filter.Category);
        _below = _category is null ? null : _category + " > ";
        _attributes = AttributeFilter.Read(filter.Attributes);
    }

    /// <param name="index">Live index of the product.</param>
    public bool Allows(int index)
    {
        Product product = _shop.Products[index];
        return (!_filter.InStock || product.IsInStock)
            && (_filter.PriceFrom is null || product.Price >= _filter.PriceFrom)
            && (_filter.PriceTo is null || product.Price <= _filter.PriceTo)
            && IsInCategory(product.Category)
            && (_filter.Brand is null || Same(product.Brand, _filter.Brand))
            && (_filter.Tags.Count == 0 || product.Tags.Any(tag => _filter.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase)))
            && Array.TrueForAll(_attributes, wanted => wanted.Fits(product))
            && _shop.IsListed(index);
    }

    /// <summary>Tells an answer that is empty from one about what is not there.</summary>
    /// <exception cref="NotFoundException">No product was ever in the category, or had the brand, a tag or an attribute of the name that is asked for.</exception>
    public void RequireKnown()
    {
        if (_category is not null && !_shop.Products.Any(product => IsInCategory(product.Category)))
        {
            string[] known = Distinct(product => product.Category is { } category ? CategoryPath.WithParents(category) : []);
            string? near = NearMiss.Of(_category, known)
                ?? (NearMiss.Of(_category, known.Select(CategoryPath.Leaf)) is { } leaf ? known.First(path => CategoryPath.Leaf(path) == leaf) : null);
            throw Missing("category", _category, near);
        }

        Require("brand", _filter.Brand is null ? [] : [_filter.Brand], product => product.Brand is { } brand ? [brand] : []);
        Require("tag", _filter.Tags, product => product.Tags);
        Require("attribute", [.. _attributes.Select(wanted => wanted.Name)], product => product.Attributes.Keys);
    }

    private void Require(string what, IReadOnlyCollection<string> asked, Func<Product, IEnumerable<string>> namesOf)
    {
        if (asked.Count == 0)
        {
            return;
        }

        string[] known = Distinct(namesOf);
        if (asked.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } missing)
        {
            throw Missing(what, missing, NearMiss.Of(missing, known));
        }
    }

    /// <summary>Names that products have, the shortest first.</summary>
    private string[] Distinct(Func<Product, IEnumerable<string>> namesOf) =>
        [.. _shop.Products.SelectMany(namesOf).Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(name => name.Length)];

    private static NotFoundException Missing(string what, string name, string? near) =>
        new($"There is no {what} '{name}' in the shop.{(near is null ? "" : $" Did you mean '{near}'?")}");

    private bool IsInCategory(string? category) => _category is null || (category is not null
        && (Same(category, _category) || category.StartsWith(_below!, StringComparison.OrdinalIgnoreCase)));

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
