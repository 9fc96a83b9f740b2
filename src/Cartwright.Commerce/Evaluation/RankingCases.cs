using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation;

/// <summary>Held-out steps that a ranking model is measured on: one history each, and the products that should rank high after it.</summary>
public sealed record RankingCases
{
    public required IReadOnlyList<RankingCase> Cases { get; init; }

    /// <summary>
    /// True where a product that stands in the history is no candidate. A target that stands there then counts as a miss.
    /// </summary>
    public required bool ExcludesHistory { get; init; }

    /// <summary>Products that are no candidates in any case, by dense index, because no list may show them.</summary>
    public IReadOnlyList<int> Unlisted { get; init; } = [];

    /// <summary>Targets of all cases together.</summary>
    public int TargetCount => Cases.Sum(c => c.Targets.Length);

    /// <summary>Every n-th case, so that at most <paramref name="count"/> are left: enough to choose options by, and quick.</summary>
    public RankingCases Sample(int count)
    {
        int every = ((Cases.Count - 1) / count) + 1;
        return every <= 1 ? this : this with { Cases = [.. Cases.Where((_, i) => i % every == 0)] };
    }
}

/// <param name="Owner">Number of the shopper or session; cases of one owner are drawn together by the bootstrap.</param>
/// <param name="History">What was done before, oldest first.</param>
/// <param name="Targets">Dense product indexes, each once.</param>
public readonly record struct RankingCase(int Owner, Steps History, ReadOnlyMemory<int> Targets)
{
    /// <summary>Stars given to each of <see cref="Targets"/>; empty where they are no ratings.</summary>
    public ReadOnlyMemory<float> Ratings { get; init; }

    /// <summary>A case whose targets are steps; of a product that stands there twice the first counts.</summary>
    internal static RankingCase Of(int owner, Steps history, Steps targets)
    {
        int[] products = targets.Products.ToArray();
        int[] first = [.. Enumerable.Range(0, products.Length).Where(i => Array.IndexOf(products, products[i]) == i)];
        Steps each = targets.Only(first);
        return new RankingCase(owner, history, each.Products) { Ratings = each.Values };
    }
}
