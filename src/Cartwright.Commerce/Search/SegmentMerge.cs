namespace Cartwright.Commerce.Search;

/// <summary>Makes one segment of several, without the products that are gone.</summary>
internal static class SegmentMerge
{
    public static Segment Run(IReadOnlyList<LiveSegment> sources, SearchLanguage language)
    {
        int[][] renumbered = Renumber(sources, out int docCount);
        int room = sources.Sum(source => source.Segment.Docs.Length);
        int[] docs = new int[room];
        uint[] places = new uint[room];
        var many = new List<uint>();
        var letters = new List<char>(sources.Sum(source => source.Segment.Words.Letters.Length));
        var wordStart = new List<int> { 0 };
        var postingStart = new List<int> { 0 };
        int[] next = new int[sources.Count];                 // the word of each source that comes next
        int posting = 0;
        while (FirstOf(sources, next) is var first and >= 0)
        {
            ReadOnlySpan<char> word = sources[first].Segment.Words[next[first]];
            int before = posting;
            for (int i = first; i < sources.Count; i++)
            {
                Segment source = sources[i].Segment;
                if (next[i] < source.Words.Count && source.Words[next[i]].SequenceEqual(word))
                {
                    Copy(source, next[i]++, renumbered[i], docs, places, many, ref posting);
                }
            }

            if (posting > before)
            {
                letters.AddRange(word);
                wordStart.Add(letters.Count);
                postingStart.Add(posting);
            }
        }

        Array.Resize(ref docs, posting);
        Array.Resize(ref places, posting);
        var words = new WordList([.. letters], [.. wordStart]);
        return Gather(sources, renumbered, new Segment
        {
            Words = words, Stems = StemClasses.Of(words, language), PostingStart = [.. postingStart], Docs = docs, Places = places, Many = [.. many],
            Products = new int[docCount], Fingerprints = new ulong[docCount], Lengths = new ushort[docCount * SearchFields.Count],
        });
    }

    /// <returns>The new number of each product of each source; below 0 for one that is gone.</returns>
    private static int[][] Renumber(IReadOnlyList<LiveSegment> sources, out int docCount)
    {
        int[][] renumbered = new int[sources.Count][];
        int count = 0;
        for (int i = 0; i < sources.Count; i++)
        {
            renumbered[i] = new int[sources[i].Segment.DocCount];
            for (int doc = 0; doc < renumbered[i].Length; doc++)
            {
                renumbered[i][doc] = sources[i].IsDead(doc) ? -1 : count++;
            }
        }

        docCount = count;
        return renumbered;
    }

    /// <returns>The source whose next word is the first by its letters; below 0 at the end.</returns>
    private static int FirstOf(IReadOnlyList<LiveSegment> sources, int[] next)
    {
        int first = -1;
        for (int i = 0; i < sources.Count; i++)
        {
            WordList words = sources[i].Segment.Words;
            if (next[i] < words.Count && (first < 0 || words[next[i]].SequenceCompareTo(sources[first].Segment.Words[next[first]]) < 0))
            {
                first = i;
            }
        }

        return first;
    }

    private static void Copy(Segment source, int word, int[] renumbered, int[] docs, uint[] places, List<uint> many, ref int posting)
    {
        for (int from = source.PostingStart[word]; from < source.PostingStart[word + 1]; from++)
        {
            int doc = renumbered[source.Docs[from]];
            if (doc < 0)
            {
                continue;
            }

            uint place = source.Places[from];
            if (Place.IsMany(place))
            {
                ReadOnlySpan<uint> all = source.PlacesOf(from);
                place = Place.Many(many.Count);
                many.Add((uint)all.Length);
                many.AddRange(all);
            }

            docs[posting] = doc;
            places[posting++] = place;
        }
    }

    private static Segment Gather(IReadOnlyList<LiveSegment> sources, int[][] renumbered, Segment merged)
    {
        for (int i = 0; i < sources.Count; i++)
        {
            Segment source = sources[i].Segment;
            for (int doc = 0; doc < source.DocCount; doc++)
            {
                if (renumbered[i][doc] is var at and >= 0)
                {
                    merged.Products[at] = source.Products[doc];
                    merged.Fingerprints[at] = source.Fingerprints[doc];
                    source.Lengths.AsSpan(doc * SearchFields.Count, SearchFields.Count).CopyTo(merged.Lengths.AsSpan(at * SearchFields.Count));
                }
            }
        }

        return merged;
    }
}
