using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>One step of a session: something that was done, or a list of products that was shown.</summary>
/// <param name="Kind">An impression stands for the whole list.</param>
/// <param name="Product">Dense index; of a list its first; <see cref="Snapshot.None"/> for a search.</param>
/// <param name="At">Microseconds since 1970-01-01 UTC.</param>
/// <param name="Price">Of one unit; NaN where none was said.</param>
/// <param name="Quantity">Units, or products in the list.</param>
/// <param name="Position">Place in the list that the product was shown in, or the last place of the list, from 1; 0 where none was said.</param>
internal readonly record struct SessionEvent(InteractionKind Kind, int Product, long At, float Price, float Quantity, int Position);

/// <summary>How a session ends; in this order in every answer of the network.</summary>
internal enum SessionOutcome
{
    /// <summary>Something is bought.</summary>
    Purchase,

    /// <summary>Something was put in the cart, and nothing is bought.</summary>
    Abandonment,

    /// <summary>Nothing goes into the cart.</summary>
    Leaving,
}

/// <summary>What one visitor did in one visit, oldest first; at least one event.</summary>
/// <param name="Id">The shop's own id; null where the session was cut at pauses.</param>
/// <param name="Shopper">Id; null for somebody unknown.</param>
internal sealed record Session(string? Id, string? Shopper, SessionEvent[] Events)
{
    public long StartedAt => Events[0].At;

    public long EndedAt => Events[^1].At;

    public SessionOutcome Outcome => Has(InteractionKind.Purchase) ? SessionOutcome.Purchase
        : Has(InteractionKind.Cart) ? SessionOutcome.Abandonment : SessionOutcome.Leaving;

    /// <summary>As <see cref="Outcome"/>, which a network learns, but a cart that was emptied again is not left behind.</summary>
    public SessionOutcome Ending => Outcome == SessionOutcome.Abandonment && !HasCartLeft() ? SessionOutcome.Leaving : Outcome;

    /// <summary>The same without one of its events.</summary>
    public Session Without(int place) => this with { Events = [.. Events[..place], .. Events[(place + 1)..]] };

    private bool HasCartLeft()
    {
        var units = new Dictionary<int, float>();
        foreach (SessionEvent step in Events.Where(step => step.Kind is InteractionKind.Cart or InteractionKind.Uncart))
        {
            units[step.Product] = Math.Max(0, units.GetValueOrDefault(step.Product) + (step.Kind == InteractionKind.Cart ? step.Quantity : -step.Quantity));
        }

        return units.Values.Any(left => left > 0);
    }

    private bool Has(InteractionKind kind) => Array.Exists(Events, step => step.Kind == kind);
}
