using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Cartwright.Learning.Kernels;

/// <summary>Work that was cut into numbered pieces, each of which may run on any thread.</summary>
internal interface IWorkItem
{
    /// <summary>Does one piece. It writes only what no other piece writes.</summary>
    void Run(int index);
}

/// <summary>Runs numbered pieces of work on <see cref="Compute.ThreadCount"/> threads without allocating.</summary>
/// <remarks>
/// The pieces are cut by the caller, by size and never by the number of threads, so that the bits of a result do
/// not depend on it. One job runs at a time: a nested call, or one from a second thread, runs on its caller.
/// </remarks>
internal static unsafe class ParallelWork
{
    private const int SpinsBeforeParking = 2_000;

    // The job that is running. Written before _remaining opens it, and fixed until the last piece is completed:
    // whoever takes a piece (by lowering _remaining) holds the job open, so reading these afterwards is safe.
    private static void* _body;
    private static delegate*<void*, int, void> _run;
    private static int _count;
    private static int _remaining;
    private static int _completed;

    private static int _isTaken;
    private static readonly Lock FailureLock = new();
    private static ExceptionDispatchInfo? _failure;
    private static int _failureIndex;
    private static Worker[] _workers = [];

    /// <summary>Runs <c>body.Run(0)</c> … <c>body.Run(count - 1)</c> and returns when all are done.</summary>
    /// <remarks>If pieces throw, all others still run and the exception of the lowest index is thrown.</remarks>
    public static void For<TBody>(int count, TBody body)
        where TBody : struct, IWorkItem
    {
        int threads = Math.Min(Compute.ThreadCount, count);
        if (threads <= 1 || Compute.IsConfined || Interlocked.CompareExchange(ref _isTaken, 1, 0) != 0)
        {
            for (int i = 0; i < count; i++)
            {
                body.Run(i);
            }

            return;
        }

        ExceptionDispatchInfo? failure;
        try
        {
            RunShared(count, threads - 1, Unsafe.AsPointer(ref body), &RunOne<TBody>);
            failure = _failure;
            _failure = null;
        }
        finally
        {
            Volatile.Write(ref _isTaken, 0);
        }

        failure?.Throw();
    }

    private static void RunOne<TBody>(void* body, int index)
        where TBody : struct, IWorkItem => Unsafe.AsRef<TBody>(body).Run(index);

    private static void RunShared(int count, int helpers, void* body, delegate*<void*, int, void> run)
    {
        EnsureWorkers(helpers);
        _body = body;
        _run = run;
        _count = count;
        _completed = 0;
        Volatile.Write(ref _remaining, count);
        Interlocked.MemoryBarrier();
        for (int i = 0; i < helpers; i++)
        {
            _workers[i].Wake();
        }

        while (TryRunPiece())
        {
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref _completed) != count)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private static bool TryRunPiece()
    {
        int remaining = Volatile.Read(ref _remaining);
        while (remaining > 0)
        {
            int found = Interlocked.CompareExchange(ref _remaining, remaining - 1, remaining);
            if (found == remaining)
            {
                RunPiece(_count - remaining);
                return true;
            }

            remaining = found;
        }

        return false;
    }

    private static void RunPiece(int index)
    {
        try
        {
            _run(_body, index);
        }
        catch (Exception e)
        {
            lock (FailureLock)
            {
                if (_failure is null || index < _failureIndex)
                {
                    _failure = ExceptionDispatchInfo.Capture(e);
                    _failureIndex = index;
                }
            }
        }

        Interlocked.Increment(ref _completed);
    }

    private static void EnsureWorkers(int count)
    {
        if (_workers.Length >= count)
        {
            return;
        }

        var workers = new Worker[count];
        _workers.CopyTo(workers, 0);
        for (int i = _workers.Length; i < count; i++)
        {
            workers[i] = new Worker(i);
        }

        _workers = workers;
    }

    private sealed class Worker
    {
        private readonly int _index;
        private readonly object _parking = new();
        private int _isParked;

        public Worker(int index)
        {
            _index = index;
            var thread = new Thread(Loop) { IsBackground = true, Name = $"Cartwright compute {index + 1}" };
            thread.Start();
        }

        public void Wake()
        {
            if (Volatile.Read(ref _isParked) == 1 && Interlocked.CompareExchange(ref _isParked, 0, 1) == 1)
            {
                lock (_parking)
                {
                    Monitor.Pulse(_parking);
                }
            }
        }

        private bool HasWork => Volatile.Read(ref _remaining) > 0 && _index < Compute.ThreadCount - 1;

        private void Loop()
        {
            while (true)
            {
                int spins = 0;
                while (!HasWork && spins < SpinsBeforeParking)
                {
                    Thread.SpinWait(4);
                    spins++;
                }

                if (!HasWork)
                {
                    Park();
                }

                while (HasWork && TryRunPiece())
                {
                }
            }
        }

        private void Park()
        {
            Interlocked.Exchange(ref _isParked, 1);

            // Work that was opened before the flag could be seen wakes nobody, so look once more.
            if (HasWork && Interlocked.CompareExchange(ref _isParked, 0, 1) == 1)
            {
                return;
            }

            lock (_parking)
            {
                while (Volatile.Read(ref _isParked) == 1)
                {
                    Monitor.Wait(_parking);
                }
            }
        }
    }
}
