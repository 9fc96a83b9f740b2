using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>Answers a shopper's sentence from the shop: products, prices, stock, basket, orders, and what the merchant says.</summary>
/// <example>cartwright assistant reply "do you have a kettle under 40"</example>
public sealed record ReplyRequest
{
    /// <summary>What the shopper says, as typed or heard.</summary>
    [Required]
    [StringLength(MaxTextLength)]
    public required string Text { get; init; }

    /// <summary>The conversation that goes on; null, an unknown one or one that was left alone for too long begins anew.</summary>
    [StringLength(100)]
    public string? ConversationId { get; init; }

    /// <summary>Who is signed in. Only a caller who knows says so: whoever is named hears of their own orders.</summary>
    [StringLength(200)]
    public string? ShopperId { get; init; }

    /// <summary>The visit that what goes into the basket is counted under; the conversation's own where there is none.</summary>
    [StringLength(200)]
    public string? SessionId { get; init; }

    /// <summary>What lies in the caller's basket now, in place of what the conversation remembers.</summary>
    [ItemCount(0, MaxLines)]
    public IReadOnlyList<BasketUnits>? Basket { get; init; }

    /// <summary>Adds how the sentence was understood.</summary>
    public bool Explain { get; init; }

    internal const int MaxTextLength = 500;
    internal const int MaxLines = 100;
}

/// <param name="ProductId">The product.</param>
/// <param name="Units">How many of it.</param>
public sealed record BasketUnits(string ProductId, int Units);

/// <summary>An answer, and where each thing that it says comes from.</summary>
public sealed record ReplyResponse
{
    /// <summary>Send it with the next sentence.</summary>
    public required string ConversationId { get; init; }

    /// <summary>The sentences, one after the other.</summary>
    public required string Text { get; init; }

    public required IReadOnlyList<ReplySentence> Sentences { get; init; }

    /// <summary>The products that the answer is about, as the shop has them now.</summary>
    public required IReadOnlyList<ReplyProduct> Products { get; init; }

    public required ReplyBasket Basket { get; init; }

    /// <summary>What a shopper might say next, as it would be said.</summary>
    public required IReadOnlyList<string> Suggestions { get; init; }

    /// <summary>Id of what waits for a person because of this sentence; null where nothing does.</summary>
    public string? HandOver { get; init; }

    /// <summary>What the next sentence should say: "product", "intent", "wish", "order", "postcode", "yes-or-no", "contact", "count"; null where nothing was asked.</summary>
    public string? Awaiting { get; init; }

    /// <summary>How the sentence was understood; null unless the request said <c>explain</c>.</summary>
    public Understanding? Understanding { get; init; }
}

/// <param name="Sources">Where each name, number and date of the sentence comes from; empty where it states nothing.</param>
public sealed record ReplySentence(string Text, IReadOnlyList<FactSource> Sources);

/// <summary>A piece of a sentence, and the record it stands in.</summary>
/// <param name="Kind">"product", "order", "text" (the merchant's), "basket", or "search" (what was asked for and how much was found).</param>
/// <param name="Id">Of the product, order or text; of a basket or a search the conversation's.</param>
/// <param name="Field">Which of its fields: "price".</param>
/// <param name="Value">The piece as it stands in the sentence.</param>
public sealed record FactSource(string Kind, string Id, string Field, string Value)
{
    internal const string Product = "product";
    internal const string Order = "order";
    internal const string Text = "text";
    internal const string Basket = "basket";
    internal const string Search = "search";
}

/// <param name="Price">In <see cref="Currency"/>; null where it is not known.</param>
/// <param name="InStock">True where it can be sold now.</param>
public sealed record ReplyProduct(string ProductId, string Title, decimal? Price, bool InStock)
{
    /// <summary>ISO 4217 code of the price.</summary>
    public required string Currency { get; init; }
}

/// <param name="Total">Of the lines whose price is known, in <see cref="Currency"/>.</param>
public sealed record ReplyBasket(IReadOnlyList<ReplyBasketLine> Lines, decimal Total)
{
    /// <summary>ISO 4217 code of the prices.</summary>
    public required string Currency { get; init; }
}

/// <param name="Price">Of one unit; null where it is not known.</param>
public sealed record ReplyBasketLine(string ProductId, string Title, int Units, decimal? Price);
