using Cartwright.Commerce.Catalog;
using Cartwright.Learning;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Sentences that shoppers say, made of the catalog's own words: what voices speak and language models learn from.</summary>
internal static class CatalogPhrases
{
    private const int MostTitleWords = 6;
    private const int MostProducts = 4_000;
    private const int MostValues = 400;
    private const int MostLetters = 90;
    private const int Orders = 40;

    private static readonly string[] AskedOfProducts =
    [
        "{0}", "show me {0}", "do you have {0}", "i'm looking for {0}", "how much is {0}", "what does {0} cost", "is {0} in stock", "add {0} to my basket", "i want {0}",
        "tell me about {0}", "put {0} in my basket", "take {0} out of my basket", "i would like to buy {0}",
    ];

    private static readonly string[] AskedOfKinds =
    [
        "show me {0}", "do you have {0}", "i'm looking for {0}", "i need {0}", "what {0} do you have", "find {0} under {1}", "{0} for less than {1}", "show me the cheapest {0}",
        "{0} between {1} and {2}", "only {0} please",
    ];

    private static readonly string[] AskedAlways =
    [
        "yes", "no", "yes please", "no thanks", "thank you", "thanks", "hello", "hi", "good morning", "goodbye", "cancel", "never mind", "the first one", "the second one", "the third one",
        "the last one", "the cheapest one", "show me more", "something cheaper", "compare the first and the second", "what is in my basket", "show my basket", "empty my basket",
        "checkout please", "i want to pay", "where is my order", "when does my order arrive", "i want to return something", "can i send it back", "what is your return policy",
        "how long does delivery take", "what does shipping cost", "how can i pay", "do you take credit cards", "how long is the warranty", "when are you open", "i want to talk to a person",
        "let me talk to somebody", "help", "take it out", "add it to my basket", "i'll take two of them", "is it in stock", "how much is it", "do you have it in another color",
    ];

    /// <param name="given">A merchant's own sentences, as they are said; they come first.</param>
    /// <param name="count">At most.</param>
    /// <returns>As they are said, each once; the same ones for the same catalog and seed.</returns>
    public static IReadOnlyList<string> Of(IEnumerable<Product> products, IReadOnlyList<string> given, int count, int seed)
    {
        var random = Seeds.Random((ulong)seed, 5);
        Product[] all = [.. products];
        random.Shuffle(all);
        string[] titles = [.. all.Take(MostProducts).Select(product => Shortened(PhraseFile.Spoken(product.Title))).Where(title => title.Length > 0).Distinct(StringComparer.Ordinal)];
        string[] kinds = [.. all.SelectMany(KindsOf).GroupBy(kind => kind, StringComparer.Ordinal).OrderByDescending(same => same.Count()).ThenBy(same => same.Key, StringComparer.Ordinal)
            .Take(MostValues).Select(same => same.Key)];
        var phrases = new List<string>(given);
        phrases.AddRange(AskedAlways);
        phrases.AddRange(Enumerable.Range(0, Orders).Select(_ => $"order number {SpokenNumber.Of(random.Next(1_000_000, 10_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture))}"));
        int rest = Math.Max(0, count - phrases.Count);
        for (int i = 0; i < 2 * rest && titles.Length > 0; i++)
        {
            phrases.Add(i % 3 == 2 && kinds.Length > 0 ? Filled(AskedOfKinds, kinds) : Filled(AskedOfProducts, titles));
        }

        return [.. phrases.Select(PhraseFile.Spoken).Where(phrase => phrase.Length is > 0 and <= MostLetters).Distinct(StringComparer.Ordinal).Take(count)];

        string Filled(string[] patterns, string[] words)
        {
            int price = 5 * random.Next(1, 40);
            return string.Format(System.Globalization.CultureInfo.InvariantCulture, patterns[random.Next(patterns.Length)], words[random.Next(words.Length)], price, 2 * price);
        }
    }

    /// <summary>Brand, the last part of the category, colors and other short values.</summary>
    private static IEnumerable<string> KindsOf(Product product)
    {
        string? category = product.Category?.Split('>')[^1];
        foreach (string? value in (string?[])[product.Brand, category, product.Brand is null || category is null ? null : $"{product.Brand} {category}", .. product.Attributes.Values])
        {
            if (value is not null && PhraseFile.Spoken(value) is { Length: > 2 } spoken && spoken.Split(' ').Length <= 3)
            {
                yield return spoken;
            }
        }
    }

    private static string Shortened(string title) => string.Join(' ', title.Split(' ').Take(MostTitleWords));
}
