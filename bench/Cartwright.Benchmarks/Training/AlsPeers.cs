using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cartwright.Benchmarks.Peers;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning;

namespace Cartwright.Benchmarks.Training;

/// <summary>Alternating least squares beside the library `implicit`: interactions * epochs per second of one processor.</summary>
/// <remarks>Without a checkout of the peer beside what it reached on amazon-beauty-5core, with 64 factors, on a processor of 2023.</remarks>
internal static class AlsPeers
{
    private const string Usage = "als-peers <shop folder> [<run_implicit.py> <checkout of implicit, compiled>]";
    private const double KnownPeer = 710_000;
    private const int Factors = 64;
    private const int Epochs = 15;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length is not 1 and not 3)
        {
            Console.Error.WriteLine($"Usage: {Usage}.");
            return 2;
        }

        Measured.WriteMachine(Console.Out);
        PeerData data = await PeerData.ReadAsync(arguments[0], "leave-one-out");
        Compute.ThreadCount = 1;
        double ours = 0;
        for (int repeat = 0; repeat < 4; repeat++)                       // the first one compiles
        {
            ours = Math.Max(ours, OwnRate(data));
        }

        double theirs = arguments.Length == 3 ? PeerRate(data, arguments[1], arguments[2]) : KnownPeer;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"als, {Factors} factors: {ours:N0} interactions per processor-second, implicit {theirs:N0}{(arguments.Length == 3 ? "" : " (known)")}, ratio {ours / theirs:F2}"));
        return 0;
    }

    private static double OwnRate(PeerData data)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        AlsTrainer.Fit(data.Split.Train, data.Training.ProductCount, new AlsOptions { FactorCount = Factors, Epochs = Epochs }, 1, CancellationToken.None);
        process.Refresh();
        return (double)data.Split.Train.StepCount * Epochs / (process.TotalProcessorTime - before).TotalSeconds;
    }

    private static double PeerRate(PeerData data, string script, string checkout)
    {
        string file = Path.GetTempFileName();
        data.WriteShoppers(file);
        var start = new ProcessStartInfo(TorchProcess.Python) { RedirectStandardOutput = true, UseShellExecute = false };
        string[] options = ["--threads", "1", "--factors", Factors.ToString(CultureInfo.InvariantCulture), "--iters", Epochs.ToString(CultureInfo.InvariantCulture)];
        foreach (string argument in (string[])[script, checkout, file, .. options])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        double rate = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Console.Error.WriteLine(line);
            JsonElement said = JsonDocument.Parse(line).RootElement;
            if (said.TryGetProperty("model", out JsonElement model) && model.GetString() == "als" && said.TryGetProperty("interactions_per_cpu_s", out JsonElement reached))
            {
                rate = reached.GetDouble();
            }
        }

        process.WaitForExit();
        File.Delete(file);
        return rate > 0 ? rate : throw new InvalidOperationException("The peer's script ended without telling its rate; its error stands above.");
    }
}
