using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>The products that a request's filter lets into an answer.</summary>
/// <remarks>Reads the product's own record, so stock and price are always those of now.</remarks>
internal sealed class AllowedProducts
{
    private readonly LiveShop _shop;
    private readonly ProductFilter _filter;
    private readonly string? _category;
    private readonly string? _below;

    /// <exception cref="ValidationException">The filter asks for prices that no product can have.</exception>
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
    }

    /// <param name="index">Live index of the product.</param>
    public bool Allows(int index)
    {
        Product product = _shop.Products[index];
        return (!_filter.InStock || product.IsInStock)
            && (_filter.PriceFrom is null || product.Price >= _filter.PriceFrom)
            && (_filter.PriceTo is null || product.Price <= _filter.PriceTo)
            && IsInCategory(product.Category)
            && _shop.IsListed(index);
    }

    /// <summary>Tells an answer that is empty from one about a category that is not there.</summary>
    /// <exception cref="NotFoundException">No product was ever in the category that is asked for.</exception>
    public void RequireCategory()
    {
        if (_category is null || _shop.Products.Any(product => IsInCategory(product.Category)))
        {
            return;
        }

        string[] known = [.. _shop.Products.Select(product => product.Category).OfType<string>().SelectMany(CategoryPath.WithParents)
            .Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(path => path.Length)];
        string? near = NearMiss.Of(_category, known)
            ?? (NearMiss.Of(_category, known.Select(CategoryPath.Leaf)) is { } leaf ? known.First(path => CategoryPath.Leaf(path) == leaf) : null);
        throw new NotFoundException($"There is no category '{_category}' in the shop.{(near is null ? "" : $" Did you mean '{near}'?")}");
    }

    private bool IsInCategory(string? category) => _category is null || (category is not null
        && (category.Equals(_category, StringComparison.OrdinalIgnoreCase) || category.StartsWith(_below!, StringComparison.OrdinalIgnoreCase)));
}
