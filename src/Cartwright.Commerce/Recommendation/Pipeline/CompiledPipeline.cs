using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A pipeline beside what its rules are about in a shop: made once, asked by every question.</summary>
internal sealed class CompiledPipeline(LiveShop shop, RecommendationPipeline pipeline)
{
    private readonly RuleMatch[] _rules = [.. pipeline.Rules.Select(rule => new RuleMatch(shop, rule))];

    public LiveShop Shop { get; } = shop;

    public RecommendationPipeline Pipeline { get; } = pipeline;

    /// <summary>The rules that hold at a moment, in their order.</summary>
    public RuleMatch[] RulesAt(DateTimeOffset now) => Array.FindAll(_rules, match => match.Rule.HoldsAt(now));
}
