namespace Cartwright.Commerce.Search;

/// <summary>How a query that is being typed may go on: with words that products have together with those typed before.</summary>
/// <param name="view">The index as it is now.</param>
/// <param name="allows">Whether a product may be found.</param>
internal sealed class Completions(IndexView view, Func<int, bool> allows)
{
    /// <summary>Words that begin as typed and are looked at, at most, in each segment.</summary>
    private const int MaxCandidates = 20_000;

    /// <summary>A letter alone completes nothing.</summary>
    private const int MinLength = 2;

    private readonly QueryReading<Bm25F> _reading = new(view, view.Bm25F);

    public IReadOnlyList<Completion> Of(string typed, int count)
    {
        SearchQuery query = SearchQuery.Read(typed, view.Language);
        if (query.Words.Count == 0)
        {
            return [];
        }

        bool isOpen = Letters.KindOf(typed[^1]) is LetterKind.Separator or LetterKind.Mark;
        QueryWord? last = isOpen ? null : query.Words[^1];
        string before = last is null ? typed.TrimEnd() + " " : typed[..last.Start];
        var had = query.Words.Where(word => word != last).Select(word => word.Text).ToHashSet(StringComparer.Ordinal);
        var completions = new List<Completion>(count);
        foreach (string word in Candidates(last?.Text ?? "", before).Where(word => word.Length >= MinLength && !had.Contains(word)))
        {
            string text = before + word;
            if (_reading.Find(SearchQuery.Read(text, view.Language), corrects: false, isAsYouType: false, allows) is { Relaxed: [], Count: > 0 } found)
            {
                completions.Add(new Completion(text, found.Count));
            }

            if (completions.Count == count)
            {
                break;
            }
        }

        return [.. completions.OrderByDescending(completion => completion.ProductCount).ThenBy(completion => completion.Text, StringComparer.Ordinal)];
    }

    /// <summary>Words that begin so, those first that most products have together with the words before.</summary>
    private IEnumerable<string> Candidates(string beginning, string before)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        SearchQuery context = SearchQuery.Read(before, view.Language);
        FoundProducts? found = context.Words.Count == 0 ? null : _reading.Find(context, corrects: false, isAsYouType: false, allows);
        HashSet<int>? products = found is null ? null : [.. found.Products];
        foreach (LiveSegment live in view.Segments)
        {
            Segment segment = live.Segment;
            (int from, int to) = segment.Words.Beginning(beginning);
            for (int word = from; word < Math.Min(to, from + MaxCandidates); word++)
            {
                int count = 0;
                for (int posting = segment.PostingStart[word]; posting < segment.PostingStart[word + 1]; posting++)
                {
                    int doc = segment.Docs[posting];
                    count += !live.IsDead(doc) && IsNaming(segment, posting) && (products is null || products.Contains(segment.Products[doc])) ? 1 : 0;
                }

                if (count > 0)
                {
                    string text = segment.Words[word].ToString();
                    counts[text] = counts.GetValueOrDefault(text) + count;
                }
            }
        }

        return counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key);
    }

    /// <summary>True where the word says what the product is; a description says much else.</summary>
    private static bool IsNaming(Segment segment, int posting)
    {
        foreach (uint place in segment.PlacesOf(posting))
        {
            if (Place.Field(place) <= (int)SearchField.Tags)
            {
                return true;
            }
        }

        return false;
    }
}
