using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Benchmarks.Peers;

namespace Cartwright.Benchmarks.Training;

/// <summary>Whole trainings beside those of the programs people use: speed, quality after the same epochs, memory.</summary>
internal static class TrainPeers
{
    private const string Usage = "train-peers <setting> <shop folder> <the peer's script> <the peer's checkout> [epochs, 1] [threads, 1]";
    private const double MebiByte = 1 << 20;

    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static async Task<int> RunAsync(string[] arguments)
    {
        PeerSetting? setting = PeerSetting.All.FirstOrDefault(s => s.Name == arguments.FirstOrDefault());
        int epochs = 1, threads = 1;
        if (setting is null || arguments.Length is < 4 or > 6
            || (arguments.Length > 4 && !int.TryParse(arguments[4], CultureInfo.InvariantCulture, out epochs))
            || (arguments.Length > 5 && !int.TryParse(arguments[5], CultureInfo.InvariantCulture, out threads)))
        {
            Console.Error.WriteLine($"Usage: {Usage}; settings: {string.Join(", ", PeerSetting.All.Select(s => s.Name))}.");
            return 2;
        }

        Measured.WriteMachine(Console.Out);
        TrainingOutcome ours = OwnTraining.Start(setting, arguments[1], epochs, threads);
        PeerData data = await PeerData.ReadAsync(arguments[1], setting.Protocol);
        TrainingOutcome theirs = PeerTraining.Run(setting, data, arguments[2], arguments[3], epochs, threads);
        Write(Console.Out, setting, data.Count(sequences: setting.IsSasRec), ours, theirs);
        return 0;
    }

    private static void Write(TextWriter output, PeerSetting setting, int examples, TrainingOutcome ours, TrainingOutcome theirs)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{setting.Name}: {examples:N0} {setting.Example} an epoch, {ours.EpochSeconds.Count} epochs on either side, middle epoch of each"));
        output.WriteLine();
        output.WriteLine("| | ours | peer | ratio |");
        output.WriteLine("| --- | ---: | ---: | ---: |");
        Row($"{setting.Example} per processor-second", examples / ours.SecondsPerEpoch, examples / theirs.SecondsPerEpoch, "F0",
            theirs.SecondsPerEpoch / ours.SecondsPerEpoch);
        Row("peak resident memory, MiB", ours.PeakBytes / MebiByte, theirs.PeakBytes / MebiByte, "F0", theirs.PeakBytes / (double)ours.PeakBytes);
        foreach ((string metric, TrainingQuality own) in ours.Quality)
        {
            if (theirs.Quality.TryGetValue(metric, out TrainingQuality? other))
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {metric} | {own} | {other} | {own.Value / other.Value:F2} |"));
            }
        }

        void Row(string name, double own, double other, string format, double ratio) => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {own.ToString(format, CultureInfo.InvariantCulture)} | {other.ToString(format, CultureInfo.InvariantCulture)} | {ratio:F2} |"));
    }
}
