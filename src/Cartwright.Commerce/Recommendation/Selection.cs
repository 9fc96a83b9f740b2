using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Takes the best products that a request allows, out of a score for every product.</summary>
/// <remarks>A product's own record is looked at only when its score would make the list, so stock and price are always those of now.</remarks>
internal sealed class Selection
{
    private readonly LiveShop _shop;
    private readonly ProductFilter _filter;
    private readonly string? _category;
    private readonly string? _below;

    /// <exception cref="ValidationException">The filter asks for prices that no product can have.</exception>
    public Selection(LiveShop shop, ProductFilter filter)
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

    /// <param name="scores">By live index; negative infinity keeps a product out.</param>
    /// <exception cref="NotFoundException">No product was ever in the category that is asked for.</exception>
    public IReadOnlyList<(int Product, float Score)> Take(ReadOnlySpan<float> scores)
    {
        Span<int> products = stackalloc int[_filter.Count];
        Span<float> best = stackalloc float[_filter.Count];
        var list = new TopList(products, best);
        float threshold = float.NegativeInfinity;
        for (int product = 0; product < scores.Length; product++)
        {
            if (scores[product] > threshold && Allows(product))
            {
                list.Offer(product, scores[product]);
                threshold = list.Threshold;
            }
        }

        if (list.Count == 0)
        {
            RequireCategory();
        }

        list.Sort();
        var taken = new (int, float)[list.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = (products[i], best[i]);
        }

        return taken;
    }

    private bool Allows(int index)
    {
        Product product = _shop.Products[index];
        return (!_filter.InStock || product.IsInStock)
            && (_filter.PriceFrom is null || product.Price >= _filter.PriceFrom)
            && (_filter.PriceTo is null || product.Price <= _filter.PriceTo)
            && IsInCategory(product.Category)
            && _shop.IsListed(index);
    }

    private void RequireCategory()
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
