using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>A piece of a sentence that stands in a record.</summary>
internal readonly record struct Fact(FactSource Source)
{
    public static Fact Of(string kind, string id, string field, string value) => new(new FactSource(kind, id, field, value));

    public static Fact Title(Product product) => Of(FactSource.Product, product.Id, "title", product.Name);

    /// <param name="currency">ISO 4217 code.</param>
    public static Fact Price(Product product, string currency) => Of(FactSource.Product, product.Id, "price", Money(product.Price ?? 0, currency));

    public static Fact Stock(Product product) => Of(FactSource.Product, product.Id, "stock", Count(product.Stock ?? 0));

    public static Fact Attribute(Product product, string name) => Of(FactSource.Product, product.Id, name, product.Attributes[name]);

    /// <summary>The shopper's own words, said back.</summary>
    public static Fact Said(Conversation conversation, string words) => Of(FactSource.Search, conversation.Id, "words", words);

    public static Fact Found(Conversation conversation, int count) => Of(FactSource.Search, conversation.Id, "total", Count(count));

    /// <summary>"1,299.50 EUR".</summary>
    public static string Money(decimal amount, string currency)
        => string.Create(CultureInfo.InvariantCulture, $"{amount:#,0.00######} {currency}");

    public static string Count(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>"3 January 2026".</summary>
    public static string Day(DateTimeOffset at) => at.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}

/// <summary>A sentence as it is written in code: what stands between the quotation marks states nothing, and what is put in is a <see cref="Fact"/> with its record.</summary>
/// <remarks>It takes facts only, so a name, a number or a date without a source does not compile.</remarks>
[InterpolatedStringHandler]
internal sealed class Sentence(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (16 * formattedCount));
    private readonly List<FactSource> _sources = new(formattedCount);

    public void AppendLiteral(string words) => _text.Append(words);

    public void AppendFormatted(Fact fact)
    {
        _text.Append(fact.Source.Value);
        _sources.Add(fact.Source);
    }

    /// <summary>Facts in a row: "a, b and c".</summary>
    public void AppendFormatted(IReadOnlyList<Fact> facts)
    {
        for (int i = 0; i < facts.Count; i++)
        {
            _text.Append(i == 0 ? "" : i == facts.Count - 1 ? " and " : ", ");
            AppendFormatted(facts[i]);
        }
    }

    /// <summary>Another sentence's part, with its sources.</summary>
    public void AppendFormatted(Sentence part)
    {
        _text.Append(part._text);
        _sources.AddRange(part._sources);
    }

    /// <summary>Parts in a row: "a, b and c".</summary>
    public void AppendFormatted(IReadOnlyList<Sentence> parts)
    {
        for (int i = 0; i < parts.Count; i++)
        {
            _text.Append(i == 0 ? "" : i == parts.Count - 1 ? " and " : ", ");
            AppendFormatted(parts[i]);
        }
    }

    public static Sentence Of(Sentence sentence) => sentence;

    public ReplySentence Finish() => new(_text.ToString(), _sources);
}
