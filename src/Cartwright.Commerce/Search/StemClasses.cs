namespace Cartwright.Commerce.Search;

/// <summary>Which words of a list are forms of one: "battery" and "batteries".</summary>
/// <param name="stems">What the forms become.</param>
/// <param name="stemOf">The stem of each word.</param>
/// <param name="memberStart">First member of each stem, and the end of the last.</param>
/// <param name="members">Words, by stem.</param>
internal sealed class StemClasses(WordList stems, int[] stemOf, int[] memberStart, int[] members)
{
    public static StemClasses Empty { get; } = new(WordList.Empty, [], [0], []);

    public WordList Stems => stems;

    public int[] StemOf => stemOf;

    public int[] MemberStart => memberStart;

    public int[] AllMembers => members;

    public long Bytes => stems.Bytes + (sizeof(int) * ((long)stemOf.Length + memberStart.Length + members.Length));

    /// <summary>The words that have a stem.</summary>
    public ReadOnlySpan<int> Members(int stem) => members.AsSpan(memberStart[stem]..memberStart[stem + 1]);

    public static StemClasses Of(WordList words, SearchLanguage language)
    {
        var table = new WordTable();
        int[] firstNumber = new int[words.Count];
        Span<char> stem = stackalloc char[(2 * Analyzer.MaxWordLength) + 2];
        for (int word = 0; word < words.Count; word++)
        {
            firstNumber[word] = table.Add(stem[..language.Stem(words[word], stem)]);
        }

        (WordList stems, int[] order) = table.Sort();
        int[] place = new int[stems.Count];
        for (int i = 0; i < order.Length; i++)
        {
            place[order[i]] = i;
        }

        int[] memberStart = new int[stems.Count + 1];
        int[] stemOf = new int[words.Count];
        for (int word = 0; word < words.Count; word++)
        {
            stemOf[word] = place[firstNumber[word]];
            memberStart[stemOf[word] + 1]++;
        }

        for (int i = 0; i < stems.Count; i++)
        {
            memberStart[i + 1] += memberStart[i];
        }

        int[] members = new int[words.Count];
        int[] next = [.. memberStart];
        for (int word = 0; word < words.Count; word++)
        {
            members[next[stemOf[word]]++] = word;
        }

        return new StemClasses(stems, stemOf, memberStart, members);
    }
}
