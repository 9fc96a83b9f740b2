namespace Cartwright.Commerce.Catalog;

/// <summary>What a stage of the pipeline did to a product.</summary>
/// <param name="Stage">"model ease", "ranker", "rule summer-sale", "diversity".</param>
/// <param name="Change">What it added to the score; for a pin the place; for "diversity" what likeness to the products above cost; for "chance" the chance with which it was drawn.</param>
public sealed record StageChange(string Stage, double Change);
