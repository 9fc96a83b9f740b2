namespace Cartwright.Commerce.Search;

/// <summary>A word of a query and all that it may be read as in an index.</summary>
/// <param name="Readings">Any of them will do; a product counts the one that is worth most to it.</param>
internal sealed record WordMatch(QueryWord Word, IReadOnlyList<Reading> Readings)
{
    /// <summary>What another form of a word counts beside the one that was typed.</summary>
    private const float FormWeight = 0.9f;

    /// <summary>True where some product has it.</summary>
    public bool IsKnown => Readings.Count > 0;

    /// <summary>Products that have it, or more where some have it in several ways.</summary>
    public int DocCount => Readings.Sum(reading => reading.DocCount);

    /// <summary>Finds the word in all its forms, and written together with its neighbors.</summary>
    public static WordMatch Of(IndexView view, QueryWord word)
    {
        var readings = new List<Reading>(1);
        if (word.IsLoneIdeograph)
        {
            Add(readings, Reading.OfBeginning(view, word.Text));
        }
        else
        {
            Add(readings, Reading.OfWord(view, word.Text));
            Reading forms = Reading.OfForms(view, word.Text);
            if (forms.MemberCount > readings.Sum(reading => reading.MemberCount))
            {
                Add(readings, forms with { Weight = readings.Count == 0 ? 1 : FormWeight });
            }
        }

        foreach (string joined in word.Joined)
        {
            Add(readings, Reading.OfForms(view, joined));
        }

        return new WordMatch(word, readings);
    }

    /// <summary>Finds the words that begin so, too.</summary>
    public static WordMatch OfBeginning(IndexView view, QueryWord word)
    {
        var readings = new List<Reading>(2);
        Add(readings, Reading.OfBeginning(view, word.Text));
        return new WordMatch(word, readings);
    }

    private static void Add(List<Reading> readings, Reading reading)
    {
        if (reading.DocCount > 0)
        {
            readings.Add(reading);
        }
    }
}

/// <summary>Words of the index that count as one: the forms of a word, or all that begin so.</summary>
/// <param name="Text">One of them.</param>
/// <param name="Members">Their places in the word list of each segment.</param>
/// <param name="DocCount">Products that have any of them.</param>
internal sealed record Reading(string Text, int[][] Members, int DocCount)
{
    private const int MaxBeginnings = 4096;

    /// <summary>What the reading counts beside the word as it was typed: less for a guess.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>Words, over all segments.</summary>
    public int MemberCount => Members.Sum(words => words.Length);

    /// <summary>The word and those with the same stem.</summary>
    public static Reading OfForms(IndexView view, string text)
    {
        int[][] members = new int[view.Segments.Count][];
        int docCount = 0;
        for (int i = 0; i < members.Length; i++)
        {
            LiveSegment live = view.Segments[i];
            int stem = StemOf(live.Segment, view.Language, text);
            members[i] = stem < 0 ? [] : live.Segment.Stems.Members(stem).ToArray();
            docCount += stem < 0 ? 0 : CountDocs(live, stem, members[i]);
        }

        return new Reading(text, members, docCount);
    }

    /// <summary>The word as it is written, without its other forms.</summary>
    public static Reading OfWord(IndexView view, string text)
    {
        int[][] members = new int[view.Segments.Count][];
        int docCount = 0;
        for (int i = 0; i < members.Length; i++)
        {
            LiveSegment live = view.Segments[i];
            int word = live.Segment.Words.Find(text);
            members[i] = word < 0 ? [] : [word];
            docCount += word < 0 ? 0 : live.LiveDocCount(word);
        }

        return new Reading(text, members, docCount);
    }

    /// <summary>All words that begin so.</summary>
    public static Reading OfBeginning(IndexView view, string text)
    {
        int[][] members = new int[view.Segments.Count][];
        int docCount = 0;
        for (int i = 0; i < members.Length; i++)
        {
            LiveSegment live = view.Segments[i];
            (int from, int to) = live.Segment.Words.Beginning(text);
            members[i] = [.. Enumerable.Range(from, Math.Min(to - from, MaxBeginnings))];
            foreach (int word in members[i])
            {
                docCount += live.LiveDocCount(word);
            }
        }

        return new Reading(text, members, Math.Min(docCount, view.DocCount));
    }

    private static int StemOf(Segment segment, SearchLanguage language, string text)
    {
        if (segment.Words.Find(text) is var known and >= 0)
        {
            return segment.Stems.StemOf[known];
        }

        Span<char> stem = stackalloc char[(2 * Analyzer.MaxWordLength) + 2];
        return segment.Stems.Stems.Find(stem[..language.Stem(text, stem)]);
    }

    private static int CountDocs(LiveSegment live, int stem, int[] members)
        => members.Length == 1 ? live.LiveDocCount(members[0]) : live.HasDead ? live.LiveDocCount(members) : live.Segment.StemDocCounts[stem];
}
