using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cartwright.Benchmarks.Peers;

/// <summary>Times for the ratio programs: many short samples, taken in turn.</summary>
internal static partial class Measured
{
    private const double SampleSeconds = 0.002;
    private const double TotalSeconds = 1.2;

    /// <summary>
    /// Idle threads of the other side spin for about a millisecond, half a sample, on the processor that ours need: let
    /// them sleep first. The first call then wakes ours, and is not counted.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private const int ProcessProcessorTime = 2;
    private const int ThreadProcessorTime = 3;

    /// <summary>Samples of each action, in seconds a call; the actions in turn, so that what slows the machine slows all of them.</summary>
    /// <param name="threads">
    /// With 1, processor time of this thread is taken where the system tells it, else the time on the wall.
    /// </param>
    public static double[][] Samples(int threads, params Action[] actions)
    {
        Func<double> now = threads == 1 && OperatingSystem.IsLinux() ? () => ProcessorTime(ThreadProcessorTime) : WallTime;
        List<double>[] seconds = [.. actions.Select(_ => new List<double>())];
        int[] calls = new int[actions.Length];
        for (int i = 0; i < actions.Length; i++)
        {
            calls[i] = CallsIn(SampleSeconds, actions[i], now);
        }

        double begin = now();
        for (int sample = 0; sample < 5 || now() - begin < TotalSeconds * actions.Length; sample++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                if (threads > 1)
                {
                    Task.Delay(Pause).Wait();
                    actions[i]();
                }

                double start = now();
                for (int call = 0; call < calls[i]; call++)
                {
                    actions[i]();
                }

                seconds[i].Add((now() - start) / calls[i]);
            }
        }

        return [.. seconds.Select(s => s.ToArray())];
    }

    /// <summary>Seconds of one call each: the shortest of the samples, which other processes disturb least.</summary>
    public static double[] Seconds(int threads, params Action[] actions) => Array.ConvertAll(Samples(threads, actions), s => s.Min());

    /// <summary>Seconds to take differences of: with one thread the processor time of the process where the system tells it, else the wall's.</summary>
    public static Func<double> Clock(int threads) =>
        threads == 1 && OperatingSystem.IsLinux() ? () => ProcessorTime(ProcessProcessorTime) : WallTime;

    /// <summary>Warms up until the compiler is through with its tiers, then says how many calls take the seconds asked for.</summary>
    public static int CallsIn(double seconds, Action action, Func<double> now)
    {
        double start = now();
        int count = 0;
        while (count < 3 || (now() - start < 0.5 && count < 20_000))
        {
            action();
            count++;
        }

        start = now();
        for (int call = 0; call < 3; call++)
        {
            action();
        }

        return Math.Max(1, (int)Math.Round(3 * seconds / Math.Max(now() - start, 1e-9)));
    }

    private static double WallTime() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private static unsafe double ProcessorTime(int clock)
    {
        nint* time = stackalloc nint[2];
        return GetTime(clock, time) == 0 ? time[0] + (time[1] * 1e-9) : WallTime();
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static unsafe partial int GetTime(int clock, nint* time);

    /// <summary>Two lines that say where the figures below them come from.</summary>
    public static void WriteMachine(TextWriter output)
    {
        output.WriteLine($"{Machine.Processor}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        if (File.Exists("/proc/loadavg"))
        {
            output.WriteLine($"Load average at the start: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        }

        output.WriteLine("On 1 thread: processor time. On 2: time on the wall, which a busy machine makes longer.");
        output.WriteLine();
    }
}
