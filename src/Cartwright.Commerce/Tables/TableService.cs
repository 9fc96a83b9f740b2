namespace Cartwright.Commerce.Tables;

/// <summary>A table's model as it answers: one row, its prediction, its interval, and why.</summary>
internal sealed record TableService(TableEncoder Encoder, LearnedTarget Target, BlendModel Model, Familiarity Familiarity)
{
    private const int MostReasons = 8;

    /// <summary>Predictions for rows of cells by column name; a column that is missing counts as empty.</summary>
    public TableAnswer[] Answer(IReadOnlyList<IReadOnlyDictionary<string, string>> rows, bool explains)
    {
        Table table = TableOf(rows);
        EncodedRows encoded = Encoder.Encode(table, [.. Enumerable.Range(0, rows.Count)]);
        TablePredictions predictions = Model.Predict(encoded);
        double[] strangeness = Familiarity.Strangeness(encoded.Linear);
        int outputs = Target.Classes.Count == 0 ? 1 : Target.Classes.Count;
        return [.. rows.Select((row, i) => new TableAnswer(
            predictions.Values[(i * outputs)..((i + 1) * outputs)], predictions.Low?[i], predictions.High?[i], strangeness[i], explains ? Reasons(row, predictions.Values[((i + 1) * outputs) - 1]) : []))];
    }

    /// <summary>
    /// What each column did to a prediction: the answer less what it would be with the column's most ordinary cell in its place. Of classes, to the chance
    /// of the last one.
    /// </summary>
    private TableReason[] Reasons(IReadOnlyDictionary<string, string> row, float answer)
    {
        LearnedColumn[] told = [.. Encoder.Columns.Where(column => row.GetValueOrDefault(column.Name, "") != column.Typical)];
        if (told.Length == 0)
        {
            return [];
        }

        Table without = TableOf([.. told.Select(column => (IReadOnlyDictionary<string, string>)new Dictionary<string, string>(row, StringComparer.Ordinal) { [column.Name] = column.Typical })]);
        float[] values = Model.Predict(Encoder.Encode(without, [.. Enumerable.Range(0, told.Length)])).Values;
        int outputs = values.Length / told.Length;
        return [.. told.Select((column, i) => new TableReason(column.Name, row.GetValueOrDefault(column.Name, ""), column.Typical, answer - values[((i + 1) * outputs) - 1]))
            .Where(reason => reason.Effect != 0).OrderByDescending(reason => Math.Abs(reason.Effect)).Take(MostReasons)];
    }

    private Table TableOf(IReadOnlyList<IReadOnlyDictionary<string, string>> rows) =>
        new("rows", [.. Encoder.Columns.Select(column => new TableColumn(column.Name, [.. rows.Select(row => row.GetValueOrDefault(column.Name, "").Trim())]))]);
}

/// <param name="Values">The number, or the chance of each class.</param>
/// <param name="Strangeness">1 or less where the row is like those learned from.</param>
internal sealed record TableAnswer(float[] Values, float? Low, float? High, double Strangeness, IReadOnlyList<TableReason> Reasons);

/// <param name="Column">The column.</param>
/// <param name="Cell">What it says.</param>
/// <param name="Typical">What it was compared with.</param>
/// <param name="Effect">How much more the answer is than with the ordinary cell.</param>
internal sealed record TableReason(string Column, string Cell, string Typical, double Effect);
