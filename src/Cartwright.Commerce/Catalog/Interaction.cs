using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>What a shopper did. Stored as a byte, so the numbers never change.</summary>
public enum InteractionKind : byte
{
    Impression = 0,
    View = 1,
    Click = 2,
    Search = 3,
    Cart = 4,
    Uncart = 5,
    Purchase = 6,
    Return = 7,
    Rating = 8,

    /// <summary>The shopper does not want to see the product: no list recommends it to them until they say <see cref="Unblock"/>.</summary>
    Block = 9,

    /// <summary>Takes a <see cref="Block"/> back.</summary>
    Unblock = 10,
}

/// <summary>One thing a shopper did at a moment. Appended, never changed.</summary>
public sealed record Interaction : IValidatableObject
{
    /// <summary>Makes posting it twice count once. Where none is given the store derives one from the content.</summary>
    public string? Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Shopper id; null for somebody unknown, who then has a <see cref="Session"/>.</summary>
    public string? Shopper { get; init; }

    public string? Session { get; init; }

    public InteractionKind Kind { get; init; }

    /// <summary>Product id; null only for <see cref="InteractionKind.Search"/>.</summary>
    public string? Product { get; init; }

    /// <summary>Units, for carts, purchases and returns.</summary>
    public double? Quantity { get; init; }

    /// <summary>Price of one unit as it was seen or paid, in the shop's currency.</summary>
    public decimal? Price { get; init; }

    /// <summary>The words that were searched.</summary>
    public string? Query { get; init; }

    /// <summary>Place in the list it was shown in, from 1.</summary>
    public int? Position { get; init; }

    /// <summary>The grade of a rating.</summary>
    public double? Value { get; init; }

    /// <summary>How far ahead of this machine's clock another's may run.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        DateTimeOffset now = (validationContext.GetService(typeof(TimeProvider)) as TimeProvider ?? TimeProvider.System).GetUtcNow();
        if (At > now + ClockSkew)
        {
            yield return new ValidationResult($"at is {At:O}; that is still to come", [nameof(At)]);
        }

        if (CatalogRules.Check(this) is { } reason)
        {
            yield return CatalogRules.Result<Interaction>(reason);
        }
    }
}

/// <summary>Which kinds say that a shopper wants a product.</summary>
public static class InteractionKinds
{
    /// <summary>View, click, cart, purchase and rating: the kinds a history is made of.</summary>
    public static bool IsInterest(this InteractionKind kind) => kind is InteractionKind.View or InteractionKind.Click
        or InteractionKind.Cart or InteractionKind.Purchase or InteractionKind.Rating;
}
