using System.Text;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>How words are said: as the decoder's dictionary has it, and for names that it lacks by the rules of English spelling.</summary>
internal static class Pronunciations
{
    /// <summary>Spellings and their sounds, the longest that fits first; a rough reading, for names that nobody wrote down.</summary>
    private static readonly (string Letters, string Sounds)[] Rules =
    [
        ("tion", "SH AH N"), ("sion", "ZH AH N"), ("ough", "AO"), ("eigh", "EY"), ("tch", "CH"), ("sch", "SH"), ("igh", "AY"), ("dge", "JH"), ("que", "K"),
        ("ch", "CH"), ("sh", "SH"), ("th", "TH"), ("ph", "F"), ("wh", "W"), ("ck", "K"), ("qu", "K W"), ("ng", "NG"), ("kn", "N"), ("wr", "R"), ("gh", "G"),
        ("ee", "IY"), ("ea", "IY"), ("oo", "UW"), ("ou", "AW"), ("ow", "OW"), ("oa", "OW"), ("oi", "OY"), ("oy", "OY"), ("ai", "EY"), ("ay", "EY"), ("au", "AO"),
        ("aw", "AO"), ("ei", "IY"), ("ie", "IY"), ("ew", "UW"), ("ue", "UW"), ("ar", "AA R"), ("er", "ER"), ("ir", "ER"), ("ur", "ER"), ("or", "AO R"), ("ce", "S"),
        ("bb", "B"), ("cc", "K"), ("dd", "D"), ("ff", "F"), ("gg", "G"), ("kk", "K"), ("ll", "L"), ("mm", "M"), ("nn", "N"), ("pp", "P"), ("rr", "R"), ("ss", "S"), ("tt", "T"), ("zz", "Z"),
        ("a", "AE"), ("b", "B"), ("c", "K"), ("d", "D"), ("e", "EH"), ("f", "F"), ("g", "G"), ("h", "HH"), ("i", "IH"), ("j", "JH"), ("k", "K"), ("l", "L"), ("m", "M"),
        ("n", "N"), ("o", "AA"), ("p", "P"), ("q", "K"), ("r", "R"), ("s", "S"), ("t", "T"), ("u", "AH"), ("v", "V"), ("w", "W"), ("x", "K S"), ("y", "IY"), ("z", "Z"),
    ];

    /// <summary>The lines of a dictionary with these words.</summary>
    /// <param name="words">In small letters.</param>
    /// <param name="dictionary">The decoder's own, in the format of the CMU dictionary.</param>
    public static IEnumerable<string> Lines(IReadOnlySet<string> words, string dictionary)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(dictionary))
        {
            string word = line[..Math.Max(0, line.IndexOfAny([' ', '(']))];
            if (words.Contains(word))
            {
                found.Add(word);
                yield return line;
            }
        }

        foreach (string word in words.Except(found).Order(StringComparer.Ordinal))
        {
            if (Guess(word) is { Length: > 0 } sounds)
            {
                yield return $"{word} {sounds}";
            }
        }
    }

    /// <summary>A word as its spelling has it: "nordvik" is N AO R D V IH K.</summary>
    public static string Guess(string word)
    {
        var sounds = new StringBuilder();
        for (int at = 0; at < word.Length;)
        {
            (string letters, string said) = Array.Find(Rules, rule => string.CompareOrdinal(word, at, rule.Letters, 0, rule.Letters.Length) == 0);
            bool isSilent = letters is null || (letters == "e" && at == word.Length - 1 && sounds.Length > 0);
            at += letters?.Length ?? 1;
            if (!isSilent)
            {
                sounds.Append(sounds.Length > 0 ? " " : "").Append(said);
            }
        }

        return sounds.ToString();
    }
}
