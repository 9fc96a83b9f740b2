using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What is made once of the pipeline in service, the last of each kept: the ranker with its weights, and what its rules are about.</summary>
internal sealed class ServedPipeline
{
    private volatile WeightedRanker? _weighted;
    private volatile CompiledPipeline? _compiled;

    /// <summary>The ranker with the pipeline's weights.</summary>
    public IRanker Weighted(IRanker ranker, string version, RecommendationPipeline pipeline)
    {
        if (_weighted is not { } ready || !ReferenceEquals(ready.Of, ranker) || ready.Version != version)
        {
            _weighted = ready = new WeightedRanker(ranker, version, ranker.With(pipeline.Weights));
        }

        return ready.Ranker;
    }

    public CompiledPipeline Compiled(LiveShop shop, RecommendationPipeline pipeline)
    {
        if (_compiled is not { } ready || !ReferenceEquals(ready.Shop, shop) || !ReferenceEquals(ready.Pipeline, pipeline))
        {
            _compiled = ready = new CompiledPipeline(shop, pipeline);
        }

        return ready;
    }

    /// <summary>Lets go of the models; they are no longer to be kept in memory.</summary>
    public void Release() => _weighted = null;

    private sealed record WeightedRanker(IRanker Of, string Version, IRanker Ranker);
}
