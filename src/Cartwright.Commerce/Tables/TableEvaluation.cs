using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Tables;

/// <summary>Learns a table's models from one part of its rows and measures them on the other.</summary>
internal sealed class TableEvaluation(TimeProvider clock)
{
    private static readonly string[] Parts = ["train", "valid", "test"];

    /// <summary>Answers a request that names a table.</summary>
    /// <exception cref="ValidationException">The table, a column or the target is not as the request says.</exception>
    public EvaluationReport Run(TableEvaluationFields request, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        if (request is not { Table: { } path, Target: { } target })
        {
            throw new ValidationException("Name the table with --table <csv> and the column to predict with --target <column>.");
        }

        progress?.Report(new RunProgress("reading the table", 0, 0, "rows"));
        Table table = Tables.Table.Read(path, cancellation);
        Table? test = request.Test is null ? null : Tables.Table.Read(request.Test, cancellation);
        return Run(request, table, test, target, new Dictionary<string, ColumnKind>(StringComparer.Ordinal), countsRatios: null, progress, cancellation);
    }

    /// <param name="test">All its rows are tested; null cuts them from the table.</param>
    /// <param name="known">What columns hold that needs no finding out.</param>
    /// <param name="countsRatios">True where errors count by their ratio, as those of prices do; null finds out.</param>
    public EvaluationReport Run(TableEvaluationFields request, Table table, Table? test, string targetName, IReadOnlyDictionary<string, ColumnKind> known, bool? countsRatios,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        TableColumn targetColumn = table.Column(targetName);
        IReadOnlyDictionary<string, ColumnKind> kinds = KindsOf(table, request, known, [targetName]);
        int[] everything = [.. Enumerable.Range(0, table.RowCount)];
        LearnedTarget target = LearnedTarget.Of(targetColumn, request.TargetKind, countsRatios, everything);
        float[] targets = target.Read(targetColumn);
        (int[] train, int[] tested) = test is null ? Cut(table, request, target, targets) : (everything, [.. Enumerable.Range(0, test.RowCount)]);

        // What the target looks like may not be learned from the rows to test.
        target = LearnedTarget.Of(targetColumn, request.TargetKind, countsRatios, train) with { Classes = target.Classes };

        float[] wanted = test is null ? targets : target.Read(test.Column(targetName));
        tested = [.. tested.Where(row => !float.IsNaN(wanted[row]))];
        float[] actual = Array.ConvertAll(tested, row => wanted[row]);
        HashSet<string> names = [.. TableLearner.Names.Where(name => request.Model == "all" || name == request.Model || TableLearner.IsBaseline(name))];

        var models = new List<ModelEvaluation>();
        PeakMemory.Restart();
        LearnedTable learned = new TableLearner(clock).Fit(table, target, targets, kinds, train, names, request.Seed, request.Epochs, progress, cancellation);
        EncodedRows rows = learned.Encoder.Encode(test ?? table, tested);
        foreach (string name in names.Where(learned.Models.ContainsKey))
        {
            progress?.Report(new RunProgress($"testing {name}", 0, 0, "rows"));
            TablePredictions predictions = learned.Models[name].Predict(rows);
            models.Add(new ModelEvaluation(name, TableLearner.IsBaseline(name) ? "baseline" : "model",
                TableMeasure.Estimate(target, predictions, actual, request.Seed), learned.Seconds[name], PeakMemory.Bytes));
        }

        return new EvaluationReport
        {
            Data = table.Name,
            Protocol = test is not null ? "test-table" : request.Split is null ? $"random-{100 - (request.TestShare * 100):0}" : "split-column",
            Seed = request.Seed,
            TestCount = tested.Length,
            Candidates = 0,
            Models = models,
        };
    }

    /// <summary>What each column holds: as found out, unless the request says otherwise.</summary>
    /// <param name="others">Columns that are not read: the target among them.</param>
    public static IReadOnlyDictionary<string, ColumnKind> KindsOf(
        Table table, TableFields request, IReadOnlyDictionary<string, ColumnKind> known, IReadOnlyCollection<string> others)
    {
        var kinds = table.Columns.ToDictionary(column => column.Name,
            column => known.TryGetValue(column.Name, out ColumnKind kind) ? kind : ColumnKinds.Of(column), StringComparer.Ordinal);
        foreach (string said in request.Kinds ?? [])
        {
            string[] parts = said.Split('=', 2);
            if (parts.Length != 2 || !Enum.TryParse(parts[1], ignoreCase: true, out ColumnKind kind) || !Enum.IsDefined(kind))
            {
                throw new ValidationException($"'{said}' does not say what a column holds. Write column=kind, where kind is {string.Join(", ", Enum.GetNames<ColumnKind>().Select(name => name.ToLowerInvariant()))}.");
            }

            kinds[table.Column(parts[0]).Name] = kind;
        }

        string?[] ignored = [.. others, request.Id, (request as TableEvaluationFields)?.Split];
        foreach (string name in ignored.OfType<string>())
        {
            kinds[table.Column(name).Name] = ColumnKind.Ignored;
        }

        return kinds.Values.Any(kind => kind != ColumnKind.Ignored) ? kinds
            : throw new ValidationException("The table has no column to learn from: all of them are the target, ids, or empty. Say what they hold with --kinds column=kind.");
    }

    private static (int[] Train, int[] Test) Cut(Table table, TableEvaluationFields request, LearnedTarget target, float[] targets)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(row => !float.IsNaN(targets[row]))];
        if (request.Split is { } name)
        {
            string[] parts = table.Column(name).Cells;
            if (rows.Select(row => parts[row]).FirstOrDefault(part => !Parts.Contains(part, StringComparer.OrdinalIgnoreCase)) is { } wrong)
            {
                throw new ValidationException($"The column '{name}' says '{wrong}' in a row; it says train, valid or test.");
            }

            bool IsTest(int row) => parts[row].Equals("test", StringComparison.OrdinalIgnoreCase);
            return ([.. rows.Where(row => !IsTest(row))], [.. rows.Where(IsTest)]);
        }

        Seeds.Random((ulong)request.Seed, 7).Shuffle(rows);
        HashSet<int> tested = [.. rows.GroupBy(row => target.Kind == TableTarget.Class ? targets[row] : 0)
            .SelectMany(group => group.Take((int)Math.Round(request.TestShare * group.Count())))];
        return ([.. rows.Where(row => !tested.Contains(row)).Order()], [.. tested.Order()]);
    }
}
