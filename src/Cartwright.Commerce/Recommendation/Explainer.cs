using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Tells why products are recommended: by the steps of the history that carry their scores (<see cref="Occlusion"/>), or by what is popular.</summary>
internal sealed class Explainer(LiveShop shop, IRanker ranker, History history)
{
    /// <summary>The heaviest reasons of one product, each after those before it are taken away.</summary>
    public IReadOnlyList<Reason> Explain(int product, int count) => ExplainAll([product], count)[0];

    /// <summary>The reasons of several products.</summary>
    public IReadOnlyList<Reason>[] ExplainAll(ReadOnlySpan<int> products, int count)
    {
        var reasons = new IReadOnlyList<Reason>[products.Length];
        if (!ranker.ReadsHistory)
        {
            for (int p = 0; p < products.Length; p++)
            {
                reasons[p] = ranker.ReasonOf(products[p]) is { } reason ? [reason] : [];
            }

            return reasons;
        }

        (int Product, double Loss)[][] found = new Occlusion(ranker.ScoreProducts).Explain(history.Steps, products, count);
        for (int p = 0; p < products.Length; p++)
        {
            int product = products[p];
            reasons[p] = [.. found[p].Select(step => history.ReasonOf(shop, step.Product, step.Loss, product))];
        }

        return reasons;
    }
}
