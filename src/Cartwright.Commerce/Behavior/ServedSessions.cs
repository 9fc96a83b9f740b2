using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Behavior;

/// <summary>The model of sessions that is in service, loaded at the first question and again where another is activated, with the sessions it has read.</summary>
/// <remarks>
/// A session's state after each event is remembered, so that a new event costs one step of the network, however long the session. Whether another
/// process activated a version is looked up at every question: a file's time stamp.
/// </remarks>
internal sealed class ServedSessions(VersionFolders versions)
{
    private readonly Lock _loading = new();
    private volatile Loaded? _loaded;

    /// <summary>Null where nothing is trained yet.</summary>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">The version in service is damaged.</exception>
    public (SessionModel Model, SessionMemory Memory, string Version)? Find()
    {
        DateTime activatedAt = versions.ActivatedAt;
        if (_loaded is { } ready && ready.ActivatedAt == activatedAt)
        {
            return (ready.Model, ready.Memory, ready.Version);
        }

        lock (_loading)
        {
            if (_loaded is not { } loaded || loaded.ActivatedAt != activatedAt)
            {
                if (versions.Active is not { } version)
                {
                    return null;
                }

                _loaded = loaded = new Loaded(SessionModelFile.Load(versions.FolderOf(version)), new SessionMemory(), version, activatedAt);
            }

            return (loaded.Model, loaded.Memory, loaded.Version);
        }
    }

    private sealed record Loaded(SessionModel Model, SessionMemory Memory, string Version, DateTime ActivatedAt);
}

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
