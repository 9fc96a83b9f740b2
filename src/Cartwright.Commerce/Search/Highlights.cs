using System.Net;
using System.Text;

namespace Cartwright.Commerce.Search;

/// <summary>Marks the found words in a text, as HTML.</summary>
/// <param name="words">Folded.</param>
internal sealed class Highlights(IReadOnlySet<string> words)
{
    private const string Open = "<mark>";
    private const string Close = "</mark>";

    /// <summary>Letters before the first word found in a snippet, and of the whole of it.</summary>
    private const int SnippetLead = 40;
    private const int SnippetLength = 160;

    /// <summary>The words that the query was read as, in all segments.</summary>
    public static Highlights Of(IndexView view, IReadOnlyList<WordMatch> matches)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (Reading reading in matches.SelectMany(match => match.Readings))
        {
            for (int place = 0; place < reading.Members.Length; place++)
            {
                foreach (int member in reading.Members[place])
                {
                    words.Add(view.Segments[place].Segment.Words[member].ToString());
                }
            }
        }

        return new Highlights(words);
    }

    /// <summary>The whole text, escaped, with the words marked.</summary>
    public string Mark(string text) => Mark(text, Find(text), 0, text.Length);

    /// <summary>A piece of the text around the first word that was found; null where none is in it.</summary>
    public string? Snippet(string? text)
    {
        if (string.IsNullOrEmpty(text) || Find(text) is not { Count: > 0 } found)
        {
            return null;
        }

        int start = Math.Max(0, found[0].Start - SnippetLead);
        start = start == 0 ? 0 : text.IndexOf(' ', start) is var space && space >= 0 && space < found[0].Start ? space + 1 : start;
        int end = Math.Min(text.Length, start + SnippetLength);
        int cut = end == text.Length ? end : text.LastIndexOf(' ', end - 1, end - start);
        end = cut > found[0].End ? cut : end;
        return (start > 0 ? "… " : "") + Mark(text, found, start, end) + (end < text.Length ? " …" : "");
    }

    private static string Mark(string text, List<(int Start, int End)> found, int start, int end)
    {
        var html = new StringBuilder();
        int at = start;
        foreach ((int from, int to) in found)
        {
            if (from < at || to > end)
            {
                continue;
            }

            html.Append(WebUtility.HtmlEncode(text[at..from])).Append(Open).Append(WebUtility.HtmlEncode(text[from..to])).Append(Close);
            at = to;
        }

        return html.Append(WebUtility.HtmlEncode(text[at..end])).ToString();
    }

    /// <returns>Where words stand that were found, in order, none inside another.</returns>
    private List<(int Start, int End)> Find(string text)
    {
        var found = new List<(int Start, int End)>();
        var sink = new MarkSink(words, found);
        Analyzer.Read(text, 0, ref sink);
        found.Sort();
        var apart = new List<(int Start, int End)>(found.Count);
        foreach ((int start, int end) in found)
        {
            if (apart.Count > 0 && start < apart[^1].End)
            {
                apart[^1] = (apart[^1].Start, Math.Max(apart[^1].End, end));
            }
            else
            {
                apart.Add((start, end));
            }
        }

        return apart;
    }

    private readonly struct MarkSink(IReadOnlySet<string> words, List<(int Start, int End)> found) : ITokenSink
    {
        public void Take(in Token token)
        {
            if (words.Contains(token.Word.ToString()))
            {
                found.Add((token.Start, token.End));
            }
        }
    }
}
