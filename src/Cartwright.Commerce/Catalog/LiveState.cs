using System.Collections.Concurrent;

namespace Cartwright.Commerce.Catalog;

/// <summary>A snapshot and what was appended to it. One thread at a time appends; readers take no lock.</summary>
internal sealed class LiveState
{
    private readonly SessionRows _sessionRows;
    private readonly ConcurrentDictionary<string, GrowingList<LiveEvent>> _byShopper = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, GrowingList<LiveEvent>> _bySession = new(StringComparer.Ordinal);
    private readonly GrowingList<Interaction> _tail = new([]);

    public LiveState(Snapshot snapshot)
    {
        Snapshot = snapshot;
        _sessionRows = new SessionRows(snapshot);
    }

    public Snapshot Snapshot { get; }

    /// <summary>What was appended, in the order of arrival.</summary>
    public IReadOnlyList<Interaction> Tail => _tail;

    /// <param name="item">The same by dense index.</param>
    public void Append(Interaction interaction, LiveEvent item)
    {
        _tail.Add(interaction);
        if (interaction.Shopper is not null)
        {
            _byShopper.GetOrAdd(interaction.Shopper, _ => new GrowingList<LiveEvent>([])).Add(item);
        }

        if (interaction.Session is not null)
        {
            _bySession.GetOrAdd(interaction.Session, _ => new GrowingList<LiveEvent>([])).Add(item);
        }
    }

    public IReadOnlyList<LiveInteraction> ShopperHistory(string id) => WithProduct(ShopperEvents(id));

    public IReadOnlyList<LiveInteraction> SessionHistory(string id) => WithProduct(SessionEvents(id));

    public IReadOnlyList<LiveEvent> ShopperEvents(string id)
    {
        int shopper = Snapshot.ShopperIndex(id);
        var events = new List<LiveEvent>();
        if (shopper != Snapshot.None)
        {
            int[] start = Snapshot.Interactions.ShopperStart;
            for (int row = start[shopper]; row < start[shopper + 1]; row++)
            {
                events.Add(Snapshot.EventAt(row));
            }
        }

        return WithTail(events, _byShopper.GetValueOrDefault(id));
    }

    public IReadOnlyList<LiveEvent> SessionEvents(string id)
    {
        int session = Snapshot.SessionIndex(id);
        var events = new List<LiveEvent>();
        if (session != Snapshot.None)
        {
            foreach (int row in _sessionRows.Of(session))
            {
                events.Add(Snapshot.EventAt(row));
            }
        }

        return WithTail(events, _bySession.GetValueOrDefault(id));
    }

    /// <summary>A snapshot of the base and the first of what was appended; product indexes stay.</summary>
    /// <param name="products">All products, by dense index.</param>
    /// <param name="without">A shopper to leave out, with what nobody signed in did in their sessions.</param>
    public Snapshot Rebuild(IReadOnlyList<Product> products, int tailCount, string? without)
    {
        var builder = new SnapshotBuilder();
        foreach (Product product in products)
        {
            builder.AddProduct(product);
        }

        foreach (Shopper shopper in Snapshot.Shoppers.Where(shopper => shopper.Id != without))
        {
            builder.AddShopper(shopper);
        }

        HashSet<string> theirSessions = SessionsOf(without, tailCount);
        InteractionColumns rows = Snapshot.Interactions;
        for (int row = 0; row < rows.Count; row++)
        {
            string? shopper = rows.Shopper[row] == Snapshot.None ? null : Snapshot.Shoppers[rows.Shopper[row]].Id;
            string? session = rows.Session[row] == Snapshot.None ? null : Snapshot.Sessions[rows.Session[row]];
            if (without is null || !IsTheirs(shopper, session, without, theirSessions))
            {
                builder.Add(
                    shopper is null ? Snapshot.None : builder.MentionShopper(shopper),
                    session is null ? Snapshot.None : builder.MentionSession(session),
                    rows.Product[row], rows.Kind[row], rows.At[row], rows.Quantity[row], rows.Price[row], rows.Value[row], rows.Position[row]);
            }
        }

        foreach (Interaction interaction in _tail.Take(tailCount))
        {
            if (without is null || !IsTheirs(interaction.Shopper, interaction.Session, without, theirSessions))
            {
                builder.Add(interaction);
            }
        }

        return builder.Build(Snapshot.Info, Snapshot.Sequence);
    }

    private HashSet<string> SessionsOf(string? shopper, int tailCount)
    {
        var sessions = new HashSet<string>(StringComparer.Ordinal);
        if (shopper is null)
        {
            return sessions;
        }

        int index = Snapshot.ShopperIndex(shopper);
        InteractionColumns rows = Snapshot.Interactions;
        for (int row = index == Snapshot.None ? 0 : rows.ShopperStart[index]; index != Snapshot.None && row < rows.ShopperStart[index + 1]; row++)
        {
            if (rows.Session[row] != Snapshot.None)
            {
                sessions.Add(Snapshot.Sessions[rows.Session[row]]);
            }
        }

        sessions.UnionWith(_tail.Take(tailCount).Where(item => item.Shopper == shopper && item.Session is not null).Select(item => item.Session!));
        return sessions;
    }

    private static bool IsTheirs(string? shopper, string? session, string id, HashSet<string> theirSessions)
        => shopper == id || (shopper is null && session is not null && theirSessions.Contains(session));

    private static List<LiveInteraction> WithProduct(IReadOnlyList<LiveEvent> events)
    {
        var history = new List<LiveInteraction>(events.Count);
        foreach (LiveEvent item in events)
        {
            if (item.Interaction.Product != Snapshot.None)
            {
                history.Add(item.Interaction);
            }
        }

        return history;
    }

    /// <summary>What was appended comes last, save where it says that it happened earlier.</summary>
    private static List<LiveEvent> WithTail(List<LiveEvent> events, GrowingList<LiveEvent>? tail)
    {
        bool isSorted = true;
        foreach (LiveEvent item in tail ?? Enumerable.Empty<LiveEvent>())
        {
            isSorted &= events.Count == 0 || events[^1].Interaction.At <= item.Interaction.At;
            events.Add(item);
        }

        return isSorted ? events : [.. events.OrderBy(item => item.Interaction.At)];
    }
}
