using System.Runtime.InteropServices;

namespace Cartwright.Commerce.Search;

/// <summary>Pages of search results as columns: which products were shown for a query, in which order, and which were clicked.</summary>
/// <remarks>Products are numbered together with their query: what attracts for one query says nothing of another. All parts of a log share the numbers.</remarks>
internal sealed class ClickLog
{
    /// <summary>Places of a page that are read; nobody is known to have looked further.</summary>
    public const int MaxRank = 100;

    private const double FirstShare = 0.75;

    private readonly ClickPairs _names;
    private readonly int[] _start;
    private readonly int[] _pair;
    private readonly bool[] _isClicked;

    private ClickLog(ClickPairs names, int[] start, int[] query, int[] session, int[] pair, bool[] isClicked)
    {
        _names = names;
        _start = start;
        Query = query;
        Session = session;
        _pair = pair;
        _isClicked = isClicked;
    }

    /// <summary>Number of each page's query.</summary>
    public int[] Query { get; }

    /// <summary>Number of the session that each page belongs to; a page without one is a session of its own.</summary>
    public int[] Session { get; }

    public int PageCount => Query.Length;

    /// <summary>Pairs of query and product of the whole log, this part's and all others'.</summary>
    public int PairCount => _names.Pairs.Count;

    public int QueryCount => _names.Queries.Count;

    /// <summary>Places of the longest page.</summary>
    public int LongestPage => PageCount == 0 ? 0 : Enumerable.Range(0, PageCount).Max(page => _start[page + 1] - _start[page]);

    /// <summary>Reads searches; pages that show nothing are left out.</summary>
    public static ClickLog Of(IEnumerable<Catalog.Search> searches) => Append(new ClickPairs(), searches);

    /// <summary>Another log whose queries and products have this one's numbers, and new ones where they are new.</summary>
    public ClickLog With(IEnumerable<Catalog.Search> others) => Append(_names, others);

    public ClickPage Page(int page) => new(
        _pair.AsSpan(_start[page], _start[page + 1] - _start[page]), _isClicked.AsSpan(_start[page], _start[page + 1] - _start[page]));

    /// <summary>Some of the pages, in the given order.</summary>
    public ClickLog Part(IReadOnlyList<int> pages)
    {
        var pairs = new List<int>();
        var isClicked = new List<bool>();
        int[] start = new int[pages.Count + 1];
        for (int i = 0; i < pages.Count; i++)
        {
            ClickPage page = Page(pages[i]);
            pairs.AddRange(page.Pairs);
            isClicked.AddRange(page.IsClicked);
            start[i + 1] = pairs.Count;
        }

        return new ClickLog(_names, start, [.. pages.Select(page => Query[page])], [.. pages.Select(page => Session[page])], [.. pairs], [.. isClicked]);
    }

    /// <summary>The first three quarters of the pages, and those of the rest whose query is among them: what attracts for another isn't known yet.</summary>
    public (ClickLog First, ClickLog Later) CutInOrder()
    {
        int cut = (int)(PageCount * FirstShare);
        HashSet<int> known = [.. Query.Take(cut)];
        return (Part([.. Enumerable.Range(0, cut)]), Part([.. Enumerable.Range(cut, PageCount - cut).Where(page => known.Contains(Query[page]))]));
    }

    /// <returns>The number of a query, or -1.</returns>
    public int QueryOf(string query) => _names.Queries.GetValueOrDefault(query, -1);

    /// <summary>The query and the product of each pair, by its number.</summary>
    public IReadOnlyList<(string Query, string Product)> NamesOfPairs()
    {
        string[] queries = [.. _names.Queries.OrderBy(named => named.Value).Select(named => named.Key)];
        return [.. _names.Pairs.OrderBy(named => named.Value).Select(named => (queries[named.Key.Query], named.Key.Product))];
    }

    /// <summary>How often each pair was shown and clicked: [PairCount] both.</summary>
    public (double[] Shown, double[] Clicked) Count()
    {
        var (shown, clicked) = (new double[PairCount], new double[PairCount]);
        for (int row = 0; row < _pair.Length; row++)
        {
            shown[_pair[row]]++;
            clicked[_pair[row]] += _isClicked[row] ? 1 : 0;
        }

        return (shown, clicked);
    }

    private static ClickLog Append(ClickPairs names, IEnumerable<Catalog.Search> searches)
    {
        var (start, query, session) = (new List<int> { 0 }, new List<int>(), new List<int>());
        var (pair, isClicked) = (new List<int>(), new List<bool>());
        var sessions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Catalog.Search search in searches.Where(search => search.Shown.Count > 0))
        {
            int queryNumber = Number(names.Queries, search.Query);
            int first = pair.Count;
            foreach (string product in search.Shown.Take(MaxRank))
            {
                pair.Add(Number(names.Pairs, (queryNumber, product)));
                isClicked.Add(false);
            }

            foreach (int place in search.Clicked.Where(place => place >= 1 && place <= pair.Count - first))
            {
                isClicked[first + place - 1] = true;
            }

            query.Add(queryNumber);
            session.Add(Number(sessions, search.Session ?? $"\n{query.Count}"));
            start.Add(pair.Count);
        }

        return new ClickLog(names, [.. start], [.. query], [.. session], [.. pair], [.. isClicked]);
    }

    private static int Number<T>(Dictionary<T, int> numbers, T named)
        where T : notnull
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, named, out bool isKnown);
        return isKnown ? number : number = numbers.Count - 1;
    }

    /// <summary>The numbers of queries, and of products together with their query.</summary>
    private sealed class ClickPairs
    {
        public Dictionary<string, int> Queries { get; } = new(StringComparer.Ordinal);

        public Dictionary<(int Query, string Product), int> Pairs { get; } = [];
    }
}

/// <param name="pairs">Query and product at each place, from the top.</param>
/// <param name="isClicked">As many.</param>
internal readonly ref struct ClickPage(ReadOnlySpan<int> pairs, ReadOnlySpan<bool> isClicked)
{
    public ReadOnlySpan<int> Pairs { get; } = pairs;

    public ReadOnlySpan<bool> IsClicked { get; } = isClicked;

    /// <summary>From 0; -1 where nothing was clicked.</summary>
    public int LastClick => IsClicked.LastIndexOf(true);
}
