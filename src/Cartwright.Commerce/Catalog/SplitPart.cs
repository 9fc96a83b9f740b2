namespace Cartwright.Commerce.Catalog;

/// <summary>A row of <c>split.csv</c>: the part of the official split that something belongs to.</summary>
/// <param name="Kind">"interaction", "session", "shopper" or "product".</param>
/// <param name="Id">Its id.</param>
/// <param name="Part">"train", "valid", "test", or "fold1" … "foldN".</param>
public sealed record SplitPart(string Kind, string Id, string Part);
