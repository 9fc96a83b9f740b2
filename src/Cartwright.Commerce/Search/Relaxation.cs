using System.Numerics;

namespace Cartwright.Commerce.Search;

/// <summary>What to leave out of a query that nothing answers: as few words as can be; of as many those that were guessed before those that were typed, then the more frequent ones.</summary>
internal static class Relaxation
{
    private const int MaxWords = 32;                      // one bit each

    /// <param name="allows">Whether a product may be in the answer; null where all may.</param>
    /// <param name="findAll">Finds the products that have all of some words.</param>
    public static FoundProducts Find(IndexView view, IReadOnlyList<WordMatch> words, Func<int, bool>? allows,
        Func<IReadOnlyList<WordMatch>, Func<int, bool>?, FoundProducts> findAll)
    {
        uint kept = BestOf(view, words, allows);
        if (kept == 0)
        {
            return new FoundProducts { Words = words };
        }

        FoundProducts found = findAll([.. words.Where((word, i) => IsKept(word, kept, i))], allows);
        found.Relaxed = [.. words.Where((word, i) => !IsKept(word, kept, i)).Select(word => word.Word.Text)];
        return found;
    }

    private static bool IsKept(WordMatch word, uint kept, int i) => word.Word.IsJoiner || (kept & (1u << i)) != 0;

    /// <returns>A bit for each word that some product has together with the others; 0 where no product has any.</returns>
    private static uint BestOf(IndexView view, IReadOnlyList<WordMatch> words, Func<int, bool>? allows)
    {
        uint best = 0;
        double bestWorth = 0;
        var worthOf = new Dictionary<uint, double>();
        for (int place = 0; place < view.Segments.Count; place++)
        {
            LiveSegment live = view.Segments[place];
            uint[] has = WordsOf(live, place, words);
            for (int doc = 0; doc < has.Length; doc++)
            {
                if (has[doc] == 0 || has[doc] == best || live.IsDead(doc))
                {
                    continue;
                }

                if (!worthOf.TryGetValue(has[doc], out double worth))
                {
                    worth = Worth(view, words, has[doc]);
                    worthOf.Add(has[doc], worth);
                }

                if (worth > bestWorth && (allows is null || allows(live.Segment.Products[doc])))
                {
                    best = has[doc];
                    bestWorth = worth;
                }
            }
        }

        return best;
    }

    private static uint[] WordsOf(LiveSegment live, int place, IReadOnlyList<WordMatch> words)
    {
        uint[] has = new uint[live.Segment.DocCount];
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i].Word.IsJoiner)
            {
                continue;
            }

            foreach (int member in words[i].Readings.SelectMany(reading => reading.Members[place]))
            {
                foreach (int doc in live.Segment.DocsOf(member))
                {
                    has[doc] |= 1u << i;
                }
            }
        }

        return has;
    }

    /// <summary>The number of words; of as many those are worth more that stand as they were typed, then the rarer ones.</summary>
    private static double Worth(IndexView view, IReadOnlyList<WordMatch> words, uint has)
    {
        double rarity = 0;
        int typed = 0;
        for (int i = 0; i < words.Count; i++)
        {
            if ((has & (1u << i)) != 0)
            {
                typed += words[i].Readings.Any(reading => reading.Weight >= 1) ? 1 : 0;
                rarity += view.Bm25F.Idf(Math.Min(words[i].DocCount, view.DocCount));
            }
        }

        return (BitOperations.PopCount(has) * (MaxWords + 1)) + typed + (rarity / (rarity + 1));
    }
}
