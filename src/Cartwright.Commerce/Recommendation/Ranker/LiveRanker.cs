using System.Collections.Concurrent;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A ranker bound to the products that the shop has now: reorders the first candidates of a list before diversity and rules.</summary>
/// <remarks>It keeps what it read of each product's record, some hundred bytes, and reads again where the record was replaced.</remarks>
internal sealed class LiveRanker
{
    private readonly LiveShop _shop;
    private readonly KeptRanker _kept;
    private readonly float[] _popularity;
    private readonly ConcurrentDictionary<int, (Product Of, ClickProduct Read)> _read = new();

    public LiveRanker(LiveShop shop, KeptRanker kept)
    {
        (_shop, _kept) = (shop, kept);
        Sequences steps = SequenceReader.ByShopper(shop.Snapshot, Enum.GetValues<InteractionKind>().Where(kind => kind.IsInterest()).ToHashSet(), merged: true);
        _popularity = StepShares.Of(steps, long.MaxValue, shop.Snapshot.Products.Count);
    }

    public string Version => _kept.Version;

    /// <summary>Why it leaves a list as it is; null where it can reorder what this ranker puts first.</summary>
    public string? WhyResting(IRanker ranker) => ranker is TrainedRanker trained && trained.Generators.SequenceEqual(_kept.Ranker.Generators, StringComparer.Ordinal) ? null
        : $"The pipeline's ranker {Version} learned behind {string.Join(", ", _kept.Ranker.Generators)} and rests, since {ranker.Model} ranks. "
            + "Train a ranker for the version in service.";

    /// <summary>Products that the shop had when it was bound.</summary>
    public int ProductCount => _shop.Products.Count;

    /// <summary>Deals the scores of the first candidates anew, in its order.</summary>
    /// <param name="ranker">Who scored; one that it does not rest behind.</param>
    /// <param name="pool">Candidates that may be shown, by falling score.</param>
    /// <param name="scores">By live index; changed in place.</param>
    /// <param name="rows">What <paramref name="ranker"/> kept when it made them.</param>
    /// <param name="stages">Filled with what each score gained, where it is given.</param>
    /// <returns>The chance of each candidate that the shopper clicks it when looking at it; and who tells what carries its place.</returns>
    public (IReadOnlyDictionary<int, double> Chances, IRanker Explained) Reorder(TrainedRanker ranker, Steps history, int[] pool, Span<float> scores, ReadOnlySpan<float> rows, DateTimeOffset now,
        StageLog? stages)
    {
        (float[] totals, float[] logits) = Read(ranker, history, pool, scores, rows, now);
        float[] before = new float[pool.Length];
        for (int i = 0; i < pool.Length; i++)
        {
            before[i] = scores[pool[i]];
        }

        Reordering.Deal(scores, pool, Reordering.Order(totals, logits, _kept.Share));
        var chances = new Dictionary<int, double>(pool.Length);
        for (int i = 0; i < pool.Length; i++)
        {
            stages?.Add(pool[i], "ranker", scores[pool[i]] - before[i]);
            chances[pool[i]] = _kept.Ranker.Chance(logits[i]);
        }

        return (chances, new ReorderedRanker(ranker, this, CandidateWorth.Among(totals, logits, _kept.Share), now));
    }

    /// <param name="scores">What <paramref name="ranker"/> makes of all products after this history.</param>
    /// <param name="rows">What it kept of every generator.</param>
    /// <returns>What the generators make of each product together, and the ranker's log-odds.</returns>
    public (float[] Totals, float[] Logits) Read(TrainedRanker ranker, Steps history, int[] products, ReadOnlySpan<float> scores, ReadOnlySpan<float> rows, DateTimeOffset now)
    {
        using var alone = Compute.OnThisThread();
        int width = _kept.Ranker.Generators.Count + 1;
        float[] parts = new float[products.Length * width];
        ranker.Take(rows, products, scores, parts);
        float[] logits = CandidateBatch.Logits(_kept.Ranker, history, products, Read, product => product < _popularity.Length ? _popularity[product] : 0,
            _shop.Snapshot.Info.HasRealTimes ? ShopTime.ToMicroseconds(now) : null, parts);
        return ([.. products.Select((_, i) => parts[(i * width) + width - 1])], logits);
    }

    private ClickProduct Read(int product)
    {
        Product now = _shop.Products[product];
        if (!_read.TryGetValue(product, out (Product Of, ClickProduct Read) kept) || !ReferenceEquals(kept.Of, now))
        {
            kept = (now, _kept.Ranker.Catalog.Read(now));
            _read[product] = kept;
        }

        return kept.Read;
    }
}
