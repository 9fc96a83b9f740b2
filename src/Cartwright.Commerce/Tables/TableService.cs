using System.ComponentModel.DataAnnotations;

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
            predictions.Values[(i * outputs)..((i + 1) * outputs)], predictions.Low?[i], predictions.High?[i], strangeness[i], explains ? Reasons(row) : []))];
    }

    /// <summary>Refuses a cell that somebody gives by name and that the model could only take for missing.</summary>
    /// <param name="column">As the table calls it.</param>
    /// <exception cref="ValidationException">There is no such column, or it holds numbers or times and the cell is neither that nor empty.</exception>
    public void ThrowUnlessReadable(string column, string cell)
    {
        LearnedColumn known = Encoder.Columns.FirstOrDefault(c => c.Name == column)
            ?? throw new ValidationException($"'{column}={cell}' names no column. The model reads {string.Join(", ", Encoder.Columns.Take(20).Select(c => c.Name))}.");
        if (!TableColumn.IsMissing(cell) && known.Kind == ColumnKind.Number && !ColumnKinds.TryNumber(cell, out _))
        {
            throw new ValidationException($"'{column}={cell}' is no number; the model learned numbers there, such as {known.Typical}. Leave it out where it is not known.");
        }

        if (!TableColumn.IsMissing(cell) && known.Kind == ColumnKind.Time && !ColumnKinds.TryTime(cell, out _))
        {
            throw new ValidationException($"'{column}={cell}' is no time; the model learned times there, such as {known.Typical}. Leave it out where it is not known.");
        }
    }

    /// <summary>
    /// What each column adds to the answer beside that of the ordinary row: the median of numbers, the most frequent category, no text. Of classes, the answer is
    /// the chance of the last one. A column is named only where deletion agrees: with its ordinary cell in place the answer moves the other way.
    /// </summary>
    private TableReason[] Reasons(IReadOnlyDictionary<string, string> row)
    {
        TableReason[] told = [.. Effects(row).Where(reason => reason.Effect != 0 && reason.Cell != reason.Typical)
            .OrderByDescending(reason => Math.Abs(reason.Effect)).Take(2 * MostReasons)];
        if (told.Length == 0)
        {
            return [];
        }

        Table without = TableOf([row, .. told.Select(reason => new Dictionary<string, string>(row, StringComparer.Ordinal) { [reason.Column] = reason.Typical })]);
        float[] values = Model.Predict(Encoder.Encode(without, [.. Enumerable.Range(0, told.Length + 1)])).Values;
        int outputs = values.Length / (told.Length + 1);
        return [.. told.Where((reason, i) => reason.Effect * (values[outputs - 1] - (double)values[((i + 2) * outputs) - 1]) > 0).Take(MostReasons)];
    }

    /// <summary>Parts of all columns, in their order; they sum to the answer less that of the ordinary row.</summary>
    internal TableReason[] Effects(IReadOnlyDictionary<string, string> row)
    {
        IReadOnlyDictionary<string, string> ordinary = Encoder.Columns.ToDictionary(column => column.Name, column => column.Typical, StringComparer.Ordinal);
        double[] effects = Model.Attribute(Encoder.Encode(TableOf([row, ordinary]), [0, 1]), TablePlaces.Of(Encoder.Columns));
        return [.. Encoder.Columns.Zip(effects, (column, effect) => new TableReason(column.Name, row.GetValueOrDefault(column.Name, ""), column.Typical, effect))];
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
/// <param name="Effect">What the column adds to the answer beside that of a row of ordinary cells.</param>
internal sealed record TableReason(string Column, string Cell, string Typical, double Effect);
