using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Measures how well click models expect the clicks of searches they did not learn from, plain shares of clicks beside them.</summary>
/// <remarks>The first three quarters of the searches are learned from, in their order; the later ones test whose query was learned.</remarks>
/// <example>cartwright search evaluate-clicks --data ./shop-folder</example>
public sealed record EvaluateClicksRequest
{
    /// <summary>Shop folder with searches.csv; the shop's own searches where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Shop folder whose searches are tested in place of the last quarter: all of them, and all of the data is learned from.</summary>
    [PathField]
    public string? Test { get; init; }

    /// <summary>Which model: pbm, ubm, dbn, sdbn, or all.</summary>
    [ClickModelName(takesAll: true)]
    public string Model { get; init; } = "all";

    /// <summary>Same seed and same data give the same intervals.</summary>
    public int Seed { get; init; } = 1;
}
