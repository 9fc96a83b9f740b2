using System.Globalization;
using Cartwright.Learning;
using Cartwright.Learning.Kernels;

namespace Cartwright.Benchmarks.Peers;

/// <summary>Our own work on 2 threads beside the same on 1, in turn and in one run.</summary>
internal static class ScalingPeers
{
    private static readonly (string Row, double? Goal)[] Rows =
    [
        ("attention block, 128 × 50 × 64, 2 heads, inner 64, forward and backward", 1.7),
        ("attention block, 128 × 50 × 64, 2 heads, inner 256, forward and backward", 1.7),
        ("convolution network, 64 pictures, forward, channels first there", 1.7),
        ("convolution network, 64 pictures, Adam step, channels first there", 1.7),
        ("LSTM, 128 × 50 × 128, hidden 128, forward and backward", null),
        ("GRU, 128 × 50 × 128, hidden 128, forward and backward", null),
    ];

    public static int Run(TextWriter output)
    {
        Measured.WriteMachine(output);
        if (Environment.ProcessorCount < 2)
        {
            output.WriteLine("There is one processor: nothing to compare.");
            return 0;
        }

        output.WriteLine("| ours, time on the wall | 1 thread, ms | 2 threads, ms | 1 thread / 2 threads | goal |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        int before = Compute.ThreadCount;
        Write(output, "what the machine gives: products that stay in each processor's first cache", null, InFirstCache);
        foreach ((string row, double? goal) in Rows)
        {
            Write(output, row.Replace(", channels first there", "", StringComparison.Ordinal), goal, TorchPeers.Find(row).Build);
        }

        Compute.ThreadCount = before;
        output.WriteLine();
        return 0;
    }

    private static void Write(TextWriter output, string name, double? goal, Func<Action> build)
    {
        double[] medians = Array.ConvertAll(Measured.Samples(2, On(1, build()), On(2, build())), PairedTimes.Median);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {medians[0] * 1000:F3} | {medians[1] * 1000:F3} | {medians[0] / medians[1]:F2} | {goal?.ToString("0.##", CultureInfo.InvariantCulture) ?? "-"} |"));
    }

    // Two processors of a shared machine may be halves of one, or give way to a neighbor: no program gains more than this from the second.
    private static Action InFirstCache() => () => ParallelWork.For(Loops.Pieces, default(Loops));

    private readonly struct Loops : IWorkItem
    {
        public const int Pieces = 64;
        private const int Repeats = 200;
        private const int Size = 48;

        [ThreadStatic]
        private static float[][]? _matrices;

        public void Run(int index)
        {
            float[][] matrices = _matrices ??= [new float[Size * Size], new float[Size * Size], new float[Size * Size]];
            for (int i = 0; i < Repeats; i++)
            {
                Gemm.Multiply(matrices[0], false, matrices[1], false, matrices[2], Size, Size, Size, beta: 0);
            }
        }
    }

    private static Action On(int threads, Action work) => () =>
    {
        Compute.ThreadCount = threads;
        work();
    };
}
