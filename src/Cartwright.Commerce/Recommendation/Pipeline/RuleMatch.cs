using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products a merchandising rule is about.</summary>
/// <remarks>Reads the product's record at the moment of the question, so a changed brand or category counts at once.</remarks>
internal sealed class RuleMatch
{
    private readonly LiveShop _shop;
    private readonly MerchandisingRule _rule;
    private readonly HashSet<int> _named;
    private readonly string? _category;

    public RuleMatch(LiveShop shop, MerchandisingRule rule)
    {
        _shop = shop;
        _rule = rule;
        _named = [.. rule.ProductIds.Select(shop.ProductIndex).Where(product => product != Snapshot.None)];
        _category = rule.Category is null ? null : CategoryPath.Normalize(rule.Category);
    }

    public MerchandisingRule Rule => _rule;

    /// <summary>The products that are named, in the order of their naming; else none.</summary>
    public IEnumerable<int> Named => _rule.ProductIds.Select(_shop.ProductIndex).Where(product => product != Snapshot.None);

    public bool Holds(int product)
    {
        if (_rule.ProductIds.Count > 0 && !_named.Contains(product))
        {
            return false;
        }

        Product record = _shop.Products[product];
        return (_category is null || IsBelow(record.Category, _category))
            && (_rule.Brand is null || string.Equals(record.Brand, _rule.Brand, StringComparison.OrdinalIgnoreCase))
            && (_rule.Tag is null || record.Tags.Contains(_rule.Tag, StringComparer.OrdinalIgnoreCase))
            && _rule.Attributes.All(wanted => record.Attributes.TryGetValue(wanted.Key, out string? value)
                && string.Equals(value, wanted.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsBelow(string? category, string wanted) => category is not null
        && (category.Equals(wanted, StringComparison.OrdinalIgnoreCase) || category.StartsWith(wanted + " > ", StringComparison.OrdinalIgnoreCase));
}
