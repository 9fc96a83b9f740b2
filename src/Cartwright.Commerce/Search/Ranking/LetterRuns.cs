namespace Cartwright.Commerce.Search;

/// <summary>Runs of three letters, so that words that are written almost alike are found to be.</summary>
internal static class LetterRuns
{
    /// <summary>Numbers of the runs of a word, its ends marked, rising and each once: "pan" has _pa, pan, an_.</summary>
    public static int[] Of(ReadOnlySpan<char> word)
    {
        Span<int> runs = word.Length <= 256 ? stackalloc int[word.Length] : new int[word.Length];
        for (int i = 0; i < word.Length; i++)
        {
            runs[i] = (((i == 0 ? '_' : word[i - 1]) * 31) + word[i]) * 31 + (i + 1 == word.Length ? '_' : word[i + 1]);
        }

        runs.Sort();
        int count = 0;
        for (int i = 0; i < runs.Length; i++)
        {
            if (i == 0 || runs[i] != runs[count - 1])
            {
                runs[count++] = runs[i];
            }
        }

        return runs[..count].ToArray();
    }

    /// <summary>How many two words share.</summary>
    public static int Shared(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        (int i, int j, int shared) = (0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            int order = a[i].CompareTo(b[j]);
            shared += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return shared;
    }

    /// <summary>Twice what they share over what both have: 1 for the same, 0 for nothing shared (Dice, 1945).</summary>
    public static float Alike(ReadOnlySpan<int> a, ReadOnlySpan<int> b) => a.Length + b.Length == 0 ? 0 : 2f * Shared(a, b) / (a.Length + b.Length);
}
