using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>An answer under way.</summary>
internal sealed class Answer
{
    private const int MaxSuggestions = 4;

    private readonly List<ReplySentence> _sentences = [];
    private readonly List<Product> _products = [];
    private readonly List<string> _suggestions = [];

    public IReadOnlyList<ReplySentence> Sentences => _sentences;

    public IReadOnlyList<Product> Products => _products;

    public IReadOnlyList<string> Suggestions => _suggestions;

    public string Text => string.Join(' ', _sentences.Select(sentence => sentence.Text));

    /// <summary>Id of what waits for a person now; null where nothing does.</summary>
    public string? HandOver { get; set; }

    public Answer Say(Sentence sentence)
    {
        _sentences.Add(sentence.Finish());
        return this;
    }

    public Answer Show(params IEnumerable<Product> products)
    {
        _products.AddRange(products.Where(product => _products.TrueForAll(shown => shown.Id != product.Id)));
        return this;
    }

    /// <param name="next">Sentences that a shopper might say next.</param>
    public Answer Suggest(params IEnumerable<string> next)
    {
        _suggestions.AddRange(next.Except(_suggestions).Take(MaxSuggestions - _suggestions.Count));
        return this;
    }
}
