using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>The words of all products of a shop, kept in memory and up to date.</summary>
/// <remarks>
/// Segments that never change, and a list of them that is replaced as a whole (after O'Neil et al., "The Log-Structured Merge-Tree",
/// 1996): a changed product is a new segment of one, and small segments are merged as they come to be as large as those before them.
/// Readers take <see cref="View"/> and no lock; one thread at a time writes.
/// </remarks>
internal sealed class SearchIndex
{
    /// <summary>Words after which a segment is closed while many products are read: its lists take 12 bytes a word.</summary>
    private const int MaxEntries = 8_000_000;

    /// <summary>A segment is merged with the one before it unless that is this many times larger.</summary>
    private const int MergeRatio = 4;

    private readonly Lock _writing = new();
    private readonly SearchLanguage _language;
    private readonly Dictionary<int, Location> _locations = [];
    private volatile IndexView _view;

    public SearchIndex(SearchLanguage language)
    {
        _language = language;
        _view = new IndexView([], language);
    }

    public IndexView View => _view;

    /// <summary>Adds products, or replaces them; those whose text is as it was cost no more than a look.</summary>
    /// <param name="products">By dense index in the shop.</param>
    public void Put(IEnumerable<(int Index, Product Product)> products, CancellationToken cancellationToken = default)
    {
        lock (_writing)
        {
            var segments = new List<LiveSegment>(_view.Segments);
            var builder = new SegmentBuilder(_language);
            foreach ((int index, Product product) in products)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_locations.TryGetValue(index, out Location at))
                {
                    if (at.Segment.Fingerprints[at.Doc] == ProductText.Fingerprint(product))
                    {
                        continue;
                    }

                    Kill(segments, at);
                }

                builder.Add(index, product);
                if (builder.EntryCount > MaxEntries)
                {
                    Append(segments, builder.Build());
                    builder = new SegmentBuilder(_language);
                }
            }

            Append(segments, builder.Build());
            if (!segments.SequenceEqual(_view.Segments))
            {
                Merge(segments);
                _view = new IndexView(segments, _language);
            }
        }
    }

    /// <summary>Takes a product out, if it is there.</summary>
    public void Remove(int index)
    {
        lock (_writing)
        {
            if (_locations.Remove(index, out Location at))
            {
                var segments = new List<LiveSegment>(_view.Segments);
                Kill(segments, at);
                Merge(segments);
                _view = new IndexView(segments, _language);
            }
        }
    }

    /// <summary>Takes over segments that were made elsewhere, before anything is put.</summary>
    public void Adopt(IEnumerable<LiveSegment> segments)
    {
        lock (_writing)
        {
            var adopted = segments.Where(live => live.LiveCount > 0).ToList();
            foreach (LiveSegment live in adopted)
            {
                Locate(live);
            }

            Merge(adopted);
            _view = new IndexView(adopted, _language);
        }
    }

    private void Append(List<LiveSegment> segments, Segment segment)
    {
        if (segment.DocCount > 0)
        {
            var live = new LiveSegment(segment);
            segments.Add(live);
            Locate(live);
        }
    }

    private void Merge(List<LiveSegment> segments)
    {
        segments.RemoveAll(live => live.LiveCount == 0);
        for (int last = segments.Count - 1; last > 0; last--)
        {
            if (segments[last].LiveCount * MergeRatio >= segments[last - 1].LiveCount)
            {
                var merged = new LiveSegment(SegmentMerge.Run([segments[last - 1], segments[last]], _language));
                segments.RemoveRange(last - 1, 2);
                segments.Insert(last - 1, merged);
                Locate(merged);
            }
        }

        // Products that are gone are read over in each query; when they are many the segment is written without them.
        for (int i = 0; i < segments.Count; i++)
        {
            if (segments[i].LiveCount * MergeRatio < segments[i].Segment.DocCount * (MergeRatio - 1))
            {
                segments[i] = new LiveSegment(SegmentMerge.Run([segments[i]], _language));
                Locate(segments[i]);
            }
        }
    }

    private void Locate(LiveSegment live)
    {
        for (int doc = 0; doc < live.Segment.DocCount; doc++)
        {
            if (!live.IsDead(doc))
            {
                _locations[live.Segment.Products[doc]] = new Location(live.Segment, doc);
            }
        }
    }

    private static void Kill(List<LiveSegment> segments, Location at)
    {
        int i = segments.FindIndex(live => live.Segment == at.Segment);
        segments[i] = segments[i].Without(at.Doc);
    }

    /// <summary>Where a product is.</summary>
    private readonly record struct Location(Segment Segment, int Doc);
}
