using System.Diagnostics;
using Cartwright.Learning.Distributed;

namespace Cartwright.Learning.Tests.Distributed;

/// <summary>A test that needs Open MPI; skipped with a word where it is not installed.</summary>
public sealed class MpiFactAttribute : FactAttribute
{
    public MpiFactAttribute() => Skip = MpiRun.WhyNot;
}

/// <inheritdoc cref="MpiFactAttribute"/>
public sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute() => Skip = MpiRun.WhyNot;
}

/// <summary>Starts this assembly's <see cref="Program"/> in one process, or in several under mpirun.</summary>
internal static class MpiRun
{
    /// <summary>Null where ranks can be started.</summary>
    public static string? WhyNot { get; } = ProcessGroup.IsAvailable && File.Exists("/usr/bin/mpirun")
        ? null : "Open MPI is not installed (Debian: openmpi-bin libopenmpi3).";

    public static Process Start(int ranks, params string[] arguments)
    {
        string[] program = ["dotnet", "exec", typeof(MpiRun).Assembly.Location, .. arguments];
        string[] command = ranks == 1
            ? program
            : ["mpirun", "-np", $"{ranks}", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", .. program];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                ["TERM"] = "dumb",
                ["OMPI_MCA_btl_vader_single_copy_mechanism"] = "none",       // containers often forbid it
                ["OMPI_MCA_btl"] = "self,vader",
                ["OMPI_MCA_mpi_yield_when_idle"] = "1",
            },
        };
        return Process.Start(start)!;
    }

    public static Task<(int ExitCode, string Output)> EndAsync(Process process) => EndAsync(process, process.StandardError.ReadToEndAsync());

    public static async Task<(int ExitCode, string Output)> EndAsync(Process process, Task<string> errors)
    {
        using (process)
        {
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await errors);
        }
    }
}
