namespace Cartwright.Commerce.Search;

/// <summary>What the words of a shop are: which endings they lose, and which of them say little.</summary>
/// <param name="code">As the shop says it: "en", "en-GB", "de". English words lose their endings; others stay as they are.</param>
internal sealed class SearchLanguage(string code)
{
    /// <summary>Words that a product need not have: they join the others.</summary>
    private static readonly HashSet<string> Joiners = new(StringComparer.Ordinal)
    {
        "a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "it", "of", "on", "or", "the", "to", "with",
    };

    public string Code { get; } = code;

    public bool IsEnglish { get; } = code.Length == 0 || code.StartsWith("en", StringComparison.OrdinalIgnoreCase);

    /// <param name="stem">Room for the word and one letter more.</param>
    /// <returns>Letters of the stem.</returns>
    public int Stem(ReadOnlySpan<char> word, Span<char> stem)
    {
        if (IsEnglish)
        {
            return EnglishStemmer.Stem(word, stem);
        }

        word.CopyTo(stem);
        return word.Length;
    }

    /// <summary>True for "for" and "with": a product without it may be found.</summary>
    public bool IsJoiner(ReadOnlySpan<char> word) => IsEnglish && Joiners.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
