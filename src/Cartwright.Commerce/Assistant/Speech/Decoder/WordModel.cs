using System.Globalization;
using System.Text;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>A language model of words in ARPA's format: three words at most, learned from phrases.</summary>
/// <remarks>
/// Witten and Bell's weights (1991) in Katz's form, "Estimation of Probabilities from Sparse Data", 1987: what was seen has its share, the rest goes to
/// the shorter run. Format as in Doug Paul and Janet Baker, "The Design for the Wall Street Journal-based CSR Corpus", 1992.
/// </remarks>
internal static class WordModel
{
    private const string Start = "<s>";
    private const string End = "</s>";
    private const int Longest = 3;
    private const double Never = -99;

    /// <param name="phrases">As they are said; words that the decoder's dictionary lacks may not be among them.</param>
    public static string Arpa(IEnumerable<string> phrases)
    {
        // Of each run of words but its last, how often each word came behind it. The words of a run stand in the order they are said.
        var followers = new Dictionary<string, SortedDictionary<string, int>>(StringComparer.Ordinal);
        foreach (string phrase in phrases)
        {
            string[] words = [Start, .. phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries), End];
            for (int i = 1; i < words.Length; i++)
            {
                for (int length = 0; length < Longest && length <= i; length++)
                {
                    string context = string.Join(' ', words[(i - length)..i]);
                    if (!followers.TryGetValue(context, out SortedDictionary<string, int>? of))
                    {
                        followers[context] = of = new SortedDictionary<string, int>(StringComparer.Ordinal);
                    }

                    of[words[i]] = of.GetValueOrDefault(words[i]) + 1;
                }
            }
        }

        var runs = new List<string>[Longest];
        for (int length = 0; length < Longest; length++)
        {
            runs[length] = [];
            foreach ((string context, SortedDictionary<string, int> of) in followers.Where(pair => LengthOf(pair.Key) == length).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                double total = of.Values.Sum() + of.Count;
                foreach ((string word, int count) in of)
                {
                    string run = context.Length == 0 ? word : $"{context} {word}";
                    runs[length].Add(Line(Math.Log10((length == 0 ? count + 1 : count) / total), run, BackOff(run, followers, length)));
                }
            }
        }

        runs[0].Add(Line(Never, Start, BackOff(Start, followers, 0)));
        var arpa = new StringBuilder("\\data\\\n");
        foreach ((int length, List<string> lines) in runs.Index())
        {
            arpa.Append(CultureInfo.InvariantCulture, $"ngram {length + 1}={lines.Count}\n");
        }

        foreach ((int length, List<string> lines) in runs.Index())
        {
            arpa.Append(CultureInfo.InvariantCulture, $"\n\\{length + 1}-grams:\n").AppendJoin('\n', lines).Append('\n');
        }

        return arpa.Append("\n\\end\\\n").ToString();
    }

    /// <summary>log10 of what a run leaves to words never seen behind it, over what the shorter run gives to those; null where nothing was seen behind it.</summary>
    private static double? BackOff(string run, Dictionary<string, SortedDictionary<string, int>> followers, int length)
    {
        if (length >= Longest - 1 || !followers.TryGetValue(run, out SortedDictionary<string, int>? of))
        {
            return length >= Longest - 1 ? null : 0;
        }

        int space = run.IndexOf(' ', StringComparison.Ordinal);
        SortedDictionary<string, int> shorter = followers[space < 0 ? "" : run[(space + 1)..]];
        double shorterTotal = shorter.Values.Sum() + shorter.Count;
        double given = of.Keys.Sum(word => (shorter[word] + (space < 0 ? 1 : 0)) / shorterTotal);
        double left = of.Count / (double)(of.Values.Sum() + of.Count);
        return given >= 1 - 1e-9 ? 0 : Math.Log10(left / (1 - given));
    }

    private static int LengthOf(string context) => context.Length == 0 ? 0 : context.Count(letter => letter == ' ') + 1;

    private static string Line(double log, string run, double? backOff) => backOff is { } weight
        ? string.Create(CultureInfo.InvariantCulture, $"{log:0.0000} {run} {weight:0.0000}")
        : string.Create(CultureInfo.InvariantCulture, $"{log:0.0000} {run}");
}
