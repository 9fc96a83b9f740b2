using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Writes a title in the shop's words that says nothing but what was predicted.</summary>
/// <remarks>
/// A word may be said where it belongs to a predicted value, to the category, or to the titles of enough look-alikes. A word of any other value that
/// an attribute or a brand of the catalog has, another color, and a word with a digit, is a claim that nobody made, whatever the look-alikes are called.
/// </remarks>
/// <param name="writer">Of the shop's titles.</param>
/// <param name="products">The shop's products.</param>
internal sealed class TitleDraft(TitleWriter writer, IReadOnlyList<Product> products)
{
    private const double LeastSupport = 0.3;

    private static readonly HashSet<string> Small = new(["and", "with", "for", "of", "the", "in", "a", "&", "-", "to", "by", "or", "on"], StringComparer.Ordinal);

    private readonly HashSet<string> _claims = [.. products.SelectMany(product => product.Attributes.Values.Append(product.Brand ?? ""))
        .SelectMany(TitleWords.Split).Select(TitleWords.Key), .. NamedColors.Words];

    /// <param name="attributes">What was predicted of the product.</param>
    /// <param name="colors">What is seen; said only where no attribute speaks of color.</param>
    /// <param name="alike">Look-alikes, with how much each counts.</param>
    /// <returns>Null where none can be written with the words that are allowed.</returns>
    public DraftTitle? Write(PictureTag category, IReadOnlyList<DraftValue> attributes, IReadOnlyList<DraftColor> colors, IReadOnlyList<(Product Product, double Weight)> alike)
    {
        var predicted = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (DraftValue attribute in attributes)
        {
            Predict(attribute.Value, attribute.Confidence);
        }

        DraftColor[] seen = [.. attributes.Any(attribute => attribute.Name.Contains("color", StringComparison.OrdinalIgnoreCase)) ? [] : colors.Take(1)];
        foreach (DraftColor color in seen)
        {
            Predict(color.Name, color.Share * color.Confidence);
        }

        var support = new Dictionary<string, double>(StringComparer.Ordinal);
        double all = alike.Sum(one => one.Weight);
        foreach ((Product product, double weight) in alike.Where(one => TitleTraining.IsTitled(one.Product)))
        {
            foreach (string word in TitleWords.Split(product.Title).Select(TitleWords.Key).Distinct(StringComparer.Ordinal))
            {
                support[word] = support.GetValueOrDefault(word) + (weight / all);
            }
        }

        foreach (string word in category.Label.Split([' ', '>', '-', '/'], StringSplitOptions.RemoveEmptyEntries).Select(TitleWords.Key))
        {
            support[word] = Math.Max(support.GetValueOrDefault(word), category.Chance);
        }

        int[]? title = writer.Write([(TitleFacts.Category, category.Label), .. attributes.Select(attribute => (attribute.Name, attribute.Value))],
            seen.SelectMany(color => TitleWords.Split(color.Name)), Allows);
        return title is null ? null : new DraftTitle(Begun(string.Join(' ', title.Select(writer.Words.SpellingOf)).TrimEnd(',', ';', ':')),
            Math.Round(title.Select(writer.Words.KeyOf).Where(word => !Small.Contains(word)).Select(Sureness).DefaultIfEmpty(0).Average(), 4));

        void Predict(string value, double confidence)
        {
            foreach (string word in TitleWords.Split(value).Select(TitleWords.Key))
            {
                predicted[word] = Math.Max(predicted.GetValueOrDefault(word), confidence);
            }
        }

        bool Allows(string word) => predicted.ContainsKey(word) || Small.Contains(word)
            || (!_claims.Contains(word) && !word.Any(char.IsAsciiDigit) && support.GetValueOrDefault(word) >= LeastSupport);

        double Sureness(string word) => Math.Min(1, Math.Max(predicted.GetValueOrDefault(word), support.GetValueOrDefault(word)));
    }

    /// <summary>With a capital at its beginning, wherever its first word mostly stands.</summary>
    private static string Begun(string title) => string.Concat([char.ToUpperInvariant(title[0])], title.AsSpan(1));
}
