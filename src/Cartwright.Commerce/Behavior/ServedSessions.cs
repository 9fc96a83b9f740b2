namespace Cartwright.Commerce.Behavior;

/// <summary>The model of sessions that is in service, with the sessions it has read.</summary>
/// <param name="Memory">A session's state after each event is remembered, so that a new event costs one step of the network, however long the session.</param>
internal sealed record ServedSessions(SessionModel Model, SessionMemory Memory);

/// <summary>The states of the sessions that were asked about lately. Safe to call from several threads.</summary>
internal sealed class SessionMemory
{
    private const int MostSessions = 4096;

    private readonly Lock _changing = new();
    private readonly Dictionary<string, Remembered> _sessions = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    /// <summary>The chances after every event that is read of a session; only events since the last question are computed.</summary>
    /// <param name="key">Names the session.</param>
    public Intent[] Read(SessionModel model, string key, Session session, ShopperPast past, Func<int, ProductReading> reading)
    {
        SessionBatch batch = SessionBatch.Of([(session, past)], reading, model.HasTimes);
        ReadOnlySpan<SessionEvent> events = session.Events.AsSpan(session.Events.Length - batch.TokenCount);
        Remembered? known;
        lock (_changing)
        {
            known = _sessions.GetValueOrDefault(key);
        }

        int same = known is null || known.PastSessions != past.Sessions ? 0 : events.CommonPrefixLength(known.Events);
        if (same == batch.TokenCount)
        {
            return known!.Intents[..same];
        }

        (Intent[] intents, float[][] states) = model.GoOn(same == 0 ? batch : batch.From(same), same == 0 ? [] : known!.States[same - 1]);
        var now = new Remembered(past.Sessions, events.ToArray(), [.. (known?.Intents ?? [])[..same], .. intents], [.. (known?.States ?? [])[..same], .. states]);
        lock (_changing)
        {
            if (_sessions.TryAdd(key, now))
            {
                _order.Enqueue(key);
                if (_order.Count > MostSessions)
                {
                    _sessions.Remove(_order.Dequeue());
                }
            }
            else
            {
                _sessions[key] = now;
            }
        }

        return now.Intents;
    }

    private sealed record Remembered(int PastSessions, SessionEvent[] Events, Intent[] Intents, float[][] States);
}
