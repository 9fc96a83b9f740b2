namespace Cartwright.Commerce.Automation;

/// <summary>Says in the store that a process is at work on changes, until it is done or the process ends.</summary>
/// <remarks>
/// Several processes share a shop: a server, and whoever types a command. What one of them has in hand must not be settled by another that just starts, so each
/// says again and again that it lives (Gray and Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency", 1989). A process that is held up for longer than a lease is taken
/// for dead; what it then says of its changes is refused, since each moves on only from the state it was in.
/// </remarks>
internal sealed class WorkLease : IAsyncDisposable
{
    /// <summary>How long after its last word a process counts as alive.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(20);

    private readonly string _worker = Guid.NewGuid().ToString("N");
    private readonly IAutomationStore _store;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ended = new();
    private Task _renewing = Task.CompletedTask;

    private WorkLease(IAutomationStore store, TimeProvider clock) => (_store, _clock) = (store, clock);

    public static async Task<WorkLease> TakeAsync(IAutomationStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var lease = new WorkLease(store, clock);
        await store.RenewLeaseAsync(lease._worker, clock.GetUtcNow() + Length, cancellationToken);
        lease._renewing = lease.RenewAsync();
        return lease;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
        await _store.EndLeaseAsync(_worker, CancellationToken.None);
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Renewal);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                await _store.RenewLeaseAsync(_worker, _clock.GetUtcNow() + Length, _ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is done.
        }
        catch (Catalog.StorageException)
        {
            // The work itself meets the same store, and says so.
        }
    }
}
