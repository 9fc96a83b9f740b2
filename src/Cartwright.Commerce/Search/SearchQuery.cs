namespace Cartwright.Commerce.Search;

/// <summary>A query's words, read as the products' are.</summary>
internal sealed class SearchQuery
{
    private const int MaxWords = 32;
    private const char Quote = '"';

    private SearchQuery(IReadOnlyList<QueryWord> words, IReadOnlyList<Phrase> phrases)
    {
        Words = words;
        Phrases = phrases;
    }

    /// <summary>Each once, in the order they were typed.</summary>
    public IReadOnlyList<QueryWord> Words { get; }

    /// <summary>What stood in quotation marks.</summary>
    public IReadOnlyList<Phrase> Phrases { get; }

    public static SearchQuery Read(string text, SearchLanguage language)
    {
        var words = new List<QueryWord>();
        var sink = new QuerySink(words, language);
        Analyzer.Read(text, 0, ref sink, isQuery: true);

        List<Phrase> phrases = ReadPhrases(text, words);

        // Where nothing but joiners was typed they are what is looked for: "the who".
        bool hasOther = words.Exists(word => !word.IsJoiner);
        return new SearchQuery([.. words.DistinctBy(word => word.Text, StringComparer.Ordinal).Take(MaxWords)
            .Select(word => hasOther && !phrases.Exists(phrase => phrase.Words.Contains(word.Text, StringComparer.Ordinal)) ? word : word with { IsJoiner = false })], phrases);
    }

    private static List<Phrase> ReadPhrases(string text, List<QueryWord> words)
    {
        var phrases = new List<Phrase>();
        for (int open = text.IndexOf(Quote); open >= 0;)
        {
            int close = text.IndexOf(Quote, open + 1);
            if (close < 0)
            {
                break;
            }

            string[] inside = [.. words.Take(MaxWords).Where(word => word.Start > open && word.End <= close).Select(word => word.Text)];
            if (inside.Length > 1)
            {
                phrases.Add(new Phrase(text[(open + 1)..close], inside));
            }

            open = text.IndexOf(Quote, close + 1);
        }

        return phrases;
    }

    private readonly struct QuerySink(List<QueryWord> words, SearchLanguage language) : ITokenSink
    {
        public void Take(in Token token)
        {
            if (token.JoinedCount == 0)
            {
                words.Add(new QueryWord(token.Word.ToString(), token.Start, token.End, language.IsJoiner(token.Word)));
                return;
            }

            string joined = token.Word.ToString();
            for (int i = Math.Max(0, words.Count - token.JoinedCount); i < words.Count; i++)
            {
                words[i] = words[i] with { Joined = [.. words[i].Joined, joined] };
            }
        }
    }
}

/// <param name="Text">Folded.</param>
/// <param name="Start">Where it stands in what was typed.</param>
/// <param name="IsJoiner">True for "for" and "with": a product need not have it.</param>
internal sealed record QueryWord(string Text, int Start, int End, bool IsJoiner)
{
    /// <summary>Words that it is a part of when written together: of "wi" and "fi" it is "wifi".</summary>
    public IReadOnlyList<string> Joined { get; init; } = [];

    /// <summary>True for a Chinese, Japanese or Korean letter alone: words that begin with it are meant too.</summary>
    public bool IsLoneIdeograph => Text.Length == 1 && Letters.KindOf(Text[0]) == LetterKind.Ideograph;
}
