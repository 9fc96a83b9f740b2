using System.Globalization;

namespace Cartwright.Benchmarks.Memory;

/// <summary>What the system says about the memory of this process; only on Linux.</summary>
internal static class ResidentMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>Bytes in memory now.</summary>
    public static long Now => Read("VmRSS:");

    /// <summary>Bytes in memory at the highest.</summary>
    public static long Peak => Read("VmHWM:");

    // "VmRSS:	   31796 kB"
    private static long Read(string field)
    {
        string line = File.ReadLines(Status).First(l => l.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
