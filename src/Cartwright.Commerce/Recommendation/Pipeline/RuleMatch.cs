using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products a merchandising rule is about.</summary>
/// <remarks>Reads the product's record at the moment of the question, so a changed brand or category counts at once.</remarks>
internal sealed class RuleMatch
{
    private readonly LiveShop _shop;
    private readonly MerchandisingRule _rule;
    private readonly int[] _named;
    private readonly string? _category;

    public RuleMatch(LiveShop shop, MerchandisingRule rule)
    {
        _shop = shop;
        _rule = rule;
        _named = [.. rule.ProductIds.Select(shop.ProductIndex).Where(product => product != Snapshot.None).Distinct()];
        _category = rule.Category is null ? null : CategoryPath.Normalize(rule.Category);
    }

    public MerchandisingRule Rule => _rule;

    /// <summary>The products that it is about: named ones in the order of their naming, without a look at any other; else by number.</summary>
    /// <param name="count">Products from here on are left out.</param>
    public IEnumerable<int> Among(int count) => _rule.ProductIds.Count > 0
        ? _named.Where(product => product < count && HasAll(product))
        : Enumerable.Range(0, count).Where(HasAll);

    public bool Holds(int product) => (_rule.ProductIds.Count == 0 || _named.Contains(product)) && HasAll(product);

    private bool HasAll(int product)
    {
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
