using System.Collections.Concurrent;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A pipeline beside what its rules are about in a shop, and what makes products alike: made once, asked by every question.</summary>
/// <remarks>Holds 4 bytes for each product of a rule, and some 120 for each product that came near a list whose diversity was asked for.</remarks>
internal sealed class CompiledPipeline(LiveShop shop, RecommendationPipeline pipeline)
{
    private readonly RuleMatch[] _rules = [.. pipeline.Rules.Select(rule => new RuleMatch(shop, rule))];
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, (Product Of, int[] Values)> _values = new();
    private int _lastNumber;

    public LiveShop Shop { get; } = shop;

    public RecommendationPipeline Pipeline { get; } = pipeline;

    /// <summary>The rules that hold at a moment, in their order.</summary>
    public RuleMatch[] RulesAt(DateTimeOffset now) => Array.FindAll(_rules, match => match.Rule.HoldsAt(now));

    /// <summary>A product's tags, brand and categories as numbers, rising; made again where its record was replaced.</summary>
    public int[] ValuesOf(int product)
    {
        Product now = Shop.Products[product];
        if (!_values.TryGetValue(product, out (Product Of, int[] Values) kept) || !ReferenceEquals(kept.Of, now))
        {
            kept = (now, [.. ProductContent.NamesOf(now).Select(name => _numbers.GetOrAdd(name, _ => Interlocked.Increment(ref _lastNumber))).Distinct().Order()]);
            _values[product] = kept;
        }

        return kept.Values;
    }
}
