namespace Cartwright.Commerce.Catalog;

/// <summary>Something true of the computation: without it the score would be lower by <paramref name="Weight"/>.</summary>
/// <param name="Kind">"history", "basket", "similar", "popularity" in a recommendation.</param>
/// <param name="Text">For people: "because you bought Cast Iron Pan".</param>
/// <param name="ProductId">The product that the reason names, if it names one.</param>
/// <param name="Weight">What the score loses when the reason is taken away.</param>
public sealed record Reason(string Kind, string Text, string? ProductId, double Weight);
