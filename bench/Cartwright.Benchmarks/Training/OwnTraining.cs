using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Benchmarks.Training;

/// <summary>Our training in a process of its own, so that its memory is all it takes: the runtime, the data, the model.</summary>
internal static class OwnTraining
{
    public const string Verb = "train-own";

    /// <summary>Starts the process and waits for its outcome.</summary>
    public static TrainingOutcome Start(PeerSetting setting, string data, int epochs, int threads)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(OwnTraining).Assembly.Location);
        }

        foreach (string argument in new[] { Verb, setting.Name, data, epochs.ToString(CultureInfo.InvariantCulture), threads.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<TrainingOutcome>(answer, TrainPeers.Json)!
            : throw new InvalidOperationException($"Our training ended with code {process.ExitCode}; its error stands above.");
    }

    /// <summary>The process: trains, measures, prints the outcome.</summary>
    /// <param name="arguments">Setting, data folder, epochs, threads.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        PeerSetting setting = PeerSetting.All.Single(s => s.Name == arguments[0]);
        int epochs = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        Compute.ThreadCount = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        PeerData data = await PeerData.ReadAsync(arguments[1], setting.Protocol);

        var clock = new EpochClock();
        IRecommendationModel model = setting.Ours.Fit(data.Training, new FitOptions { Epochs = epochs }, clock, CancellationToken.None);
        RankingMeasurement measured = data.Comparison.Measure(model, data.Split, data.Split.Test, [setting.Cutoff], CancellationToken.None);
        IReadOnlyDictionary<string, MetricEstimate> metrics = RankingMeasurement.Estimate([measured], seed: 1, withFullMap: false);
        var quality = metrics.ToDictionary(m => m.Key, m => new TrainingQuality(m.Value.Value, m.Value.Low, m.Value.High), StringComparer.Ordinal);
        Console.WriteLine(JsonSerializer.Serialize(new TrainingOutcome(clock.EpochSeconds, PeakMemory.Bytes, quality), TrainPeers.Json));
        return 0;
    }

    /// <summary>Processor time of the process from epoch to epoch, with all that the runtime does beside it.</summary>
    private sealed class EpochClock : IProgress<RunProgress>
    {
        private TimeSpan _last = Spent;

        public List<double> EpochSeconds { get; } = [];

        private static TimeSpan Spent => Process.GetCurrentProcess().TotalProcessorTime;

        public void Report(RunProgress value)
        {
            TimeSpan now = Spent;
            EpochSeconds.Add((now - _last).TotalSeconds);
            _last = now;
        }
    }
}
