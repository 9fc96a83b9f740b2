using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Pricing;

/// <summary>Measures how well prices are predicted, of a table's rows or of a shop's products, baselines beside the models.</summary>
/// <example>cartwright pricing evaluate --table listings.csv --target price</example>
public sealed record EvaluateRequest : TableEvaluationFields
{
    /// <summary>Shop folder whose products' prices are predicted from their titles, categories, brands and attributes; the shop's own products where neither this nor a table is given.</summary>
    [PathField]
    public string? Data { get; init; }
}
