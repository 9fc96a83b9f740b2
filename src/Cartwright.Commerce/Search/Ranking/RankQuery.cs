namespace Cartwright.Commerce.Search;

/// <summary>A query as a ranker reads it: the stem of each word, and what a misspelled one was meant to be.</summary>
internal sealed class RankQuery
{
    private RankQuery(string text, RankWord[] words)
    {
        Text = text;
        Words = words;
    }

    public string Text { get; }

    /// <summary>Without those that only join the others, unless there are no others.</summary>
    public RankWord[] Words { get; }

    /// <param name="guess">The word of the shop that an unknown one was meant to be; null where there is none near.</param>
    public static RankQuery Read(string text, RankCatalog catalog, SearchLanguage language, Func<string, string?> guess) =>
        new(text, [.. SearchQuery.Read(text, language).Words.Where(word => !word.IsJoiner).Select(word => Word(word, catalog, guess))]);

    private static RankWord Word(QueryWord word, RankCatalog catalog, Func<string, string?> guess)
    {
        int stem = catalog.StemOf(word.Text);
        int[] joined = [.. word.Joined.Select(text => catalog.StemOf(text)).Where(known => known >= 0)];
        bool isGuess = stem < 0 && joined.Length == 0;
        string read = isGuess ? guess(word.Text) ?? word.Text : word.Text;
        if (isGuess)
        {
            stem = catalog.StemOf(read);
        }

        return new RankWord(word.Text, read, stem, joined, isGuess && stem >= 0, (float)catalog.Idf(stem), word.Text.AsSpan().ContainsAnyInRange('0', '9'));
    }
}

/// <param name="Text">As typed, folded.</param>
/// <param name="Read">What it is read as: itself, or the word it was meant to be.</param>
/// <param name="Stem">-1 where no product has it.</param>
/// <param name="Joined">Stems of what it makes with its neighbors.</param>
/// <param name="IsGuess">Read as another word.</param>
internal sealed record RankWord(string Text, string Read, int Stem, int[] Joined, bool IsGuess, float Idf, bool IsNumber);
