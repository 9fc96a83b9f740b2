using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Behavior;

/// <summary>Measures how well it is told who buys again within four weeks, or any other thing of each row of a table.</summary>
/// <example>cartwright behavior evaluate --table customers.csv --target churned</example>
public sealed record EvaluateRequest : TableEvaluationFields
{
    /// <summary>Shop folder whose shoppers are asked about; the shop's own where neither this nor a table is given.</summary>
    [PathField]
    public string? Data { get; init; }
}
