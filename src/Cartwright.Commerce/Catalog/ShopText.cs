namespace Cartwright.Commerce.Catalog;

/// <summary>Something the merchant says to everybody: how goods are delivered, how they are paid for, when the shop is open.</summary>
public sealed record ShopText
{
    public required string Id { get; init; }

    /// <summary>What it is about, in a word or two: "delivery". Several texts may share one.</summary>
    public string? Topic { get; init; }

    public required string Title { get; init; }

    /// <summary>What an answer quotes, sentence by sentence and word for word.</summary>
    public required string Text { get; init; }
}
