using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>What fills a slot in an utterance that is made from a catalog: titles as people shorten them, brands, categories, colors, other attributes, prices.</summary>
internal sealed class CatalogWords
{
    private const int MostOfEach = 4_000;
    private const int LongestValue = 30;

    private static readonly string[] BasicColors =
        ["black", "white", "red", "blue", "green", "yellow", "grey", "gray", "brown", "pink", "purple", "orange", "silver", "gold", "beige", "navy", "dark blue", "light green", "turquoise"];

    private static readonly char[] TitleEnds = [',', '(', '|', '/', ';'];

    private readonly string[] _titles;
    private readonly decimal[] _prices;

    public CatalogWords(IReadOnlyList<Product> products, IReadOnlyList<string> topics)
    {
        Product[] titled = [.. products.Where(product => product.Title.Length > 0)];
        _titles = [.. Spread(titled.Select(product => TitleOf(product.Title)))];
        Brands = [.. Spread(products.Select(product => product.Brand))];
        Categories = [.. Spread(products.SelectMany(product => CategoriesOf(product)).Concat(titled.Select(HeadOf)))];
        Colors = [.. Spread(products.SelectMany(product => product.Attributes.Where(a => IsColor(a.Key)).Select(a => a.Value)).Concat(BasicColors))];
        Attributes = [.. Spread(products.SelectMany(product => product.Attributes.Where(a => !IsColor(a.Key) && !IsKind(a.Key)).Select(a => a.Value)).Concat(products.SelectMany(p => p.Tags)))
            .Where(value => !Colors.Contains(value, StringComparer.OrdinalIgnoreCase))];
        _prices = [.. products.Where(product => product.Price > 0).Select(product => product.Price!.Value).Order()];
        Topics = topics;
    }

    public IReadOnlyList<string> Brands { get; }

    public IReadOnlyList<string> Categories { get; }

    public IReadOnlyList<string> Colors { get; }

    public IReadOnlyList<string> Attributes { get; }

    /// <summary>What the merchant's texts are about.</summary>
    public IReadOnlyList<string> Topics { get; }

    public bool HasTitles => _titles.Length > 0;

    /// <summary>A title as somebody might say it: whole, or some of its words, the last ones kept since they tell the thing.</summary>
    public string Title(Random random)
    {
        string[] words = _titles[random.Next(_titles.Length)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length <= 2 || random.Next(4) == 0)
        {
            return string.Join(' ', words);
        }

        int kept = random.Next(2, Math.Min(words.Length, 6) + 1);
        return random.Next(3) switch
        {
            0 => string.Join(' ', words[..kept]),
            1 => string.Join(' ', words[^kept..]),
            _ => $"{words[0]} {string.Join(' ', words[^Math.Max(1, kept - 1)..])}",
        };
    }

    /// <summary>A price near one of the catalog's, rounded as people do.</summary>
    public string Price(Random random)
    {
        decimal near = _prices.Length == 0 ? random.Next(5, 300) : _prices[random.Next(_prices.Length)];
        decimal step = near < 10 ? 1 : near < 100 ? 5 : near < 1_000 ? 50 : 500;
        decimal round = Math.Max(1, Math.Ceiling(near / step) * step);
        string number = (random.Next(8) == 0 ? near : round).ToString("0.##", CultureInfo.InvariantCulture);
        return random.Next(6) switch
        {
            0 => $"${number}",
            1 => $"{number} dollars",
            2 => $"{number} euros",
            3 => $"€{number}",
            4 => $"{number} bucks",
            _ => number,
        };
    }

    private static IEnumerable<string?> CategoriesOf(Product product)
    {
        if (product.Category is { } path)
        {
            string[] parts = path.Split('>', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (string part in parts.TakeLast(2))
            {
                yield return part;
            }
        }

        foreach ((_, string kind) in product.Attributes.Where(attribute => IsKind(attribute.Key)))
        {
            yield return kind;
            yield return kind.EndsWith('s') ? kind[..^1] : $"{kind}s";
        }
    }

    /// <summary>The last word of a title: what the thing is.</summary>
    private static string? HeadOf(Product product) => TitleOf(product.Title).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, .., var last] && last.All(char.IsLetter) && last.Length > 2 ? last : null;

    private static string TitleOf(string title)
    {
        int end = title.IndexOfAny(TitleEnds);
        return (end > 3 ? title[..end] : title).Trim();
    }

    private static bool IsColor(string name) => name.Contains("color", StringComparison.OrdinalIgnoreCase) || name.Contains("colour", StringComparison.OrdinalIgnoreCase) || name.Equals("farbe", StringComparison.OrdinalIgnoreCase);

    private static bool IsKind(string name) => name.Equals("type", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_type", StringComparison.OrdinalIgnoreCase) || name.Equals("kind", StringComparison.OrdinalIgnoreCase);

    /// <summary>Short ones with letters, each once, the most frequent first; those that every catalog has too many of are cut.</summary>
    private static IEnumerable<string> Spread(IEnumerable<string?> values) => values
        .Where(value => value is { Length: > 1 } && value.Length <= LongestValue * 3 && value.Any(char.IsLetter) && value.Count(c => c == ' ') < 12)
        .GroupBy(value => value!.Trim(), StringComparer.OrdinalIgnoreCase)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
        .Take(MostOfEach).Select(group => group.Key);
}
