using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Cartwright.Benchmarks.Peers;

/// <summary>The machine that figures come from, and where figures from it are kept.</summary>
internal static partial class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>Families and models of processors that on a rented machine call themselves "Intel(R) Xeon(R) Processor" or "AMD EPYC".</summary>
    private static readonly Dictionary<(int Family, int Model), string> Generations = new()
    {
        [(6, 85)] = "Intel Xeon Skylake",
        [(6, 106)] = "Intel Xeon Ice Lake",
        [(6, 143)] = "Intel Xeon Sapphire Rapids",
        [(6, 207)] = "Intel Xeon Emerald Rapids",
        [(23, 49)] = "AMD EPYC 7002",
        [(25, 1)] = "AMD EPYC 7003",
        [(25, 17)] = "AMD EPYC 9004",
    };

    /// <summary>The processor's name, with its generation where the name doesn't tell.</summary>
    public static string Processor { get; } = ReadProcessor();

    /// <summary>bench/results/&lt;processor&gt;-&lt;count&gt;-cores of this checkout.</summary>
    public static string ResultsFolder => Path.Combine(
        CheckoutFolder(), "bench", "results",
        NotInNames().Replace($"{Generation() ?? Processor}-{Environment.ProcessorCount}-cores".ToLowerInvariant(), "-"));

    /// <summary>The commit that is measured, "unknown" without git.</summary>
    public static string Commit
    {
        get
        {
            try
            {
                using Process git = Process.Start(new ProcessStartInfo("git", "describe --always --dirty")
                {
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                    WorkingDirectory = CheckoutFolder(),
                })!;
                return git.StandardOutput.ReadToEnd().Trim();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return "unknown";
            }
        }
    }

    private static string ReadProcessor()
    {
        string name = Field("model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        return Generation() is { } generation ? $"{name} ({generation})" : name;
    }

    private static string? Generation() =>
        int.TryParse(Field("cpu family"), CultureInfo.InvariantCulture, out int family)
        && int.TryParse(Field("model"), CultureInfo.InvariantCulture, out int model)
            ? Generations.GetValueOrDefault((family, model))
            : null;

    private static string? Field(string name) =>
        File.Exists(ProcessorFile)
            ? File.ReadLines(ProcessorFile).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
                .FirstOrDefault(field => field.Length == 2 && field[0] == name)?[1]
            : null;

    private static string CheckoutFolder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Cartwright.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? Environment.CurrentDirectory;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInNames();
}
