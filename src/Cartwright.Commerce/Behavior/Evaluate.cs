using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Behavior;

/// <summary>Measures how well it is told who buys again within four weeks, who buys in the visit under way, or any other thing of each row of a table.</summary>
/// <example>cartwright behavior evaluate --table customers.csv --target churned</example>
public sealed record EvaluateRequest : TableEvaluationFields
{
    /// <summary>Shop folder whose shoppers are asked about; the shop's own where neither this nor a table is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>What is told of a shop: "returns", who buys again within four weeks, or "purchase", whether a session ends with a purchase, after each of its events.</summary>
    public Foretold Predict { get; init; }
}

/// <summary>What <c>evaluate</c> lets the models tell of a shop.</summary>
public enum Foretold
{
    /// <summary>Who buys again within four weeks.</summary>
    Returns,

    /// <summary>Whether something is bought in a session, and what comes next, after each of its events.</summary>
    Purchase,
}
