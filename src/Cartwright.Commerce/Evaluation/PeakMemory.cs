using System.Diagnostics;
using System.Globalization;

namespace Cartwright.Commerce.Evaluation;

/// <summary>The largest resident set of the process while something was done.</summary>
/// <remarks>
/// Linux counts it anew when asked (proc(5): a 5 written to <c>clear_refs</c> resets <c>VmHWM</c>). Other systems, and a
/// Linux that forbids it, count from the start of the process, and so does this there.
/// </remarks>
internal static class PeakMemory
{
    private const string ResetPeak = "5";

    /// <summary>Gives back what is no longer used, so that it isn't counted, and begins to measure.</summary>
    public static void Restart()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux())
        {
            try
            {
                File.WriteAllText("/proc/self/clear_refs", ResetPeak);
            }
            catch (Exception forbidden) when (forbidden is IOException or UnauthorizedAccessException)
            {
                // The peak goes on from the start of the process, as it does on other systems.
            }
        }
    }

    /// <summary>The peak since <see cref="Restart"/>, in bytes; of the process where the system doesn't count anew.</summary>
    public static long Bytes
    {
        get
        {
            if (OperatingSystem.IsLinux()
                && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } peak)
            {
                return 1024 * long.Parse(peak.AsSpan("VmHWM:".Length).Trim().TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture);
            }

            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }
}
