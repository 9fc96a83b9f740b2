using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Finds the sessions in what shoppers did.</summary>
/// <remarks>
/// The shop's own session ids count. What has none belongs to the session that its shopper is in, and after a pause of 30 minutes to a new one.
/// Returns and ratings come days after a visit and are no part of one. Products that are shown in a row are one list, until their places in it begin anew.
/// </remarks>
internal static class Sessions
{
    /// <summary>A pause after which a shopper who comes back begins a new session.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);

    /// <summary>All sessions of a shop, in the order in which they began.</summary>
    public static Session[] Of(Snapshot shop)
    {
        var drafts = new List<Draft>();
        var byId = new Dictionary<string, Draft>(StringComparer.Ordinal);
        int[] start = shop.Interactions.ShopperStart;
        for (int shopper = 0; shopper < shop.Shoppers.Count; shopper++)
        {
            Cut(Enumerable.Range(start[shopper], start[shopper + 1] - start[shopper]).Select(shop.EventAt), shop.Info.HasRealTimes, drafts, byId);
        }

        int anonymous = start[^1];
        Cut(Enumerable.Range(anonymous, shop.Interactions.Count - anonymous).Select(shop.EventAt), shop.Info.HasRealTimes, drafts, byId);
        return [.. drafts.Select(draft => draft.Finish()).OrderBy(session => session.StartedAt)];
    }

    /// <summary>A shopper's sessions up to now, oldest first.</summary>
    public static Session[] OfShopper(LiveShop live, string shopper)
    {
        var drafts = new List<Draft>();
        var byId = new Dictionary<string, Draft>(StringComparer.Ordinal);
        Cut(live.ShopperEvents(shopper), live.Snapshot.Info.HasRealTimes, drafts, byId);
        return [.. drafts.Select(draft => draft.Finish()).OrderBy(session => session.StartedAt)];
    }

    /// <summary>A session up to now, whoever is in it; null where nothing was done in it.</summary>
    public static Session? OfId(LiveShop live, string id)
    {
        var drafts = new List<Draft>();
        Cut(live.SessionEvents(id), live.Snapshot.Info.HasRealTimes, drafts, new Dictionary<string, Draft>(StringComparer.Ordinal));
        return drafts.Count == 0 ? null : drafts[0].Finish();
    }

    /// <summary>A session made of events that somebody tells.</summary>
    /// <param name="events">Oldest first, at least one that counts.</param>
    public static Session Told(IEnumerable<LiveEvent> events, string? shopper)
    {
        var draft = new Draft(null) { Shopper = shopper };
        foreach (LiveEvent item in events.Where(item => IsStep(item.Interaction.Kind)))
        {
            draft.Add(item);
        }

        return draft.Finish();
    }

    public static bool IsStep(InteractionKind kind) => kind <= InteractionKind.Purchase;

    /// <param name="events">Of one shopper by time, or of nobody known by session.</param>
    private static void Cut(IEnumerable<LiveEvent> events, bool hasTimes, List<Draft> drafts, Dictionary<string, Draft> byId)
    {
        Draft? current = null;
        foreach (LiveEvent item in events.Where(item => IsStep(item.Interaction.Kind)))
        {
            if (item.Session is { } id)
            {
                if (!byId.TryGetValue(id, out Draft? known))
                {
                    drafts.Add(byId[id] = known = new Draft(id));
                }

                current = known;
            }
            else if (!hasTimes || item.Shopper is null)
            {
                continue;                                    // no pause can be told
            }
            else if (current is null || item.Interaction.At - current.LastAt > Pause)
            {
                drafts.Add(current = new Draft(null));
            }

            current.Shopper ??= item.Shopper;
            current.Add(item);
        }
    }

    private sealed class Draft(string? id)
    {
        private readonly List<LiveEvent> _events = [];
        private bool _isSorted = true;

        public string? Shopper { get; set; }

        public DateTimeOffset LastAt { get; private set; }

        public void Add(LiveEvent item)
        {
            _isSorted &= _events.Count == 0 || item.Interaction.At >= LastAt;
            LastAt = _events.Count == 0 || item.Interaction.At > LastAt ? item.Interaction.At : LastAt;
            _events.Add(item);
        }

        public Session Finish()
        {
            var steps = new List<SessionEvent>(_events.Count);
            foreach (LiveEvent item in _isSorted ? _events : [.. _events.OrderBy(e => e.Interaction.At)])
            {
                (int product, InteractionKind kind, DateTimeOffset at) = item.Interaction;
                if (kind == InteractionKind.Impression && steps.Count > 0 && steps[^1].Kind == kind && !BeginsAnew(steps[^1], item))
                {
                    steps[^1] = steps[^1] with { Quantity = steps[^1].Quantity + 1, Position = item.Position };
                }
                else
                {
                    steps.Add(new SessionEvent(kind, product, ShopTime.ToMicroseconds(at), item.Price, kind == InteractionKind.Impression ? 1 : item.Quantity, item.Position));
                }
            }

            return new Session(id, Shopper, [.. steps]);
        }

        private static bool BeginsAnew(SessionEvent list, LiveEvent shown) => list.Position > 0 && shown.Position > 0 && shown.Position <= list.Position;
    }
}
