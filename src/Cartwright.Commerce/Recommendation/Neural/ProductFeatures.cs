using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What can be read off a product's record, each thing by a number: tags, brand, category levels, attributes, words of the title, and the
/// price to a factor of √2.</summary>
internal sealed class ProductFeatures
{
    /// <summary>Longer values of attributes are sentences, which no other product shares.</summary>
    private const int MaxValueLength = 60;

    private readonly Dictionary<string, int> _numbers;

    /// <param name="names">Features by number, from 0.</param>
    public ProductFeatures(IReadOnlyList<string> names)
    {
        Names = names;
        _numbers = names.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Those that two products or more share: one that stands alone says no more than the product itself.</summary>
    public static ProductFeatures SharedBy(IEnumerable<Product> products)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (string name in products.SelectMany(product => NamesOf(product).Distinct(StringComparer.Ordinal)))
        {
            int count = counts[name] = counts.GetValueOrDefault(name) + 1;
            if (count == 2)
            {
                names.Add(name);
            }
        }

        return new ProductFeatures(names);
    }

    /// <returns>Numbers of the product's features, each once, rising; other things in its record are left out.</returns>
    public int[] Of(Product product) => [.. NamesOf(product).Select(name => _numbers.GetValueOrDefault(name, -1)).Where(number => number >= 0).Distinct().Order()];

    private static IEnumerable<string> NamesOf(Product product)
    {
        foreach (string name in ProductContent.NamesOf(product))
        {
            yield return name;
        }

        foreach ((string name, string values) in product.Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            foreach (string value in values.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (value.Length <= MaxValueLength)
                {
                    yield return $"attribute:{name}={value}";
                }
            }
        }

        foreach (string word in Words(product.Title))
        {
            yield return "word:" + word;
        }

        if (product.Price is { } price and > 0)
        {
            yield return FormattableString.Invariant($"price:{Math.Round(2 * Math.Log2((double)price)):F0}");
        }
    }

    private static IEnumerable<string> Words(string title)
    {
        var word = new StringBuilder();
        foreach (char c in title + " ")
        {
            if (char.IsLetterOrDigit(c))
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
    }
}
