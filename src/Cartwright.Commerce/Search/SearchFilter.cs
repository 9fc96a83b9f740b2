using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>The products that a search may answer with.</summary>
internal sealed class SearchFilter
{
    private readonly LiveShop _shop;
    private readonly AllowedProducts _allowed;
    private readonly string? _brand;
    private readonly ILookup<string, string> _attributes;

    /// <exception cref="ValidationException">A filter can't be read, or asks for what no product can have.</exception>
    public SearchFilter(LiveShop shop, SearchRequest request)
    {
        _shop = shop;
        _allowed = new AllowedProducts(shop, request);
        _brand = request.Brand;
        _attributes = request.Attributes.Select(Split).ToLookup(pair => pair.Name, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
    }

    /// <param name="index">Live index of the product.</param>
    public bool Allows(int index)
    {
        if (!_allowed.Allows(index))
        {
            return false;
        }

        Product product = _shop.Products[index];
        if (_brand is not null && !string.Equals(product.Brand, _brand, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (IGrouping<string, string> wanted in _attributes)
        {
            if (!product.Attributes.TryGetValue(wanted.Key, out string? value) || !wanted.Contains(value, StringComparer.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc cref="AllowedProducts.RequireCategory"/>
    public void RequireCategory() => _allowed.RequireCategory();

    private static (string Name, string Value) Split(string said)
    {
        int at = said.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (said[..at].Trim(), said[(at + 1)..].Trim())
            : throw new ValidationException($"'{said}' is no attribute and value. Write name=value, such as color=red.");
    }
}
