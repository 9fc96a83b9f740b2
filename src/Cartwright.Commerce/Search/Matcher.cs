using System.Buffers;

namespace Cartwright.Commerce.Search;

/// <summary>Finds the products of a segment that have the words of a query, and scores them.</summary>
/// <remarks>
/// Word after word over the products that are left: a short list of candidates jumps through a long list of postings, a long one is
/// read beside it. Every product that has the words is scored, since an answer counts all of them.
/// </remarks>
internal sealed class Matcher : IDisposable
{
    /// <summary>How many times longer the postings must be before jumping through them is quicker than reading them.</summary>
    private const int JumpRatio = 16;

    private readonly LiveSegment _live;
    private readonly Segment _segment;
    private readonly int _place;
    private readonly int[] _slots;
    private int[] _docs;
    private float[] _scores;
    private float[] _weights;
    private float[] _best;
    private int _count;

    /// <param name="place">Of the segment in the view.</param>
    public Matcher(LiveSegment live, int place)
    {
        _live = live;
        _segment = live.Segment;
        _place = place;
        int room = _segment.DocCount;
        _slots = ArrayPool<int>.Shared.Rent(room);
        _slots.AsSpan(0, room).Clear();
        _docs = ArrayPool<int>.Shared.Rent(room);
        _scores = ArrayPool<float>.Shared.Rent(room);
        _weights = ArrayPool<float>.Shared.Rent(room);
        _best = ArrayPool<float>.Shared.Rent(room);
    }

    /// <summary>The products that were found, by their number in the segment, and their scores.</summary>
    public ReadOnlySpan<int> Docs => _docs.AsSpan(0, _count);

    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count);

    /// <summary>Finds the products that have all of <paramref name="required"/>; <paramref name="optional"/> words add to the score.</summary>
    public void FindAll<TScorer>(IReadOnlyList<WordMatch> required, IReadOnlyList<WordMatch> optional, TScorer scorer)
        where TScorer : struct, IWordScorer
    {
        bool isFirst = true;
        foreach (WordMatch word in required.OrderBy(PostingCount))
        {
            if (isFirst)
            {
                Collect(word);
                isFirst = false;
            }

            Weigh(word, scorer);
            Keep(_best);
            if (_count == 0)
            {
                return;
            }
        }

        foreach (WordMatch word in optional)
        {
            Weigh(word, scorer);
            for (int slot = 0; slot < _count; slot++)
            {
                _scores[slot] += _best[slot];
            }
        }
    }

    /// <summary>Drops the products that are not so, by their number in the segment.</summary>
    public void Where(Func<int, bool> isSo)
    {
        for (int slot = 0; slot < _count; slot++)
        {
            _best[slot] = isSo(_docs[slot]) ? 1 : 0;
            _weights[slot] = 0;
        }

        Keep(_weights);
    }

    /// <summary>Finds the products that have any of the words.</summary>
    public void FindAny<TScorer>(IReadOnlyList<WordMatch> words, TScorer scorer)
        where TScorer : struct, IWordScorer
    {
        foreach (WordMatch word in words)
        {
            Collect(word);
        }

        foreach (WordMatch word in words)
        {
            Weigh(word, scorer);
            for (int slot = 0; slot < _count; slot++)
            {
                _scores[slot] += _best[slot];
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_slots);
        ArrayPool<int>.Shared.Return(_docs);
        ArrayPool<float>.Shared.Return(_scores);
        ArrayPool<float>.Shared.Return(_weights);
        ArrayPool<float>.Shared.Return(_best);
    }

    /// <summary>Makes candidates of the products that have a word.</summary>
    private void Collect(WordMatch word)
    {
        foreach (Reading reading in word.Readings)
        {
            foreach (int member in reading.Members[_place])
            {
                foreach (int doc in _segment.DocsOf(member))
                {
                    if (_slots[doc] == 0 && !_live.IsDead(doc))
                    {
                        _docs[_count] = doc;
                        _scores[_count] = 0;
                        _slots[doc] = ++_count;
                    }
                }
            }
        }
    }

    /// <summary>What a word is worth to each candidate, into <see cref="_best"/>; 0 where it does not have it.</summary>
    private void Weigh<TScorer>(WordMatch word, TScorer scorer)
        where TScorer : struct, IWordScorer
    {
        Span<float> best = _best.AsSpan(0, _count);
        best.Clear();
        foreach (Reading reading in word.Readings)
        {
            Span<float> weights = _weights.AsSpan(0, _count);
            weights.Clear();
            foreach (int member in reading.Members[_place])
            {
                AddOccurrences(member, weights, scorer);
            }

            float idf = scorer.Idf(reading.DocCount);
            for (int slot = 0; slot < weights.Length; slot++)
            {
                if (weights[slot] > 0)
                {
                    best[slot] = Math.Max(best[slot], reading.Weight * scorer.Score(_segment, _docs[slot], weights[slot], idf));
                }
            }
        }
    }

    private void AddOccurrences<TScorer>(int member, Span<float> weights, TScorer scorer)
        where TScorer : struct, IWordScorer
    {
        int start = _segment.PostingStart[member];
        ReadOnlySpan<int> docs = _segment.DocsOf(member);
        if (docs.Length > weights.Length * JumpRatio)
        {
            for (int slot = 0; slot < weights.Length; slot++)
            {
                int at = docs.BinarySearch(_docs[slot]);
                if (at >= 0)
                {
                    weights[slot] += WeighPosting(start + at, _docs[slot], scorer);
                }
            }

            return;
        }

        for (int at = 0; at < docs.Length; at++)
        {
            int slot = _slots[docs[at]] - 1;
            if (slot >= 0)
            {
                weights[slot] += WeighPosting(start + at, docs[at], scorer);
            }
        }
    }

    private float WeighPosting<TScorer>(int posting, int doc, TScorer scorer)
        where TScorer : struct, IWordScorer
    {
        uint place = _segment.Places[posting];
        if (!Place.IsMany(place))
        {
            return scorer.Weigh(_segment, doc, Place.Field(place));
        }

        float weight = 0;
        foreach (uint each in _segment.PlacesOf(posting))
        {
            weight += scorer.Weigh(_segment, doc, Place.Field(each));
        }

        return weight;
    }

    /// <summary>Drops the candidates that <see cref="_best"/> is 0 for, and adds a worth to the others.</summary>
    private void Keep(float[] worth)
    {
        int kept = 0;
        for (int slot = 0; slot < _count; slot++)
        {
            int doc = _docs[slot];
            if (_best[slot] > 0)
            {
                _docs[kept] = doc;
                _scores[kept] = _scores[slot] + worth[slot];
                _slots[doc] = ++kept;
            }
            else
            {
                _slots[doc] = 0;
            }
        }

        _count = kept;
    }

    private long PostingCount(WordMatch word)
    {
        long count = 0;
        foreach (Reading reading in word.Readings)
        {
            foreach (int member in reading.Members[_place])
            {
                count += _segment.DocsOf(member).Length;
            }
        }

        return count;
    }
}
