using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Search;

/// <summary>Measures how high judged products are ranked among all products, and how near their grades are foretold, plain orders beside the models.</summary>
/// <remarks>Five folds by the query: four teach the ranker, the fifth tests. What bm25 and tf-idf find needs no teaching.</remarks>
/// <example>cartwright search evaluate --data ./shop-folder</example>
public sealed record EvaluateRequest
{
    /// <summary>Shop folder with products.csv and judgments.csv; the shop's own where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Shop folder whose judgments are tested in place of the folds, all of them; all of the data is learned from. It may hold judgments alone.</summary>
    [PathField]
    public string? Test { get; init; }

    /// <summary>"queries-5-fold": by hash of the query, all folds together.</summary>
    [SearchProtocol]
    public string Protocol { get; init; } = SearchProtocolAttribute.QueriesFiveFold;

    /// <summary>Which model: "bm25", "tf-idf", "ranker", or "all". The baselines always run.</summary>
    [RankModelName]
    public string Model { get; init; } = RankModelNameAttribute.All;

    /// <summary>Lengths of the list at which ranking is measured.</summary>
    [ItemCount(1, 10), Cutoffs]
    public IReadOnlyList<int> Cutoff { get; init; } = [10];

    /// <summary>Same seed and same data give the same figures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the queries that the network makes; found by their number where it is not given.</summary>
    [Range(1, 1_000)]
    public int? Epochs { get; init; }
}

/// <summary>The field holds the name of a way to hold out queries.</summary>
internal sealed class SearchProtocolAttribute() : OneOfAttribute("protocol")
{
    public const string QueriesFiveFold = "queries-5-fold";

    protected override IReadOnlyCollection<string> Allowed => [QueriesFiveFold];
}

/// <summary>The field holds the name of a model of order, or "all".</summary>
internal sealed class RankModelNameAttribute() : OneOfAttribute("model")
{
    public const string All = "all";

    protected override IReadOnlyCollection<string> Allowed => [All, SearchRankingAttribute.Bm25, SearchRankingAttribute.TfIdf, SearchRankingAttribute.Ranker];
}
