using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Cartwright.Server.Observing;

/// <summary>What the server counts of its own work, for anybody who listens to the meter.</summary>
public sealed class Measures : IDisposable
{
    public const string MeterName = "Cartwright.Server";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _interactions;
    private readonly Counter<long> _runs;

    public Measures()
    {
        _interactions = _meter.CreateCounter<long>("cartwright.interactions", description: "Interactions stored over HTTP, by outcome.");
        _runs = _meter.CreateCounter<long>("cartwright.runs", description: "Runs that ended, by verb and status.");
    }

    internal void Appended(int accepted, int duplicates)
    {
        _interactions.Add(accepted, new KeyValuePair<string, object?>("outcome", "accepted"));
        _interactions.Add(duplicates, new KeyValuePair<string, object?>("outcome", "duplicate"));
    }

    internal void RunEnded(string slice, string verb, string status) =>
        _runs.Add(1, new TagList { { "slice", slice }, { "verb", verb }, { "status", status } });

    public void Dispose() => _meter.Dispose();
}
