using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products a merchandising rule is about.</summary>
/// <remarks>
/// Found once by a look at every product, and kept: 4 bytes for each that it is about. Before each use the products that changed since are looked
/// at again, so a changed brand or category counts at once and a question does not pay for the size of the catalog.
/// </remarks>
internal sealed class RuleMatch
{
    private readonly LiveShop _shop;
    private readonly MerchandisingRule _rule;
    private readonly string? _category;
    private volatile Matched? _matched;

    public RuleMatch(LiveShop shop, MerchandisingRule rule)
    {
        _shop = shop;
        _rule = rule;
        _category = rule.Category is null ? null : CategoryPath.Normalize(rule.Category);
    }

    public MerchandisingRule Rule => _rule;

    /// <summary>The products that it is about: named ones in the order of their naming, without a look at any other; else by number.</summary>
    public ReadOnlySpan<int> Products => _rule.ProductIds.Count > 0
        ? (int[])[.. _rule.ProductIds.Select(_shop.ProductIndex).Where(product => product != Snapshot.None && HasAll(product)).Distinct()]
        : Matching();

    private int[] Matching()
    {
        long changes = _shop.ProductChanges;                     // read first: what changes from here on is looked at the next time
        if (_matched is not { } matched || matched.Changes != changes)
        {
            int[]? changed = _matched is { } before ? _shop.ProductsChangedSince(before.Changes) : null;
            _matched = matched = new Matched(changes, changed is null
                ? [.. Enumerable.Range(0, _shop.Products.Count).Where(HasAll)]
                : [.. _matched!.Products.Except(changed).Concat(changed.Where(HasAll)).Order()]);
        }

        return matched.Products;
    }

    private bool HasAll(int product)
    {
        Product record = _shop.Products[product];
        return (_category is null || CategoryPath.IsWithin(record.Category, _category))
            && (_rule.Brand is null || string.Equals(record.Brand, _rule.Brand, StringComparison.OrdinalIgnoreCase))
            && (_rule.Tag is null || record.Tags.Contains(_rule.Tag, StringComparer.OrdinalIgnoreCase))
            && _rule.Attributes.All(wanted => string.Equals(AttributeFilter.ValueOf(record, wanted.Key), wanted.Value, StringComparison.OrdinalIgnoreCase));
    }

    private sealed record Matched(long Changes, int[] Products);
}
