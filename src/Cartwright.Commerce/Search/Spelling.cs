namespace Cartwright.Commerce.Search;

/// <summary>Finds the words of a shop that a word may have been meant to be.</summary>
/// <remarks>
/// Letters inserted, removed, replaced, or swapped with their neighbor (F. Damerau, "A technique for computer detection and correction of
/// spelling errors", 1964). The words are walked in the order of their letters: one shares the rows of the table with the one before it
/// as far as they begin alike, and where no row can lead to few enough edits all words that begin so are passed at once.
/// </remarks>
internal static class Spelling
{
    private const int ShortLength = 3;
    private const int LongLength = 7;
    private const int MaxGuesses = 24;

    /// <summary>Edits that a word may be off: none of two letters, one of few, two of many.</summary>
    public static int MaxEdits(string word) => word.Length < ShortLength ? 0 : word.Length < LongLength ? 1 : 2;

    /// <returns>The words with fewest edits, those that most products have first; none where a word can't be guessed.</returns>
    public static IReadOnlyList<SpellingGuess> Guess(IndexView view, string word)
    {
        for (int edits = 1; edits <= MaxEdits(word); edits++)
        {
            var found = new Dictionary<string, SpellingGuess>(StringComparer.Ordinal);
            foreach (LiveSegment live in view.Segments)
            {
                Walk(live, word, edits, found);
            }

            if (found.Count > 0)
            {
                return [.. found.Values.OrderBy(guess => guess.Edits).ThenByDescending(guess => guess.DocCount).ThenBy(guess => guess.Word, StringComparer.Ordinal).Take(MaxGuesses)];
            }
        }

        return [];
    }

    private static void Walk(LiveSegment live, string word, int most, Dictionary<string, SpellingGuess> found)
    {
        WordList words = live.Segment.Words;
        int width = word.Length + 1;
        const int Depths = (2 * Analyzer.MaxWordLength) + 2;
        Span<byte> rows = stackalloc byte[Depths * (Analyzer.MaxWordLength + 2)];
        for (int i = 0; i < width; i++)
        {
            rows[i] = (byte)i;
        }

        ReadOnlySpan<char> before = [];
        int valid = 0;                                       // letters of the word before whose rows may be used
        for (int at = 0; at < words.Count;)
        {
            ReadOnlySpan<char> letters = words[at];
            int depth = Math.Min(letters.CommonPrefixLength(before), valid);
            bool isHopeless = false;
            while (depth < letters.Length)
            {
                depth++;
                if (Fill(rows, width, word, letters, depth) > most)
                {
                    isHopeless = true;
                    break;
                }
            }

            before = letters;
            valid = depth;
            if (isHopeless)
            {
                at = words.EndOf(letters[..depth], at + 1);
                continue;
            }

            int edits = rows[(depth * width) + word.Length];
            if (edits > 0 && edits <= most && live.LiveDocCount(at) is var count and > 0)
            {
                string text = letters.ToString();
                found[text] = new SpellingGuess(text, edits, count + (found.TryGetValue(text, out SpellingGuess? same) ? same.DocCount : 0));
            }

            at++;
        }
    }

    /// <summary>Fills the row of a letter: the edits from the beginning of the word to the letters so far.</summary>
    /// <returns>The least of the row and the one before it: no longer word that begins so can have fewer, but for a swap.</returns>
    private static int Fill(Span<byte> rows, int width, string word, ReadOnlySpan<char> letters, int depth)
    {
        Span<byte> row = rows.Slice(depth * width, width);
        ReadOnlySpan<byte> above = rows.Slice((depth - 1) * width, width);
        char letter = letters[depth - 1];
        row[0] = (byte)depth;
        int least = depth;
        for (int i = 1; i < width; i++)
        {
            int edits = Math.Min(above[i - 1] + (word[i - 1] == letter ? 0 : 1), Math.Min(above[i], row[i - 1]) + 1);
            if (i > 1 && depth > 1 && word[i - 1] == letters[depth - 2] && word[i - 2] == letter)
            {
                edits = Math.Min(edits, rows[((depth - 2) * width) + i - 2] + 1);
            }

            row[i] = (byte)edits;
            least = Math.Min(least, edits);
        }

        // A swap reads the row before the last one, and costs one.
        int leastAbove = least;
        foreach (byte edits in above)
        {
            leastAbove = Math.Min(leastAbove, edits + 1);
        }

        return leastAbove;
    }
}

/// <param name="Edits">Letters that differ.</param>
/// <param name="DocCount">Products that have it.</param>
internal sealed record SpellingGuess(string Word, int Edits, int DocCount);
