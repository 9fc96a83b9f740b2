namespace Cartwright.Commerce.Assistant;

/// <summary>A word of an utterance.</summary>
/// <param name="Start">Character of the text where it begins, without punctuation around it.</param>
/// <param name="Length">Its characters, 1 or more.</param>
/// <param name="Token">Which of the text's space-separated tokens it is or is a part of.</param>
/// <param name="Form">In lower case, with 0 for each digit: "2nd" and "3rd" differ by their letters alone.</param>
internal readonly record struct UtteranceWord(int Start, int Length, int Token, string Form)
{
    /// <summary>The words of a text: what spaces part, and each Chinese, Japanese or Korean character by itself.</summary>
    public static UtteranceWord[] Split(string text)
    {
        var words = new List<UtteranceWord>();
        int token = -1;
        bool isInToken = false;
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ' ';
            if (c != ' ' && !isInToken)
            {
                token++;
            }

            isInToken = c != ' ';
            bool isAlone = IsAlone(c);
            if (start >= 0 && (isAlone || char.IsWhiteSpace(c)))
            {
                Add(words, text, start, i, token);
                start = -1;
            }

            if (isAlone)
            {
                Add(words, text, i, i + 1, token);
            }
            else if (start < 0 && !char.IsWhiteSpace(c))
            {
                start = i;
            }
        }

        return [.. words];
    }

    private static void Add(List<UtteranceWord> words, string text, int start, int end, int token)
    {
        (int from, int to) = (start, end);
        while (from < to && !IsPart(text[from]))
        {
            from++;
        }

        while (to > from && !IsPart(text[to - 1]))
        {
            to--;
        }

        (from, to) = from == to ? (start, end) : (from, to);             // punctuation alone is a word too
        words.Add(new UtteranceWord(from, to - from, token, FormOf(text.AsSpan(from, to - from))));
    }

    private static string FormOf(ReadOnlySpan<char> word)
    {
        Span<char> form = word.Length <= 64 ? stackalloc char[word.Length] : new char[word.Length];
        for (int i = 0; i < word.Length; i++)
        {
            char c = word[i];
            form[i] = char.IsDigit(c) ? '0' : c == '’' ? '\'' : char.ToLowerInvariant(c);
        }

        return new string(form);
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c is '$' or '€' or '£' or '%' or '#';

    /// <summary>Kana, the unified ideographs, Hangul.</summary>
    private static bool IsAlone(char c) => c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7AF') or (>= '\uF900' and <= '\uFAFF');
}
