using System.Diagnostics;
using System.Globalization;
using Cartwright.Benchmarks.Peers;
using Cartwright.Learning;

namespace Cartwright.Benchmarks.Memory;

/// <summary>How much memory a process that trains has at the highest, beside one of PyTorch that does the same.</summary>
internal static class MemoryPeers
{
    private const int Steps = 200;
    private const double Megabyte = 1e6;

    private static readonly string[] Rows =
    [
        "convolution network, 64 pictures, Adam step, channels first there",
        "convolution network, 64 pictures, Adam step, channels last there",
        "LSTM, 128 × 50 × 128, hidden 128, forward and backward",
        "attention block, 128 × 50 × 64, 2 heads, inner 64, forward and backward",
    ];

    /// <summary>A table with a row for each training; every figure is of a process of its own, on 1 thread.</summary>
    public static int Run(TextWriter output)
    {
        Measured.WriteMachine(output);
        output.WriteLine($"| resident at the highest, {Steps} steps | ours, MB | PyTorch, MB | theirs / ours | goal |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (string row in Rows)
        {
            double ours = OfOurs(row) / Megabyte;
            string peer = OfTorch(row, output) is { } bytes
                ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Megabyte:F0} | {bytes / Megabyte / ours:F2}")
                : "- | -";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row} | {ours:F0} | {peer} | 1 |"));
        }

        output.WriteLine();
        return 0;
    }

    /// <summary>"memory-row name": takes the steps and prints the peak, in bytes.</summary>
    public static int RunRow(string name)
    {
        Compute.ThreadCount = 1;
        Action step = TorchPeers.Find(name).Build();
        for (int i = 0; i < Steps; i++)
        {
            step();
        }

        Console.WriteLine(ResidentMemory.Peak);
        return 0;
    }

    private static double OfOurs(string row)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Environment.GetCommandLineArgs()[0], "memory-row", row])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        string peak = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(peak, CultureInfo.InvariantCulture);
    }

    private static double? OfTorch(string row, TextWriter output)
    {
        using TorchProcess? torch = TorchProcess.Start(1, output);
        return torch?.Peak(row, Steps);
    }
}
