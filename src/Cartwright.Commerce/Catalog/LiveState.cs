using System.Collections.Concurrent;

namespace Cartwright.Commerce.Catalog;

/// <summary>A snapshot and what was appended to it. One thread at a time appends; readers take no lock.</summary>
internal sealed class LiveState
{
    private readonly SessionRows _sessionRows;
    private readonly ConcurrentDictionary<string, GrowingList<LiveInteraction>> _byShopper = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, GrowingList<LiveInteraction>> _bySession = new(StringComparer.Ordinal);
    private readonly GrowingList<Interaction> _tail = new([]);

    public LiveState(Snapshot snapshot)
    {
        Snapshot = snapshot;
        _sessionRows = new SessionRows(snapshot);
    }

    public Snapshot Snapshot { get; }

    /// <summary>What was appended, in the order of arrival.</summary>
    public IReadOnlyList<Interaction> Tail => _tail;

    /// <param name="live">The same by dense index; null where it names no product.</param>
    public void Append(Interaction interaction, LiveInteraction? live)
    {
        _tail.Add(interaction);
        if (live is not { } item)
        {
            return;
        }

        if (interaction.Shopper is not null)
        {
            _byShopper.GetOrAdd(interaction.Shopper, _ => new GrowingList<LiveInteraction>([])).Add(item);
        }

        if (interaction.Session is not null)
        {
            _bySession.GetOrAdd(interaction.Session, _ => new GrowingList<LiveInteraction>([])).Add(item);
        }
    }

    public IReadOnlyList<LiveInteraction> ShopperHistory(string id)
    {
        int shopper = Snapshot.ShopperIndex(id);
        var history = new List<LiveInteraction>();
        if (shopper != Snapshot.None)
        {
            int[] start = Snapshot.Interactions.ShopperStart;
            for (int row = start[shopper]; row < start[shopper + 1]; row++)
            {
                AddRow(history, row);
            }
        }

        return WithTail(history, _byShopper.GetValueOrDefault(id));
    }

    public IReadOnlyList<LiveInteraction> SessionHistory(string id)
    {
        int session = Snapshot.SessionIndex(id);
        var history = new List<LiveInteraction>();
        if (session != Snapshot.None)
        {
            foreach (int row in _sessionRows.Of(session))
            {
                AddRow(history, row);
            }
        }

        return WithTail(history, _bySession.GetValueOrDefault(id));
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
                    rows.Product[row], rows.Kind[row], rows.At[row], rows.Quantity[row], rows.Price[row], rows.Value[row]);
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

    private void AddRow(List<LiveInteraction> history, int row)
    {
        InteractionColumns rows = Snapshot.Interactions;
        if (rows.Product[row] != Snapshot.None)
        {
            history.Add(new LiveInteraction(rows.Product[row], rows.Kind[row], ShopTime.FromMicroseconds(rows.At[row])));
        }
    }

    /// <summary>What was appended comes last, save where it says that it happened earlier.</summary>
    private static List<LiveInteraction> WithTail(List<LiveInteraction> history, GrowingList<LiveInteraction>? tail)
    {
        bool isSorted = true;
        foreach (LiveInteraction item in tail ?? Enumerable.Empty<LiveInteraction>())
        {
            isSorted &= history.Count == 0 || history[^1].At <= item.At;
            history.Add(item);
        }

        return isSorted ? history : [.. history.OrderBy(item => item.At)];
    }
}
