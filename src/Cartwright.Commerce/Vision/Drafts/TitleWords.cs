namespace Cartwright.Commerce.Vision;

/// <summary>The words that titles are read and written with, by number.</summary>
/// <param name="Keys">From number 2 on, as <see cref="Key"/> gives them; 0 ends a title, 1 is every other word.</param>
/// <param name="Spellings">The way the shop mostly spells each.</param>
internal sealed record TitleWords(IReadOnlyList<string> Keys, IReadOnlyList<string> Spellings)
{
    public const int End = 0, Unknown = 1;

    private const int First = 2;
    private const int FewestTitles = 2;
    private const int MostWords = 2_000;

    private readonly Dictionary<string, int> _numbers = Keys.Index().ToDictionary(key => key.Item, key => key.Index + First, StringComparer.Ordinal);

    public int Count => Keys.Count + First;

    /// <summary>The words that two titles have or more; of very many the commonest.</summary>
    public static TitleWords Of(IEnumerable<string> titles)
    {
        var spellings = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        foreach (string word in titles.SelectMany(title => Split(title).DistinctBy(Key, StringComparer.Ordinal)))
        {
            if (!spellings.TryGetValue(Key(word), out Dictionary<string, int>? of))
            {
                spellings[Key(word)] = of = new Dictionary<string, int>(StringComparer.Ordinal);
            }

            of[word] = of.GetValueOrDefault(word) + 1;
        }

        string[] keys = [.. spellings.Select(word => (word.Key, Count: word.Value.Values.Sum())).Where(word => word.Count >= FewestTitles && word.Key.Length > 0)
            .OrderByDescending(word => word.Count).ThenBy(word => word.Key, StringComparer.Ordinal).Take(MostWords).Select(word => word.Key)];
        return new TitleWords(keys, [.. keys.Select(key => spellings[key].OrderByDescending(spelling => spelling.Value).ThenBy(spelling => spelling.Key, StringComparer.Ordinal).First().Key)]);
    }

    /// <summary>A word as it is compared: small letters, without marks at its ends.</summary>
    public static string Key(string word) => word.Trim(',', '.', ';', ':', '!', '(', ')', '"').ToLowerInvariant();

    public static string[] Split(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The numbers of a text's words.</summary>
    public int[] Read(string text) => [.. Split(text).Select(Key).Where(key => key.Length > 0).Select(key => _numbers.GetValueOrDefault(key, Unknown))];

    /// <returns><see cref="Unknown"/> where it is none of them.</returns>
    public int NumberOf(string key) => _numbers.GetValueOrDefault(key, Unknown);

    public string KeyOf(int number) => Keys[number - First];

    public string SpellingOf(int number) => Spellings[number - First];
}
