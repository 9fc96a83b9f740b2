using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What is known of products beside what shoppers did: tags, brand, every level of the category and attributes that are lists, each as
/// a number.</summary>
/// <remarks>Values are numbered from 0 in the order in which they are met, product by product, so the same catalog gives the same numbers.</remarks>
public sealed class ProductContent
{
    private const char ListSeparator = '|';

    private readonly int[] _start;
    private readonly int[] _values;

    private ProductContent(IReadOnlyList<Product> products, int[] start, int[] values, IReadOnlyList<string> names)
    {
        Products = products;
        _start = start;
        _values = values;
        Names = names;
    }

    /// <summary>The records themselves, for what reads titles, prices and attributes too.</summary>
    public IReadOnlyList<Product> Products { get; }

    public int ProductCount => _start.Length - 1;

    /// <summary>Different values in the whole catalog.</summary>
    public int ValueCount => Names.Count;

    /// <summary>Each value as "tag:…", "brand:…" or "category:…".</summary>
    public IReadOnlyList<string> Names { get; }

    /// <returns>Numbers of the product's values, each once, from 0 to <see cref="ValueCount"/> - 1.</returns>
    public ReadOnlySpan<int> Of(int product) => _values.AsSpan(_start[product]..(_start[product + 1]));

    /// <summary>The values of several products, one after the other, as an embedding bag reads them.</summary>
    /// <returns>Values, and where each product's start: product i has Values[Offsets[i]..Offsets[i + 1]].</returns>
    public (int[] Values, int[] Offsets) Bags(ReadOnlySpan<int> products)
    {
        int[] offsets = new int[products.Length + 1];
        for (int i = 0; i < products.Length; i++)
        {
            offsets[i + 1] = offsets[i] + Of(products[i]).Length;
        }

        int[] values = new int[offsets[^1]];
        for (int i = 0; i < products.Length; i++)
        {
            Of(products[i]).CopyTo(values.AsSpan(offsets[i]));
        }

        return (values, offsets);
    }

    public static ProductContent Of(IReadOnlyList<Product> products)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = new List<string>();
        var values = new List<int>();
        int[] start = new int[products.Count + 1];
        for (int i = 0; i < products.Count; i++)
        {
            foreach (string name in NamesOf(products[i]).Distinct(StringComparer.Ordinal))
            {
                if (!numbers.TryGetValue(name, out int number))
                {
                    number = names.Count;
                    numbers.Add(name, number);
                    names.Add(name);
                }

                values.Add(number);
            }

            start[i + 1] = values.Count;
        }

        return new ProductContent(products, start, [.. values], names);
    }

    /// <summary>The values of one product by name; "A > B" gives "category:A" and "category:A > B", an attribute "genres" of "Drama|War"
    /// "genres:Drama" and "genres:War". Other attributes are left out: many are numbers or the product's own.</summary>
    public static IEnumerable<string> NamesOf(Product product)
    {
        foreach (string tag in product.Tags)
        {
            yield return "tag:" + tag;
        }

        if (!string.IsNullOrEmpty(product.Brand))
        {
            yield return "brand:" + product.Brand;
        }

        if (!string.IsNullOrEmpty(product.Category))
        {
            string[] levels = product.Category.Split('>', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            for (int depth = 1; depth <= levels.Length; depth++)
            {
                yield return "category:" + string.Join(" > ", levels[..depth]);
            }
        }

        foreach ((string attribute, string value) in product.Attributes.Where(pair => pair.Value.Contains(ListSeparator, StringComparison.Ordinal)))
        {
            foreach (string part in value.Split(ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                yield return attribute + ":" + part;
            }
        }
    }
}
