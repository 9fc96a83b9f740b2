using System.Threading.Channels;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>The one writer of the database: whatever waits to be written is written in one transaction and acknowledged after it.</summary>
/// <remarks>
/// A commit waits for the disk once, so a hundred callers who wait together pay for one wait. Each piece of work stands in
/// its own savepoint: one that fails takes nothing of the others along.
/// </remarks>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int MaxWaiting = 10_000;
    private const int MaxGroup = 512;

    private readonly Connection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Channel<Work> _waiting = Channel.CreateBounded<Work>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Task _loop;

    public GroupCommit(Connection connection)
    {
        _connection = connection;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Does the work in a transaction; the answer comes once it is on disk.</summary>
    public async Task<T> WriteAsync<T>(Func<Connection, T> work, CancellationToken cancellationToken)
    {
        var item = new Work<T>(work);
        try
        {
            await _waiting.Writer.WriteAsync(item, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new StorageException("The shop is being closed.", isTransient: true);
        }

        using CancellationTokenRegistration registration = cancellationToken.Register(() => item.CancelIfWaiting(cancellationToken));
        return await item.Task;
    }

    /// <summary>Takes the right to write to the file, on this connection or another; everybody else waits until <see cref="Release"/>.</summary>
    public async Task<Connection> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return _connection;
    }

    public void Release() => _turn.Release();

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        await _turn.WaitAsync();
        _connection.Dispose();
        _turn.Dispose();
    }

    private async Task RunAsync()
    {
        var group = new List<Work>(MaxGroup);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            await _turn.WaitAsync();
            try
            {
                while (group.Count < MaxGroup && _waiting.Reader.TryRead(out Work? item))
                {
                    if (item.TryStart())
                    {
                        group.Add(item);
                    }
                }

                WriteGroup(group);
            }
            finally
            {
                _turn.Release();
                group.Clear();
            }
        }
    }

    private void WriteGroup(List<Work> group)
    {
        try
        {
            _connection.Write(() =>
            {
                foreach (Work work in group)
                {
                    Do(work);
                }

                return 0;
            });
        }
        catch (Exception failure)
        {
            // Nothing of the group is stored, and each caller hears it.
            foreach (Work work in group)
            {
                work.Fail(failure);
            }

            return;
        }

        foreach (Work work in group)
        {
            work.Acknowledge();
        }
    }

    private void Do(Work work)
    {
        _connection.Prepare("SAVEPOINT work").Run();
        try
        {
            work.Do(_connection);
        }
        catch (Exception failure) when (_connection.IsInTransaction)
        {
            work.Fail(failure);
            _connection.ResetAll();
            _connection.Prepare("ROLLBACK TO work").Run();
        }

        _connection.Prepare("RELEASE work").Run();
    }

    private abstract class Work
    {
        private int _isTaken;

        /// <returns>False where the caller gave up before.</returns>
        public bool TryStart() => Interlocked.Exchange(ref _isTaken, 1) == 0;

        public void CancelIfWaiting(CancellationToken cancellationToken)
        {
            if (TryStart())
            {
                Cancel(cancellationToken);
            }
        }

        public abstract void Do(Connection connection);

        public abstract void Acknowledge();

        public abstract void Fail(Exception failure);

        protected abstract void Cancel(CancellationToken cancellationToken);
    }

    private sealed class Work<T>(Func<Connection, T> work) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _done.Task;

        public override void Do(Connection connection) => _result = work(connection);

        public override void Acknowledge() => _done.TrySetResult(_result!);

        public override void Fail(Exception failure) => _done.TrySetException(failure);

        protected override void Cancel(CancellationToken cancellationToken) => _done.TrySetCanceled(cancellationToken);
    }
}
