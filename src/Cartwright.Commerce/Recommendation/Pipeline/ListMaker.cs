using System.Buffers;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Makes a shopper's list: scores, what the shopper is spared, the pipeline, and what is popular where places stay empty.</summary>
/// <param name="visitor">Shopper or session; null for nobody, and for somebody who only looks: nothing is left to chance then.</param>
internal sealed class ListMaker(IRanker ranker, IRanker popular, CompiledPipeline pipeline, DateTimeOffset now, string? visitor = null)
{
    private const int ReasonCount = 3;
    private const int MostReordered = 500;
    private static readonly IReadOnlyDictionary<int, double> NoChances = new Dictionary<int, double>();

    private readonly LiveShop _shop = pipeline.Shop;

    /// <summary>False leaves places empty that the ranker has no product for, unless all would be.</summary>
    public bool FillsPlaces { get; init; } = true;

    /// <summary>True where the ranker had nothing for the list, and what is popular stands in it.</summary>
    public bool HasFallenBack { get; private set; }

    /// <summary>What was left to chance in the last list; null where nothing was.</summary>
    public ExplorationDraw? Draw { get; } = ExplorationDraw.For(pipeline.Pipeline.Exploration, visitor, now);

    /// <summary>Who puts the first candidates into a new order, or why the one that the pipeline names can't; nulls leave them.</summary>
    public (LiveRanker? Ranker, string? Problem) Reorders { get; init; }

    /// <summary>Why the ranker that the pipeline names leaves the list as it is; null where it does not.</summary>
    public string? WhyResting => Reorders.Problem ?? Reorders.Ranker?.WhyResting(ranker);

    /// <param name="filter">What the request allows.</param>
    /// <param name="history">Whose list.</param>
    /// <param name="spared">Products that are never in it: bought, blocked, in the basket.</param>
    /// <param name="explains">Adds reasons and what every stage did.</param>
    /// <returns>Best first; shorter than asked only where no more products may be shown.</returns>
    public RankedProduct[] Make(ProductFilter filter, History history, IReadOnlyCollection<int> spared, bool explains)
    {
        float[] buffer = ArrayPool<float>.Shared.Rent(_shop.Products.Count);
        try
        {
            Span<float> scores = buffer.AsSpan(0, _shop.Products.Count);
            StageLog? stages = explains ? new StageLog() : null;
            var merchandising = new Merchandising(pipeline, now);
            int pool = merchandising.PoolOf(Draw?.CandidateCount(filter.Count) ?? filter.Count);
            IReadOnlyDictionary<int, double> chances = NoChances;
            IRanker explained = ranker;
            List<(int Product, float Score)> taken;
            if (Reorders.Ranker is { } reorders && ranker is TrainedRanker trained && WhyResting is null)
            {
                (chances, explained) = Reorder(reorders, trained, filter, history, scores, spared, merchandising, stages);
                taken = [.. merchandising.Take(filter, scores, stages, Draw)];
            }
            else
            {
                taken = TakeBest(filter, history, scores, spared, merchandising, pool, stages);
                if (taken.Count < filter.Count)
                {
                    // What the request allows may lie further down than the best that an index finds.
                    ranker.Score(history.Steps, scores);
                    merchandising.ScoreUnknown(scores);
                    Exclude(scores, spared);
                    stages = explains ? new StageLog() : null;
                    taken = [.. merchandising.Take(filter, scores, stages, Draw)];
                }
            }

            if (FillsPlaces ? taken.Count < filter.Count : taken.Count == 0)
            {
                bool wasEmpty = taken.Count == 0;
                Fill(taken, filter, merchandising, scores, spared);
                HasFallenBack = wasEmpty && taken.Count > 0;
            }

            int[] products = [.. taken.Select(t => t.Product)];
            IReadOnlyList<Reason>[]? reasons = explains ? new Explainer(_shop, HasFallenBack ? popular : explained, history).ExplainAll(products, ReasonCount) : null;
            if (stages is not null)
            {
                ranker.LogParts(history.Steps, products, stages);
                foreach (int product in products)
                {
                    stages.Add(product, ExplorationDraw.StageName, Draw?.ChanceOf(product) ?? 0);
                }
            }

            return [.. taken.Select((t, i) => Ranked(t.Product, t.Score) with
            {
                ClickChance = chances.TryGetValue(t.Product, out double chance) ? chance : null,
                Reasons = reasons is null ? null : merchandising.ReasonOf(t.Product) is { } ruled ? [ruled, .. reasons[i]] : reasons[i],
                Stages = stages?.Of(t.Product),
            })];
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes the list out of the best that an index finds.</summary>
    /// <returns>Empty where there is no index, or every product must be looked at.</returns>
    private List<(int Product, float Score)> TakeBest(ProductFilter filter, History history, Span<float> scores, IReadOnlyCollection<int> spared, Merchandising merchandising, int pool,
        StageLog? stages)
    {
        if (merchandising.NeedsAll || !ranker.ScoreBest(history.Steps, pool + spared.Count, scores))
        {
            return [];
        }

        Exclude(scores, spared);
        return [.. merchandising.Take(filter, scores, stages, Draw)];
    }

    /// <summary>Scores all products; the first candidates that may be shown have each other's scores, in the ranker's order.</summary>
    /// <returns>The chance of each candidate that it is clicked by somebody who looks; and who tells what carries a place.</returns>
    private (IReadOnlyDictionary<int, double> Chances, IRanker Explained) Reorder(LiveRanker reorders, TrainedRanker trained, ProductFilter filter, History history, Span<float> scores,
        IReadOnlyCollection<int> spared, Merchandising merchandising, StageLog? stages)
    {
        float[] rows = ArrayPool<float>.Shared.Rent(trained.RowsLength);
        trained.Score(history.Steps, scores, rows);
        merchandising.ScoreUnknown(scores);
        Exclude(scores, spared);
        int count = Math.Clamp(5 * filter.Count, Reordering.PoolSize, MostReordered);
        int[] pool = [.. Selection.Take(new AllowedProducts(_shop, filter), count, scores).Select(taken => taken.Product)];
        (IReadOnlyDictionary<int, double>, IRanker) reordered = reorders.Reorder(trained, history.Steps, pool, scores, rows, now, stages);
        ArrayPool<float>.Shared.Return(rows);
        return reordered;
    }

    /// <summary>Products that the model says nothing about, by what is popular now, below all others.</summary>
    private void Fill(List<(int Product, float Score)> taken, ProductFilter filter, Merchandising merchandising, Span<float> scores, IReadOnlyCollection<int> spared)
    {
        float below = taken.Count == 0 ? 1 : taken.Min(t => t.Score);
        popular.Score(default, scores);
        Exclude(scores, spared);
        Exclude(scores, [.. taken.Select(t => t.Product)]);
        foreach ((int product, float _) in merchandising.Rest(filter, filter.Count - taken.Count, scores))
        {
            below = MathF.BitDecrement(below);
            taken.Add((product, below));
        }
    }

    private RankedProduct Ranked(int index, float score)
    {
        Product product = _shop.Products[index];
        return new RankedProduct(product.Id, product.Title, product.Price, score) { Currency = _shop.Snapshot.Info.Currency, Propensity = Draw?.ChanceOf(index) };
    }

    private static void Exclude(Span<float> scores, IReadOnlyCollection<int> products)
    {
        foreach (int product in products)
        {
            if (product < scores.Length)
            {
                scores[product] = float.NegativeInfinity;
            }
        }
    }
}
