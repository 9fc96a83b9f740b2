using Cartwright.Commerce.Catalog;

namespace Cartwright.Server.Storefront;

/// <summary>What was shown to each session of late, so that a click can be told from an address that somebody made up.</summary>
/// <remarks>
/// In memory: the last 100 showings of each of the last 5,000 sessions, some 100 MB where all of them are full. A click on what is no longer known, as after
/// a restart, counts as a view alone.
/// </remarks>
internal sealed class StoreShowings
{
    private const int MostSessions = 5_000;
    private const int MostShowings = 100;

    private readonly Lock _guard = new();
    private readonly Dictionary<string, LinkedListNode<Visit>> _visits = new(StringComparer.Ordinal);

    /// <summary>The session that was shown something last stands at the end.</summary>
    private readonly LinkedList<Visit> _order = [];

    public void Add(string session, IEnumerable<StoreShowing> shown)
    {
        lock (_guard)
        {
            foreach (StoreShowing showing in shown)
            {
                LinkedList<StoreShowing> showings = VisitOf(session).Showings;
                showings.AddLast(showing);
                if (showings.Count > MostShowings)
                {
                    showings.RemoveFirst();
                }
            }
        }
    }

    /// <summary>Whether it was shown to the session and not taken since.</summary>
    public bool Take(string session, StoreShowing showing)
    {
        lock (_guard)
        {
            return _visits.TryGetValue(session, out LinkedListNode<Visit>? visit) && visit.Value.Showings.Remove(showing);
        }
    }

    /// <summary>Lets go of what was shown to somebody who is forgotten.</summary>
    public void Forget(IEnumerable<string> sessions)
    {
        lock (_guard)
        {
            foreach (string session in sessions)
            {
                if (_visits.Remove(session, out LinkedListNode<Visit>? visit))
                {
                    _order.Remove(visit);
                }
            }
        }
    }

    private Visit VisitOf(string session)
    {
        if (_visits.TryGetValue(session, out LinkedListNode<Visit>? known))
        {
            _order.Remove(known);
        }
        else
        {
            known = new LinkedListNode<Visit>(new Visit(session, []));
            _visits.Add(session, known);
        }

        _order.AddLast(known);
        if (_order.Count > MostSessions)
        {
            _visits.Remove(_order.First!.Value.Session);
            _order.RemoveFirst();
        }

        return known.Value;
    }

    private sealed record Visit(string Session, LinkedList<StoreShowing> Showings);
}

/// <param name="Query">The words that the list answered.</param>
/// <param name="Position">Place in it, from 1.</param>
internal readonly record struct StoreShowing(string? Product, string? Query, int? Position)
{
    public static StoreShowing Of(Interaction interaction) => new(interaction.Product, interaction.Query, interaction.Position);
}
