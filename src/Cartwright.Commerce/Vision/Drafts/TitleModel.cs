namespace Cartwright.Commerce.Vision;

/// <summary>A language model of the shop's own titles: how likely each word follows the two before it, in titles of a category and in all.</summary>
/// <remarks>
/// Trigrams down to single words, each order mixed with the next by Witten and Bell's estimate (Chen and Goodman, "An Empirical Study of Smoothing
/// Techniques for Language Modeling", 1999, section 2.4). A context with the category stands above the same one without it. Counting takes a
/// moment, so the model is as new as the catalog.
/// </remarks>
internal sealed class TitleModel
{
    private const int BeamWidth = 12;
    private const int MostWords = 14;
    private const int FewestWords = 2;
    private const double LengthPower = 0.8;
    private const string Start = "\u0002";
    private const string End = "\u0003";
    private const string Any = "\u0001";

    private readonly Dictionary<(string Category, string Before, string Last), Dictionary<string, int>> _followers = [];
    private readonly Dictionary<string, Dictionary<string, int>> _spellings = new(StringComparer.Ordinal);

    /// <param name="titles">With the category of each.</param>
    public TitleModel(IEnumerable<(string Title, string Category)> titles)
    {
        foreach ((string title, string category) in titles)
        {
            string[] words = WordsOf(title);
            TitleCount += words.Length > 0 ? 1 : 0;
            (string before, string last) = (Start, Start);
            foreach (string word in words.Append(End))
            {
                string key = Key(word);
                foreach ((string, string, string) context in Contexts(category, before, last))
                {
                    Count(_followers, context, key);
                }

                Count(_spellings, key, word);
                (before, last) = (last, key);
            }
        }
    }

    /// <summary>Titles that were learned from.</summary>
    public int TitleCount { get; }

    /// <summary>A word as it is compared: small letters, without marks at its ends.</summary>
    public static string Key(string word) => word.Trim(',', '.', ';', ':', '!', '(', ')', '"').ToLowerInvariant();

    public static string[] WordsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The likeliest title of a category whose words are all allowed; null where there is none.</summary>
    /// <param name="allows">Whether a word, as <see cref="Key"/> gives it, may be said.</param>
    /// <param name="wanted">Words that may be said anywhere, even where no title of the shop has them: what stood between may not be allowed.</param>
    /// <param name="worth">What saying one of them adds to the title's score, in log chance.</param>
    public string[]? Write(string category, Func<string, bool> allows, IReadOnlySet<string> wanted, double worth)
    {
        string[] known = [.. wanted.Where(_spellings.ContainsKey).Order(StringComparer.Ordinal)];
        List<Draft> beam = [new([], 0)], whole = [];
        for (int length = 0; length <= MostWords && beam.Count > 0; length++)
        {
            var next = new List<Draft>();
            foreach (Draft draft in beam)
            {
                (string before, string last) = (draft.At(2), draft.At(1));
                foreach (string word in Successors(category, before, last).Union(known, StringComparer.Ordinal))
                {
                    double score = draft.Score + Math.Log(Chance(category, before, last, word));
                    if (word == End && length >= FewestWords)
                    {
                        whole.Add(new Draft(draft.Words, score));
                    }
                    else if (word != End && length < MostWords && !draft.Words.Contains(word, StringComparer.Ordinal) && allows(word))
                    {
                        next.Add(new Draft([.. draft.Words, word], score + (wanted.Contains(word) ? worth : 0)));
                    }
                }
            }

            beam = [.. next.OrderByDescending(draft => draft.Score).ThenBy(draft => string.Join(' ', draft.Words), StringComparer.Ordinal).Take(BeamWidth)];
        }

        return whole.Count == 0 ? null
            : [.. whole.MaxBy(draft => draft.Score / Math.Pow(draft.Words.Length + 1, LengthPower))!.Words];
    }

    /// <summary>The way the shop mostly spells a word.</summary>
    public string Spelled(string word) => _spellings[word].MaxBy(spelling => spelling.Value).Key;

    /// <summary>How likely the word comes next.</summary>
    public double Chance(string category, string before, string last, string word)
    {
        double chance = 1.0 / (_spellings.Count + 1);            // below all contexts: any word
        foreach ((string, string, string) context in Contexts(category, before, last).Reverse())
        {
            if (_followers.TryGetValue(context, out Dictionary<string, int>? followers))
            {
                double total = followers.Values.Sum();
                chance = (followers.GetValueOrDefault(word) + (followers.Count * chance)) / (total + followers.Count);
            }
        }

        return chance;
    }

    private IEnumerable<string> Successors(string category, string before, string last) => Contexts(category, before, last).Take(4)
        .SelectMany(context => _followers.TryGetValue(context, out Dictionary<string, int>? followers) ? followers.Keys : Enumerable.Empty<string>())
        .Distinct(StringComparer.Ordinal);

    /// <summary>From the closest to the widest.</summary>
    private static (string Category, string Before, string Last)[] Contexts(string category, string before, string last) =>
        [(category, before, last), (Any, before, last), (category, Any, last), (Any, Any, last), (category, Any, Any), (Any, Any, Any)];

    private static void Count<TContext>(Dictionary<TContext, Dictionary<string, int>> counts, TContext context, string word)
        where TContext : notnull
    {
        if (!counts.TryGetValue(context, out Dictionary<string, int>? of))
        {
            counts[context] = of = new Dictionary<string, int>(StringComparer.Ordinal);
        }

        of[word] = of.GetValueOrDefault(word) + 1;
    }

    private sealed record Draft(string[] Words, double Score)
    {
        public string At(int fromEnd) => Words.Length >= fromEnd ? Words[^fromEnd] : Start;
    }
}
