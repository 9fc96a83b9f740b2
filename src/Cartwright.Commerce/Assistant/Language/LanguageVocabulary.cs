namespace Cartwright.Commerce.Assistant;

/// <summary>Numbers for what a <see cref="UnderstandingNetwork"/> reads and says: words, letters, pieces of sentences, intents, tags.</summary>
internal sealed class LanguageVocabulary
{
    public const int Unknown = 0;

    private const int MostWords = 30_000;
    private const int MostLetters = 200;
    private const int MostGrams = 60_000;
    private const int FewestOfGram = 2;
    private const int ShortestLetters = 3;
    private const int LongestLetters = 5;

    private readonly Dictionary<string, int> _words;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _grams;
    private readonly Dictionary<char, int> _letters;
    private readonly Dictionary<string, int> _intents;
    private readonly Dictionary<string, int> _tags;

    public LanguageVocabulary(SavedLanguageVocabulary saved)
    {
        Saved = saved;
        _words = Numbered(saved.Words, first: Unknown + 1);
        _grams = Numbered(saved.Grams, first: 0).GetAlternateLookup<ReadOnlySpan<char>>();
        _letters = saved.Letters.Select((letter, i) => (letter, i)).ToDictionary(l => l.letter, l => l.i + UtteranceBatch.FirstLetter);
        _intents = Numbered(saved.Intents, first: 0);
        _tags = Numbered(saved.Tags, first: 0);
        OutOfScope = _intents.GetValueOrDefault(ShopIntents.OutOfScope, -1);
    }

    public SavedLanguageVocabulary Saved { get; }

    public IReadOnlyList<string> Intents => Saved.Intents;

    /// <summary>"O" first; nothing else where no slots were learned.</summary>
    public IReadOnlyList<string> Tags => Saved.Tags;

    /// <summary>The intent of what nobody should answer; -1 where none was learned.</summary>
    public int OutOfScope { get; }

    public int WordCount => _words.Count + 1;

    public int LetterCount => _letters.Count + UtteranceBatch.FirstLetter;

    public int GramCount => Saved.Grams.Count;

    public static LanguageVocabulary Learn(IReadOnlyList<UtteranceExample> examples)
    {
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        var letters = new Dictionary<char, int>();
        var grams = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (UtteranceExample example in examples)
        {
            foreach (UtteranceWord word in example.Words)
            {
                words[word.Form] = words.GetValueOrDefault(word.Form) + 1;
                foreach (char letter in word.Form)
                {
                    letters[letter] = letters.GetValueOrDefault(letter) + 1;
                }
            }

            EachGram(example.Words, gram =>
            {
                string key = gram.ToString();
                grams[key] = grams.GetValueOrDefault(key) + 1;
            });
        }

        return new LanguageVocabulary(new SavedLanguageVocabulary(
            [.. MostFrequent(words, MostWords).Select(word => word.Key)],
            [.. MostFrequent(words, MostWords).Select(word => word.Value)],
            string.Concat(letters.OrderByDescending(letter => letter.Value).ThenBy(letter => letter.Key).Take(MostLetters).Select(letter => letter.Key)),
            [.. MostFrequent(grams, MostGrams).Where(gram => gram.Value >= FewestOfGram).Select(gram => gram.Key)],
            [.. examples.Select(example => example.Intent).Distinct().Order(StringComparer.Ordinal)],
            [UtteranceExample.Outside, .. examples.SelectMany(example => example.Tags ?? []).Where(tag => tag != UtteranceExample.Outside).Distinct().Order(StringComparer.Ordinal)]));
    }

    public int Word(string form) => _words.GetValueOrDefault(form, Unknown);

    /// <summary>How often a word was seen; 0 for an unknown one.</summary>
    public int CountOf(int word) => word == Unknown ? 0 : Saved.WordCounts[word - 1];

    public int Letter(char letter) => _letters.GetValueOrDefault(letter, UtteranceBatch.UnknownLetter);

    /// <returns>-1 where the model does not know it.</returns>
    public int Intent(string intent) => _intents.GetValueOrDefault(intent, -1);

    /// <returns>-1 where the model does not know it.</returns>
    public int Tag(string tag) => _tags.GetValueOrDefault(tag, -1);

    /// <summary>The known ones of the pieces of a sentence.</summary>
    public int[] Grams(UtteranceWord[] words)
    {
        var known = new List<int>();
        EachGram(words, gram =>
        {
            if (_grams.TryGetValue(gram, out int id))
            {
                known.Add(id);
            }
        });
        return [.. known];
    }

    /// <summary>Each word, each pair of neighbors, and 3 to 5 letters in a row of each word with its ends marked.</summary>
    /// <remarks>As Bojanowski et al., "Enriching Word Vectors with Subword Information", TACL 2017; a wrong letter leaves the other pieces.</remarks>
    private static void EachGram(UtteranceWord[] words, Action<ReadOnlySpan<char>> visit)
    {
        for (int w = 0; w < words.Length; w++)
        {
            string form = words[w].Form;
            visit($"{form} ");
            visit($"{(w == 0 ? "" : words[w - 1].Form)} {form}");
            ReadOnlySpan<char> marked = $"<{form}>";
            for (int length = ShortestLetters; length <= LongestLetters; length++)
            {
                for (int start = 0; start + length <= marked.Length; start++)
                {
                    visit(marked.Slice(start, length));
                }
            }
        }

        visit($"{(words.Length == 0 ? "" : words[^1].Form)} .");
    }

    private static IEnumerable<KeyValuePair<string, int>> MostFrequent(Dictionary<string, int> counts, int most) =>
        counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).Take(most);

    private static Dictionary<string, int> Numbered(IReadOnlyList<string> names, int first) =>
        names.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i + first, StringComparer.Ordinal);
}

/// <param name="Words">Most frequent first, as all of these.</param>
/// <param name="WordCounts">How often each was seen.</param>
internal sealed record SavedLanguageVocabulary(IReadOnlyList<string> Words, IReadOnlyList<int> WordCounts, string Letters, IReadOnlyList<string> Grams,
    IReadOnlyList<string> Intents, IReadOnlyList<string> Tags);
