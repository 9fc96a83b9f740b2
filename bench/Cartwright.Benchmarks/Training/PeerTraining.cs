using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cartwright.Benchmarks.Peers;

namespace Cartwright.Benchmarks.Training;

/// <summary>A peer's training, by a script that prints JSON lines, from a checkout of the peer.</summary>
internal static class PeerTraining
{
    private const double MebiByte = 1 << 20;

    /// <param name="script">run_sasrec.py or run_gru4rec.py.</param>
    public static TrainingOutcome Run(PeerSetting setting, PeerData data, string script, string checkout, int epochs, int threads)
    {
        string folder = Directory.CreateTempSubdirectory("cartwright-peer-").FullName;
        string name = Path.GetFileName(folder);
        string shoppers = Path.Combine(checkout, "python", "data", $"{name}.txt");    // the one place where that peer looks
        string count = epochs.ToString(CultureInfo.InvariantCulture);
        try
        {
            if (setting.IsSasRec)
            {
                data.WriteShoppers(shoppers);
                return Of(Start(threads, [Path.Combine(AppContext.BaseDirectory, "rank_all.py"), script, checkout, "--data", name, "--epochs", count,
                    "--eval-every", count, "--minutes", "100000", "--test-only", .. setting.Theirs]));
            }

            (string train, string test) = (Path.Combine(folder, "train.tsv"), Path.Combine(folder, "test.tsv"));
            data.WriteSessions(train, test);
            return Of(Start(threads, [script, checkout, train, test, setting.Theirs[0], $"{setting.Theirs[1]},n_epochs={count}"]));
        }
        finally
        {
            if (setting.IsSasRec)
            {
                File.Delete(shoppers);
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<JsonElement> Start(int threads, string[] arguments)
    {
        string count = threads.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(TorchProcess.Python) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (string[])[.. arguments, "--threads", count])
        {
            start.ArgumentList.Add(argument);
        }

        TorchProcess.SetEnvironment(start, threads);
        start.Environment["OPENBLAS_NUM_THREADS"] = count;
        start.Environment["PEER_THREADS"] = count;              // tells run_sasrec.py that its environment is set already
        using Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Console.Error.WriteLine(line);
            if (line.StartsWith('{'))
            {
                yield return JsonDocument.Parse(line).RootElement;
            }
        }

        process.WaitForExit();
    }

    private static TrainingOutcome Of(IEnumerable<JsonElement> lines)
    {
        List<double> seconds = [];
        var quality = new Dictionary<string, TrainingQuality>(StringComparer.Ordinal);
        long peak = 0;
        foreach (JsonElement line in lines)
        {
            if (line.TryGetProperty("cpu_s_epoch", out JsonElement epoch))
            {
                seconds.Add(epoch.GetDouble());
            }
            else if (line.TryGetProperty("at", out JsonElement cutoff))
            {
                quality[$"recall@{cutoff}"] = new TrainingQuality(line.GetProperty("recall").GetDouble());
                quality[$"mrr@{cutoff}"] = new TrainingQuality(line.GetProperty("mrr").GetDouble());
            }
            else if (line.TryGetProperty("peak_rss_mb", out JsonElement megabytes))
            {
                peak = (long)(megabytes.GetDouble() * MebiByte);
            }
            else
            {
                foreach (JsonProperty metric in line.EnumerateObject().Where(p => p.Name.Contains('@', StringComparison.Ordinal)))
                {
                    quality[metric.Name] = metric.Value.Deserialize<TrainingQuality>(TrainPeers.Json)!;
                }
            }
        }

        return seconds.Count > 0 && peak > 0
            ? new TrainingOutcome(seconds, peak, quality)
            : throw new InvalidOperationException("The peer's script ended without telling its times; its error stands above.");
    }
}
