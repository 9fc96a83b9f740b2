using System.Collections.Concurrent;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A pipeline beside what its rules are about in a shop, and what makes products alike: made once, asked by every question.</summary>
/// <remarks>Holds 4 bytes for each product of a rule, and some 120 for each product that came near a list whose diversity was asked for.</remarks>
internal sealed class CompiledPipeline
{
    private readonly RuleMatch[] _rules;
    private readonly Likeness _likeness;

    public CompiledPipeline(LiveShop shop, RecommendationPipeline pipeline)
        : this(shop, pipeline, [.. pipeline.Rules.Select(rule => new RuleMatch(shop, rule))], new Likeness())
    {
    }

    private CompiledPipeline(LiveShop shop, RecommendationPipeline pipeline, RuleMatch[] rules, Likeness likeness)
    {
        Shop = shop;
        Pipeline = pipeline;
        _rules = rules;
        _likeness = likeness;
    }

    public LiveShop Shop { get; }

    public RecommendationPipeline Pipeline { get; }

    /// <summary>The rules that hold at a moment, in their order.</summary>
    public RuleMatch[] RulesAt(DateTimeOffset now) => Array.FindAll(_rules, match => match.Rule.HoldsAt(now));

    /// <summary>A product's tags, brand and categories as numbers, rising; made again where its record was replaced.</summary>
    public int[] ValuesOf(int product) => _likeness.ValuesOf(product, Shop.Products[product]);

    /// <summary>The same without pinned places, which are of the list that a shopper is recommended and not of what goes with a product.</summary>
    /// <param name="leastDiversity">Diversity of the list where the pipeline says less.</param>
    /// <param name="mostOfCategory">Products of a category where the pipeline allows more; null for no limit of its own.</param>
    public CompiledPipeline Unpinned(double leastDiversity = 0, int? mostOfCategory = null) => new(
        Shop,
        Pipeline with
        {
            Diversity = Math.Max(Pipeline.Diversity, leastDiversity),
            CategoryCap = mostOfCategory is { } most ? Math.Min(Pipeline.CategoryCap ?? most, most) : Pipeline.CategoryCap,
        },
        Array.FindAll(_rules, match => match.Rule.Action != MerchandisingAction.Pin),
        _likeness);

    private sealed class Likeness
    {
        private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<int, (Product Of, int[] Values)> _values = new();
        private int _lastNumber;

        public int[] ValuesOf(int product, Product now)
        {
            if (!_values.TryGetValue(product, out (Product Of, int[] Values) kept) || !ReferenceEquals(kept.Of, now))
            {
                kept = (now, [.. ProductContent.NamesOf(now).Select(name => _numbers.GetOrAdd(name, _ => Interlocked.Increment(ref _lastNumber))).Distinct().Order()]);
                _values[product] = kept;
            }

            return kept.Values;
        }
    }
}
