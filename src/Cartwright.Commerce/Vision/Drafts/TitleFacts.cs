using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>The facts of a product that a title is written from: which there are, and which words say each.</summary>
/// <param name="Names">Attributes that the shop's titles speak of, the category among them.</param>
/// <param name="Facts">"color=red": those with a number of their own; of others only the words are known.</param>
internal sealed record TitleFacts(IReadOnlyList<string> Names, IReadOnlyList<string> Facts)
{
    public const string Category = "category";
    public const string Brand = "brand";

    private const int FewestUses = 2;
    private const int MostFacts = 2_000;
    private const double LeastTold = 0.05;

    private readonly Dictionary<string, int> _numbers = Facts.Index().ToDictionary(fact => fact.Item, fact => fact.Index, StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(Names, StringComparer.Ordinal);

    /// <summary>An attribute is told of where the words of its value stand in one of twenty titles or more.</summary>
    public static TitleFacts Of(IReadOnlyList<Product> products)
    {
        var told = new Dictionary<string, (int Known, int Told)>(StringComparer.Ordinal);
        var uses = new Dictionary<(string Name, string Value), int>();
        foreach (Product product in products)
        {
            HashSet<string> title = [.. TitleWords.Split(product.Title).Select(TitleWords.Key)];
            foreach ((string name, string value) in Of(product))
            {
                (int known, int isTold) = told.GetValueOrDefault(name);
                told[name] = (known + 1, isTold + (TitleWords.Split(value).Select(TitleWords.Key).All(title.Contains) ? 1 : 0));
                uses[(name, value)] = uses.GetValueOrDefault((name, value)) + 1;
            }
        }

        HashSet<string> names = [.. told.Where(name => name.Key == Category || name.Value.Told >= LeastTold * name.Value.Known).Select(name => name.Key)];
        return new TitleFacts([.. names.Order(StringComparer.Ordinal)],
            [.. uses.Where(use => use.Value >= FewestUses && names.Contains(use.Key.Name)).OrderByDescending(use => use.Value)
                .ThenBy(use => use.Key.Name, StringComparer.Ordinal).ThenBy(use => use.Key.Value, StringComparer.Ordinal).Take(MostFacts).Select(use => Of(use.Key.Name, use.Key.Value))]);
    }

    /// <summary>What the catalog says of a product, name by name.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Product product)
    {
        IEnumerable<(string, string)> facts = product.Attributes.Where(attribute => attribute.Key is not (Category or Brand)).Select(attribute => (attribute.Key, attribute.Value));
        return facts.Prepend((Brand, product.Brand ?? "")).Prepend((Category, product.Category ?? "")).Where(fact => fact.Item2.Length > 0);
    }

    /// <summary>A fact for the network; null for one that the shop's titles don't speak of.</summary>
    public TitleFact? Read(string name, string value, TitleWords words) => !_names.Contains(name) ? null
        : new TitleFact(_numbers.GetValueOrDefault(Of(name, value), -1), [.. words.Read(value).Where(word => word != TitleWords.Unknown)]);

    private static string Of(string name, string value) => $"{name}={value}";
}

/// <param name="Number">Among the facts that have one; -1 for others.</param>
/// <param name="Words">Numbers of the words that say it.</param>
internal sealed record TitleFact(int Number, int[] Words);
