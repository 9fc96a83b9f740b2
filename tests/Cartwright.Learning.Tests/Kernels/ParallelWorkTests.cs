using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class ParallelWorkTests : IDisposable
{
    private readonly int _before = Compute.ThreadCount;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_piece_runs_once(int threads)
    {
        Compute.ThreadCount = threads;
        for (int count = 0; count < 300; count++)
        {
            int[] runs = new int[count];

            ParallelWork.For(count, new Counting(runs));

            Assert.All(runs, r => Assert.Equal(1, r));
        }
    }

    [Fact]
    public void Neighboring_pieces_run_on_the_same_thread_while_all_threads_keep_pace()
    {
        Compute.ThreadCount = 2;
        int[] threads = new int[20];
        using Barrier pace = new(2);

        ParallelWork.For(threads.Length, new KeepingPace(threads, pace));

        Assert.All(threads[..10], thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
        Assert.All(threads[10..], thread => Assert.Equal(threads[10], thread));
        Assert.NotEqual(threads[0], threads[10]);
    }

    [Fact]
    public void A_thread_without_pieces_of_its_own_helps_with_those_of_others()
    {
        Compute.ThreadCount = 2;
        int[] threads = new int[20];

        ParallelWork.For(threads.Length, new Holding(threads));

        Assert.All(threads[1..], thread => Assert.NotEqual(threads[0], thread));
    }

    [Fact]
    public void A_nested_call_runs_on_its_caller()
    {
        Compute.ThreadCount = 3;
        int[] runs = new int[20 * 30];

        ParallelWork.For(20, new Nesting(runs));

        Assert.All(runs, r => Assert.Equal(1, r));
    }

    [Fact]
    public async Task Calls_from_several_threads_all_get_done()
    {
        Compute.ThreadCount = 2;

        await Parallel.ForAsync(0, 8, (_, _) =>
        {
            for (int i = 0; i < 200; i++)
            {
                int[] runs = new int[64];
                ParallelWork.For(64, new Counting(runs));
                Assert.All(runs, r => Assert.Equal(1, r));
            }

            return ValueTask.CompletedTask;
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exception_reaches_the_caller_and_leaves_the_threads_fit(int threads)
    {
        Compute.ThreadCount = threads;
        var e = Assert.Throws<InvalidOperationException>(() => ParallelWork.For(50, new Failing()));
        Assert.Equal("piece 7", e.Message);

        int[] runs = new int[50];
        ParallelWork.For(50, new Counting(runs));
        Assert.All(runs, r => Assert.Equal(1, r));
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        Compute.ThreadCount = 2;
        int[] runs = new int[100];
        ParallelWork.For(100, new Counting(runs));

        // The test runner allocates meanwhile, in some rounds more than one object a call would.
        long fewest = Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 10_000; i++)
            {
                ParallelWork.For(100, new Counting(runs));
            }

            return GC.GetTotalAllocatedBytes(precise: true) - before;
        });

        Assert.InRange(fewest, 0, 200_000);
    }

    [Fact]
    public void Confined_work_stays_on_its_thread()
    {
        Compute.ThreadCount = 3;
        int[] threads = new int[100];

        using (Compute.OnThisThread())
        {
            ParallelWork.For(threads.Length, new Noting(threads));
        }

        Assert.All(threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
    }

    [Fact]
    public void At_least_one_thread_is_asked_for()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Compute.ThreadCount = 0);
    }

    public void Dispose() => Compute.ThreadCount = _before;

    private readonly struct Counting(int[] runs) : IWorkItem
    {
        public void Run(int index) => Interlocked.Increment(ref runs[index]);
    }

    private readonly struct KeepingPace(int[] threads, Barrier pace) : IWorkItem
    {
        public void Run(int index)
        {
            threads[index] = Environment.CurrentManagedThreadId;
            pace.SignalAndWait();
        }
    }

    /// <summary>The first piece lasts until all others have begun, and these until it has.</summary>
    private readonly struct Holding(int[] threads) : IWorkItem
    {
        public void Run(int index)
        {
            Volatile.Write(ref threads[index], Environment.CurrentManagedThreadId);
            while (index == 0 ? Array.IndexOf(threads, 0) >= 0 : Volatile.Read(ref threads[0]) == 0)
            {
                Thread.Yield();
            }
        }
    }

    private readonly struct Noting(int[] threads) : IWorkItem
    {
        public void Run(int index) => threads[index] = Environment.CurrentManagedThreadId;
    }

    private readonly struct Nesting(int[] runs) : IWorkItem
    {
        public void Run(int index) => ParallelWork.For(30, new Part(runs, index));

        private readonly struct Part(int[] runs, int outer) : IWorkItem
        {
            public void Run(int index) => Interlocked.Increment(ref runs[(outer * 30) + index]);
        }
    }

    private readonly struct Failing : IWorkItem
    {
        public void Run(int index)
        {
            if (index >= 7)
            {
                throw new InvalidOperationException($"piece {index}");
            }
        }
    }
}
