using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>The products that a request's filter lets into an answer.</summary>
/// <remarks>Reads the product's own record, so stock, price and attributes are always those of now.</remarks>
public sealed class AllowedProducts
{
    private readonly LiveShop _shop;
    private readonly ProductFilter _filter;
    private readonly string? _category;
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
        _attributes = AttributeFilter.Read(filter.Attributes);
    }

    /// <param name="index">Live index of the product.</param>
    public bool Allows(int index)
    {
        Product product = _shop.Products[index];
        return (!_filter.InStock || product.IsInStock)
            && (_filter.PriceFrom is null || product.Price >= _filter.PriceFrom)
            && (_filter.PriceTo is null || product.Price <= _filter.PriceTo)
            && (_category is null || CategoryPath.IsWithin(product.Category, _category))
            && (_filter.Brand is null || Same(product.Brand, _filter.Brand))
            && (_filter.Tags.Count == 0 || product.Tags.Any(tag => _filter.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase)))
            && Array.TrueForAll(_attributes, wanted => wanted.Fits(product))
            && _shop.IsListed(index);
    }

    /// <summary>Tells an answer that is empty from one about what is not there.</summary>
    /// <exception cref="NotFoundException">No product was ever in the category, or had the brand, a tag, an attribute of the name or of the value that is asked for.</exception>
    public void RequireKnown()
    {
        var known = new KnownNames(_shop);
        string? refusal = (_category is null ? null : known.RefuseCategory(_category))
            ?? (_filter.Brand is null ? null : known.RefuseBrand(_filter.Brand))
            ?? First(_filter.Tags, known.RefuseTag)
            ?? First(_attributes, wanted => known.RefuseAttribute(wanted.Name, wanted.Values));
        if (refusal is not null)
        {
            throw new NotFoundException(refusal);
        }
    }

    private static string? First<T>(IEnumerable<T> asked, Func<T, string?> refuse) => asked.Select(refuse).FirstOrDefault(refusal => refusal is not null);

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
