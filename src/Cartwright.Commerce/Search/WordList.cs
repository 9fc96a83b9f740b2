namespace Cartwright.Commerce.Search;

/// <summary>Words in the order of their letters, one behind the other in one array.</summary>
/// <param name="letters">All of them.</param>
/// <param name="start">First letter of each word, and the end of the last.</param>
internal sealed class WordList(char[] letters, int[] start)
{
    public static WordList Empty { get; } = new([], [0]);

    public int Count => start.Length - 1;

    public ReadOnlySpan<char> this[int word] => letters.AsSpan(start[word]..start[word + 1]);

    public char[] Letters => letters;

    public int[] Start => start;

    public long Bytes => (sizeof(char) * (long)letters.Length) + (sizeof(int) * (long)start.Length);

    /// <returns>The word's place; the complement of where it would stand if it is not there.</returns>
    public int Find(ReadOnlySpan<char> word)
    {
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = this[middle].SequenceCompareTo(word);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    /// <summary>The words that begin so: from the first to before the second.</summary>
    public (int From, int To) Beginning(ReadOnlySpan<char> prefix)
    {
        int from = Find(prefix);
        from = from < 0 ? ~from : from;
        return (from, EndOf(prefix, from));
    }

    /// <summary>The first word at or behind <paramref name="from"/> that does not begin so.</summary>
    public int EndOf(ReadOnlySpan<char> prefix, int from)
    {
        // Near in most cases: steps that double, then halves.
        int step = 1;
        int low = from;
        while (low + step <= Count && this[low + step - 1].StartsWith(prefix))
        {
            low += step;
            step *= 2;
        }

        int high = Math.Min(low + step, Count);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (this[middle].StartsWith(prefix))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
