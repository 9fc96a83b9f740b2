using System.Globalization;
using Cartwright.Learning;

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
        foreach ((string row, double? goal) in Rows)
        {
            Action one = On(1, TorchPeers.Find(row).Build()), two = On(2, TorchPeers.Find(row).Build());
            double[] medians = Array.ConvertAll(Measured.Samples(2, one, two), PairedTimes.Median);
            string name = row.Replace(", channels first there", "", StringComparison.Ordinal);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {medians[0] * 1000:F3} | {medians[1] * 1000:F3} | {medians[0] / medians[1]:F2} | {goal?.ToString("0.##", CultureInfo.InvariantCulture) ?? "-"} |"));
        }

        Compute.ThreadCount = before;
        output.WriteLine();
        return 0;
    }

    private static Action On(int threads, Action work) => () =>
    {
        Compute.ThreadCount = threads;
        work();
    };
}
