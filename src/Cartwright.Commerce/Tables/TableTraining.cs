using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Tables;

/// <summary>One training on a table: from its rows to a version on disk, judged beside the baselines and the version in service.</summary>
/// <param name="versions">Where the slice keeps its versions.</param>
/// <param name="slice">As on the command line: "pricing".</param>
internal sealed class TableTraining(VersionFolders versions, string slice, TimeProvider clock)
{
    private const int JudgedOfTen = 2;

    /// <param name="known">What columns hold that needs no finding out.</param>
    /// <param name="countsRatios">True where errors count by their ratio; null finds out.</param>
    /// <exception cref="ValidationException">A column or the target is not as the request says, or there are too few rows.</exception>
    public TableTrainResponse Run(TableTrainFields request, Table table, string targetName, IReadOnlyDictionary<string, ColumnKind> known, bool? countsRatios,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        TableColumn column = table.Column(targetName);
        IReadOnlyDictionary<string, ColumnKind> kinds = TableEvaluation.KindsOf(table, request, known, [targetName]);
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(row => !TableColumn.IsMissing(column.Cells[row]))];
        LearnedTarget target = LearnedTarget.Of(column, request.TargetKind, countsRatios, rows);
        float[] targets = target.Read(column);

        // By what the row says, so that the same row judges every version.
        bool IsJudge(int row) => HashOf(table, row)[0] % 10 < JudgedOfTen;
        int[] judges = [.. rows.Where(IsJudge)];
        int[] train = [.. rows.Where(row => !IsJudge(row))];
        LearnedTable learned = new TableLearner(clock).Fit(table, target, targets, kinds, train, TableLearner.Names.ToHashSet(StringComparer.Ordinal), request.Seed, request.Epochs, progress, cancellation);
        TableService service = learned.Service();

        progress?.Report(new RunProgress("judging", 0, 0, "rows"));
        float[] actual = Array.ConvertAll(judges, row => targets[row]);
        EncodedRows judged = learned.Encoder.Encode(table, judges);
        var estimates = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        double best = double.NaN;
        foreach ((string name, ITableModel model) in learned.Models)
        {
            TablePredictions predictions = model.Predict(judged);
            foreach ((string metric, MetricEstimate estimate) in TableMeasure.Estimate(target, predictions, actual, request.Seed))
            {
                estimates[$"{name} {metric}"] = estimate;
            }

            best = name == "blend" ? TableMeasure.Loss(target, predictions.Values, actual) : best;
        }

        double? toBeat = JudgeActive(table, target, judges, actual);
        var metrics = estimates.ToDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal);
        double seconds = learned.Seconds["blend"];
        string version = versions.Save(new ModelCard
        {
            Model = "blend",
            TrainedAt = clock.GetUtcNow(),
            Seed = request.Seed,
            Options = JsonSerializer.SerializeToElement(new SavedQuestion(table.Name, targetName, rows.Length, request.Seed, request.Epochs), SavedQuestionJson.Default.SavedQuestion),
            Metrics = metrics,
            DataHash = Hash(table),
            TrainSeconds = seconds,
            ParameterCount = (learned.Models["network"] as NetworkTableModel)?.Network.ParameterCount ?? 0,
            Notes = service.Model.Members.ToDictionary(m => $"weight of {m.Model.Name}", m => m.Weight.ToString("0.00", CultureInfo.InvariantCulture), StringComparer.Ordinal),
        }, folder => TableModelFile.Save(folder, service));
        bool isActive = request.Activate || toBeat is null || best < toBeat;
        versions.Settle(version, isActive);
        return new TableTrainResponse(version, isActive, Summary(service, target, metrics, judges.Length, isActive, version),
            [.. table.Columns.Where(c => c.Name != targetName).Select(c => new TableColumnKind(c.Name, kinds[c.Name]))],
            service.Model.Members.ToDictionary(m => m.Model.Name, m => m.Weight, StringComparer.Ordinal), estimates, seconds);
    }

    /// <returns>The loss of the version in service on the same rows; null where there is none that can answer.</returns>
    private double? JudgeActive(Table table, LearnedTarget target, int[] judges, float[] actual) => versions.JudgeActive<double?>(active =>
    {
        TableService rival = TableModelFile.Load(versions.FolderOf(active));
        bool isSameQuestion = rival.Target.Name == target.Name && rival.Target.Kind == target.Kind && rival.Target.Classes.SequenceEqual(target.Classes, StringComparer.Ordinal)
            && rival.Encoder.Columns.All(column => table.Columns.Any(c => c.Name == column.Name));
        return isSameQuestion ? TableMeasure.Loss(target, rival.Model.Predict(rival.Encoder.Encode(table, judges)).Values, actual) : null;
    });

    private string Summary(TableService service, LearnedTarget target, Dictionary<string, double> metrics, int judges, bool isActive, string version)
    {
        string metric = target.Kind == TableTarget.Class ? target.Classes.Count == 2 ? "auc" : "accuracy" : target.CountsRatios ? "rmsle" : "rmse";
        string parts = string.Join(", ", service.Model.Members.OrderByDescending(m => m.Weight).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Model.Name} {m.Weight:P0}")));
        string baselines = string.Join(", ", TableLearner.Names.Where(TableLearner.IsBaseline).Where(name => metrics.ContainsKey($"{name} {metric}"))
            .Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {metrics[$"{name} {metric}"]:0.####}")));
        string found = string.Create(CultureInfo.InvariantCulture, $"Learned to predict {target.Name}: {metric} {metrics[$"blend {metric}"]:0.####} on {judges:N0} rows kept aside ({baselines}). It is a blend of {parts}.");
        return isActive ? $"{found} It is in service now."
            : $"{found} It is not in service: the active version is as good or better on the same rows. To use it all the same: 'cartwright {slice} activate --version {version}'.";
    }

    private static byte[] HashOf(Table table, int row) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\x1f', table.Columns.Select(column => column.Cells[row]))));

    private static string Hash(Table table)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TableColumn column in table.Columns)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(column.Name + "\n"));
            foreach (string cell in column.Cells)
            {
                hash.AppendData(MemoryMarshal.AsBytes(cell.AsSpan()));
                hash.AppendData([0]);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What every verb asks that trains on a table.</summary>
public abstract record TableTrainFields : TableFields
{
    /// <summary>Puts the version into service even where it does not beat the active one.</summary>
    public bool Activate { get; init; }
}

/// <param name="Version">Folder name under <c>models/</c> of the slice.</param>
/// <param name="IsActive">True where the version is now in service.</param>
/// <param name="Summary">What happened and what it means, in a sentence or two.</param>
/// <param name="Columns">What each column was taken for; change it with kinds.</param>
/// <param name="Weights">Of each model that the blend is made of; they sum to 1.</param>
/// <param name="Estimates">On the rows kept aside, the baselines' beside the models': "trees rmse".</param>
/// <param name="TrainSeconds">Wall time of the training alone.</param>
public sealed record TableTrainResponse(
    string Version, bool IsActive, string Summary, IReadOnlyList<TableColumnKind> Columns, IReadOnlyDictionary<string, double> Weights,
    IReadOnlyDictionary<string, MetricEstimate> Estimates, double TrainSeconds);

/// <param name="Name">The column.</param>
/// <param name="Kind">What it holds.</param>
public sealed record TableColumnKind(string Name, ColumnKind Kind);

/// <summary>What a version was trained on, for its card.</summary>
internal sealed record SavedQuestion(string Table, string Target, int Rows, int Seed, int? Epochs);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
[System.Text.Json.Serialization.JsonSerializable(typeof(SavedQuestion))]
internal sealed partial class SavedQuestionJson : System.Text.Json.Serialization.JsonSerializerContext;
