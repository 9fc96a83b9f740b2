using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Assistant;

namespace Cartwright.Server.Widget;

/// <summary>What a chat widget sends: no more than a shopper may say of themselves.</summary>
internal sealed record WidgetRequest
{
    [Required, StringLength(500)]
    public required string Text { get; init; }

    [StringLength(100)]
    public string? ConversationId { get; init; }
}

/// <summary>What a chat widget shows.</summary>
/// <param name="Lines">The answer's sentences.</param>
/// <param name="Units">How many things are in the basket.</param>
/// <param name="IsHandedOver">True where a person was told.</param>
internal sealed record WidgetReply(string ConversationId, IReadOnlyList<string> Lines, IReadOnlyList<WidgetProduct> Products, IReadOnlyList<string> Suggestions, int Units,
    bool IsHandedOver, string? Awaiting)
{
    private const int MostProducts = 4;

    public static WidgetReply Of(ReplyResponse reply) => new(reply.ConversationId, [.. reply.Sentences.Select(sentence => sentence.Text)],
        [.. reply.Products.Take(MostProducts).Select(product => new WidgetProduct(product.ProductId, product.Title,
            product.Price is { } price ? Dashboard.Figures.Money(price, product.Currency) : null, product.InStock))],
        reply.Suggestions, reply.Basket.Lines.Sum(line => line.Units), reply.HandOver is not null, reply.Awaiting);
}

/// <param name="Price">As it is shown; null where it is not known.</param>
internal sealed record WidgetProduct(string Id, string Title, string? Price, bool InStock);

/// <param name="Listen">The address that hears a microphone; null where nothing hears.</param>
internal sealed record WidgetVoice(string? Listen);
