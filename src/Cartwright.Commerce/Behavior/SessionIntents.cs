using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>A session with what was known of its shopper when it began.</summary>
internal sealed record KnownSession(Session Session, ShopperPast Past);

/// <summary>What a model says of one session, in the words of an answer.</summary>
internal static class SessionIntents
{
    private const int MostReasons = 8;
    private const int MostEventsExplained = 50;

    public static SessionIntent Answer(Intent intent) => new(
        Math.Round(intent.Purchase, 6), Math.Round(intent.Outcomes[(int)SessionOutcome.Abandonment], 6), Math.Round(intent.Outcomes[(int)SessionOutcome.Leaving], 6),
        [.. Enumerable.Range(0, SessionAction.Count).OrderByDescending(action => intent.Actions[action]).ThenBy(action => action)
            .Select(action => new NextAction(SessionAction.Name(action), Math.Round(intent.Actions[action], 6)))]);

    /// <summary>What each event does to the chance of a purchase: the chance less what it is without the event. So with all that was known of the shopper before.</summary>
    /// <param name="products">By dense index.</param>
    public static IReadOnlyList<IntentReason> Reasons(SessionModel model, KnownSession known, Func<int, ProductReading> reading, IReadOnlyList<Product> products)
    {
        (Session session, ShopperPast past) = known;
        int first = Math.Max(0, session.Events.Length - MostEventsExplained);
        int[] places = session.Events.Length == 1 ? [] : [.. Enumerable.Range(first, session.Events.Length - first)];
        SessionBatch batch = SessionBatch.Of([(session, past), (session, new ShopperPast()), .. places.Select(place => (session.Without(place), past))], reading, model.HasTimes);
        Intent[] intents = model.Read(batch);
        double Purchase(int way) => intents[batch.Offsets[way + 1] - 1].Purchase;
        var reasons = places.Select((place, i) => ReasonOf(session.Events[place], Purchase(0) - Purchase(i + 2), products)).ToList();
        if (past.Sessions > 0)
        {
            reasons.Add(new IntentReason(Words(past), Math.Round(Purchase(0) - Purchase(1), 6), null, null));
        }

        return [.. reasons.Where(reason => reason.Effect != 0).OrderByDescending(reason => Math.Abs(reason.Effect)).Take(MostReasons)];
    }

    private static string Words(ShopperPast past)
    {
        string sessions = past.Sessions == 1 ? "once" : FormattableString.Invariant($"{past.Sessions:N0} times");
        return past.Purchases == 0 ? $"came {sessions} before and never bought" : FormattableString.Invariant($"came {sessions} before and bought in {past.Purchases:N0} of them");
    }

    private static IntentReason ReasonOf(in SessionEvent step, double effect, IReadOnlyList<Product> products)
    {
        Product? product = step.Product == Snapshot.None ? null : products[step.Product];
        string title = product is null ? "something" : product.Name;
        string text = step.Kind switch
        {
            InteractionKind.Impression => step.Quantity == 1 ? $"was shown {title}" : FormattableString.Invariant($"was shown {step.Quantity:N0} products"),
            InteractionKind.Search => "searched",
            InteractionKind.Cart => $"put {title} in the cart",
            InteractionKind.Uncart => $"took {title} out of the cart",
            InteractionKind.Purchase => $"bought {title}",
            InteractionKind.Click => $"clicked {title}",
            _ => $"looked at {title}",
        };
        return new IntentReason(text, Math.Round(effect, 6), product?.Id, ShopTime.FromMicroseconds(step.At));
    }
}
