using System.Diagnostics;
using System.Globalization;
using Cartwright.Benchmarks.Peers;
using Cartwright.Benchmarks.Peers.Rows;
using Cartwright.Learning;
using Cartwright.Learning.Tensors;

namespace Cartwright.Benchmarks.Memory;

/// <summary>"soak --minutes 60 [--threads 1]": trains and answers for as long, and says whether memory grew.</summary>
/// <remarks>An attention block and a convolution network take turns, 20 training steps and 20 answers each.</remarks>
internal static class Soak
{
    private const int CallsInTurn = 20;
    private const double AllowedGrowth = 0.02;
    private const double Megabyte = 1e6;

    /// <returns>0 without growth, 1 with, 2 for arguments that are not understood.</returns>
    public static int Run(ReadOnlySpan<string> args)
    {
        int minutes = 60;
        int threads = 1;
        for (int i = 0; i < args.Length; i += 2)
        {
            bool isCount = int.TryParse(i + 1 < args.Length ? args[i + 1] : null, CultureInfo.InvariantCulture, out int count) && count > 0;
            switch (args[i])
            {
                case "--minutes" when isCount && count >= 3:
                    minutes = count;
                    break;
                case "--threads" when isCount:
                    threads = count;
                    break;
                default:
                    Console.Error.WriteLine($"'{args[i]}' is not understood. Usage: soak [--minutes 60] [--threads 1], 3 minutes or more.");
                    return 2;
            }
        }

        Compute.ThreadCount = threads;
        Measured.WriteMachine(Console.Out);
        return Verdict(Readings(minutes));
    }

    /// <summary>Resident bytes at the end of every minute.</summary>
    private static long[] Readings(int minutes)
    {
        Action[] work = [NetworkRows.AttentionStep(), NetworkRows.AttentionAnswer(), PictureRows.Step(), PictureRows.Forward()];
        Console.WriteLine("| minute | rounds | resident, MB | GC heap, MB | pool, MB | collections, oldest generation |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: |");
        long[] readings = new long[minutes];
        long rounds = 0;
        var watch = Stopwatch.StartNew();
        for (int minute = 1; minute <= minutes; minute++)
        {
            while (watch.Elapsed < TimeSpan.FromMinutes(minute))
            {
                foreach (Action action in work)
                {
                    for (int call = 0; call < CallsInTurn; call++)
                    {
                        action();
                    }
                }

                rounds++;
            }

            readings[minute - 1] = ResidentMemory.Now;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {minute} | {rounds} | {readings[minute - 1] / Megabyte:F1} | {GC.GetTotalMemory(false) / Megabyte:F1} | {BufferPool.RetainedBytes / Megabyte:F1} | {GC.CollectionCount(2)} |"));
        }

        return readings;
    }

    // The first and the last third: single minutes wobble with the collector.
    private static int Verdict(long[] readings)
    {
        int third = readings.Length / 3;
        double first = Median(readings[..third]);
        double last = Median(readings[^third..]);
        double growth = (last / first) - 1;
        bool grew = growth > AllowedGrowth;
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(grew ? "Growth" : "No growth")}: {first / Megabyte:F1} MB in the first third, {last / Megabyte:F1} MB in the last, {growth:+0.0%;-0.0%} (at most {AllowedGrowth:P0})."));
        return grew ? 1 : 0;
    }

    private static double Median(long[] values) => values.Order().ElementAt(values.Length / 2);
}
