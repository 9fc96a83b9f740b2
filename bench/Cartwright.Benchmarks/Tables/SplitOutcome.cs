using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Cartwright.Benchmarks.Peers;
using Cartwright.Learning.Trees;

namespace Cartwright.Benchmarks.Tables;

/// <summary>What scikit-learn reached on one seeded split of a table, on one thread.</summary>
/// <param name="Metric">"auc" or "rmse".</param>
/// <param name="Numbers">Columns of numbers, which stand first.</param>
/// <param name="Categories">Categories of each column after them.</param>
internal sealed record SplitOutcome(string Metric, Dictionary<string, SplitMeasure> Models, int Numbers, int[] Categories)
{
    /// <summary>The model that learns the same columns for as many rounds as ours.</summary>
    public const string LikeForLike = "trees, 100 rounds";

    /// <param name="to">Where the table is written with a column "part".</param>
    public static SplitOutcome Of(string path, string target, string id, int seed, string share, string to)
    {
        var start = new ProcessStartInfo(TorchProcess.Python) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "table_splits.py"), path, target, id, seed.ToString(CultureInfo.InvariantCulture), share, to])
        {
            start.ArgumentList.Add(argument);
        }

        TorchProcess.SetEnvironment(start, threads: 1);
        using Process process = Process.Start(start)!;
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<SplitOutcome>(answer, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"scikit-learn's side ended with code {process.ExitCode}; its error stands above.");
    }

    /// <summary>The columns and targets that it learned from, and those that it was tested on.</summary>
    public (FeatureColumn[] Columns, float[] Targets, FeatureColumn[] TestColumns, float[] TestTargets) Read(string table)
    {
        float[] x = Floats(table + ".x"), y = Floats(table + ".y"), part = Floats(table + ".part");
        int[] train = [.. Enumerable.Range(0, y.Length).Where(i => part[i] == 0)];
        int[] test = [.. Enumerable.Range(0, y.Length).Where(i => part[i] == 1)];
        return (Columns(train), Array.ConvertAll(train, i => y[i]), Columns(test), Array.ConvertAll(test, i => y[i]));

        FeatureColumn[] Columns(int[] rows) => [.. Enumerable.Range(0, Numbers + Categories.Length).Select(c => new FeatureColumn(
            $"column {c}", Array.ConvertAll(rows, row => x[(c * y.Length) + row]), c < Numbers ? 0 : Categories[c - Numbers]))];
    }

    private static float[] Floats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
}

/// <param name="Value">Of the metric, on the rows tested.</param>
/// <param name="Seconds">Processor time of learning.</param>
internal sealed record SplitMeasure(double Value, double Seconds);
