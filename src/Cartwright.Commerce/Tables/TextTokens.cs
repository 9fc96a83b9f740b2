using System.Text;

namespace Cartwright.Commerce.Tables;

/// <summary>Cuts a text into what a model learns by: words, pairs of words, and pieces of words.</summary>
/// <remarks>
/// Pieces are runs of three letters of a word with its ends marked, as in Bojanowski et al., "Enriching Word Vectors with Subword
/// Information", 2017, so that a word never seen says something. Where writing has no spaces (Chinese, Japanese), every
/// sign is a word and pairs of words are what its readers would call one.
/// </remarks>
internal static class TextTokens
{
    private const int PieceLength = 3;
    private const int MostWords = 400;

    /// <summary>Of all tokens of a text, each with its kind's mark before it, repeats included.</summary>
    public static IEnumerable<string> Of(string text)
    {
        List<string> words = Words(text);
        for (int i = 0; i < words.Count; i++)
        {
            yield return words[i];
            if (i > 0)
            {
                yield return $"{words[i - 1]} {words[i]}";
            }

            if (words[i].Length > PieceLength)
            {
                string marked = $"<{words[i]}>";
                for (int start = 0; start + PieceLength <= marked.Length; start++)
                {
                    yield return $"#{marked.AsSpan(start, PieceLength)}";
                }
            }
        }
    }

    /// <summary>Runs of letters, or of digits with their points, in lower case; at most 400.</summary>
    public static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool standsAlone = rune.Value is >= 0x3040 and <= 0x30ff or >= 0x3400 and <= 0x9fff or >= 0xf900 and <= 0xfaff;
            if (!standsAlone && (Rune.IsLetterOrDigit(rune) || (rune.Value is '.' or ',' && word.Length > 0 && char.IsAsciiDigit(word[^1]))))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
                continue;
            }

            End();
            if (standsAlone)
            {
                words.Add(rune.ToString());
            }

            if (words.Count >= MostWords)
            {
                return words;
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString().TrimEnd('.', ','));
                word.Clear();
            }
        }
    }
}
