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
/// Each thread has a share of neighboring pieces and then helps with the others' from the end, so that rows which one
/// kernel wrote are mostly read by the thread whose cache still holds them in the next.
/// </remarks>
internal static unsafe class ParallelWork
{
    private const int SpinsBeforeParking = 2_000;

    /// <summary>Numbers from one share to the next: two cache lines, which processors fetch together.</summary>
    private const int SharePitch = 16;

    // The job that is running. Written before a share opens it, and fixed until the last piece is completed:
    // whoever takes a piece holds the job open, so reading these afterwards is safe.
    private static void* _body;
    private static delegate*<void*, int, void> _run;

    // What is left of each thread's share, its first piece in the upper half and its end in the lower; behind it how many pieces the
    // thread completed, whosoever they were. Threads that write one line of memory wait for each other, so everyone has lines of their
    // own. Only ever replaced by more, between jobs, and before _threads says so.
    private static long[] _shares = [];
    private static int _threads;

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
        int threads = helpers + 1;
        if (_shares.Length < threads * SharePitch)
        {
            Volatile.Write(ref _shares, new long[threads * SharePitch]);
        }

        EnsureWorkers(helpers);

        _body = body;
        _run = run;
        for (int at = 0; at < _shares.Length; at += SharePitch)
        {
            _shares[at + 1] = 0;
        }

        Volatile.Write(ref _threads, threads);
        for (int thread = 0; thread < threads; thread++)
        {
            Volatile.Write(ref _shares[thread * SharePitch], Share((int)((long)count * thread / threads), (int)((long)count * (thread + 1) / threads)));
        }

        Interlocked.MemoryBarrier();
        for (int i = 0; i < helpers; i++)
        {
            _workers[i].Wake();
        }

        while (TryRunPiece(thread: 0))
        {
        }

        var wait = default(SpinWait);
        while (Completed() != count)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private static long Completed()
    {
        long completed = 0;
        for (int at = 0; at < _shares.Length; at += SharePitch)
        {
            completed += Volatile.Read(ref _shares[at + 1]);
        }

        return completed;
    }

    private static long Share(int first, int end) => ((long)first << 32) | (uint)end;

    private static bool IsEmpty(long share) => (int)(share >> 32) >= (int)share;

    // The thread's own share from the front, then those of the others from the end.
    private static bool TryRunPiece(int thread)
    {
        int threads = Volatile.Read(ref _threads);
        long[] shares = Volatile.Read(ref _shares);
        for (int i = 0; i < threads; i++)
        {
            int owner = (thread + i) % threads;
            if (TryTake(ref shares[owner * SharePitch], isOwn: owner == thread, out int piece))
            {
                RunPiece(piece);
                ref long completed = ref shares[(thread * SharePitch) + 1];
                Volatile.Write(ref completed, completed + 1);
                return true;
            }
        }

        return false;
    }

    private static bool TryTake(ref long share, bool isOwn, out int piece)
    {
        long left = Volatile.Read(ref share);
        while (!IsEmpty(left))
        {
            (int first, int end) = ((int)(left >> 32), (int)left);
            piece = isOwn ? first : end - 1;
            long found = Interlocked.CompareExchange(ref share, isOwn ? Share(first + 1, end) : Share(first, end - 1), left);
            if (found == left)
            {
                return true;
            }

            left = found;
        }

        piece = 0;
        return false;
    }

    private static bool IsOpen()
    {
        int threads = Volatile.Read(ref _threads);
        long[] shares = Volatile.Read(ref _shares);
        for (int thread = 0; thread < threads; thread++)
        {
            if (!IsEmpty(Volatile.Read(ref shares[thread * SharePitch])))
            {
                return true;
            }
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
    }

    // One by one, so that those who started stay known where the next can't: two with one number would lose each other's count.
    private static void EnsureWorkers(int count)
    {
        while (_workers.Length < count)
        {
            var workers = new Worker[_workers.Length + 1];
            _workers.CopyTo(workers, 0);
            workers[^1] = new Worker(_workers.Length);
            _workers = workers;
        }
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

        private bool IsAsked => _index < Compute.ThreadCount - 1;

        private bool HasWork => IsAsked && IsOpen();

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

                while (IsAsked && TryRunPiece(_index + 1))
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
