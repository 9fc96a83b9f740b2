using System.Collections.Concurrent;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Runs;

namespace Cartwright.Server.Dashboard;

/// <summary>Shoppers that are being forgotten, or were a moment ago, for the page that watches it.</summary>
/// <remarks>It is no run: a run is stored with what it was asked, and nothing that names a forgotten shopper may be. The last 20 are kept, in memory.</remarks>
internal sealed class ForgettingDesk(Relearning relearning, TimeProvider clock, ILogger<ForgettingDesk> logger) : IAsyncDisposable
{
    private const int MostKept = 20;
    private static readonly TimeSpan LastWait = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Forgetting> _all = new(StringComparer.Ordinal);

    /// <summary>Begins at once; it goes on whoever watches.</summary>
    /// <returns>It, with its address in <see cref="Forgetting.Id"/>.</returns>
    public Forgetting Begin(string shopper)
    {
        foreach (Forgetting old in _all.Values.Where(one => one.Ended.IsCompleted).OrderByDescending(one => one.StartedAt).Skip(MostKept - 1))
        {
            _all.TryRemove(old.Id, out _);
        }

        var begun = new Forgetting(clock.GetUtcNow());
        _all[begun.Id] = begun;
        begun.Ended = Task.Run(() => DoAsync(begun, shopper));
        return begun;
    }

    /// <returns>Null for one that ended long ago, or in another process.</returns>
    public Forgetting? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>Waits for what is under way: half a forgetting would be none.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_all.Values.Select(one => one.Ended)).WaitAsync(LastWait);
        }
        catch (TimeoutException)
        {
            // The store undoes what was not completed.
        }
    }

    private async Task DoAsync(Forgetting begun, string shopper)
    {
        try
        {
            ForgetReceipt receipt = await relearning.ForgetAsync(shopper, begun);
            begun.Said = new Message(receipt.LeftBehind is null ? "good" : "warn", receipt.Summary);
        }
        catch (Exception failed)
        {
            begun.Said = new Message("bad", Failure.Tell(failed, logger));
        }
    }
}

/// <summary>One of them.</summary>
internal sealed class Forgetting(DateTimeOffset startedAt) : IProgress<RunProgress>
{
    private volatile RunProgress? _progress;

    /// <summary>Says nothing of the shopper.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("n");

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>Null before the first step.</summary>
    public RunProgress? Progress => _progress;

    /// <summary>What came of it; null while it is under way.</summary>
    public Message? Said { get; set; }

    public Task Ended { get; set; } = Task.CompletedTask;

    public void Report(RunProgress value) => _progress = value;
}
