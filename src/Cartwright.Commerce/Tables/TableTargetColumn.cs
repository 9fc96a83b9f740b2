using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Tables;

/// <summary>What is predicted: a number, a count, or one of some classes.</summary>
internal sealed record LearnedTarget
{
    public required string Name { get; init; }

    public required TableTarget Kind { get; init; }

    /// <summary>Of classes: their names. Of two, the second is the one asked about: "yes", "true" and "1" come second.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>True where the logarithm of the number is learned: all are above 0 and spread over orders of magnitude.</summary>
    public bool IsLog { get; init; }

    /// <summary>True where an error counts by its ratio (RMSLE) rather than by its size (RMSE).</summary>
    public bool CountsRatios { get; init; }

    /// <summary>A number as models are mixed: errors that count by their ratio are those of its logarithm.</summary>
    public double Mixed(double value) => CountsRatios ? Math.Log(1 + Math.Max(0, value)) : value;

    /// <summary>The column as numbers; NaN where it is missing.</summary>
    /// <exception cref="ValidationException">A cell is no number, or a class that was not learned.</exception>
    public float[] Read(TableColumn column)
    {
        var classes = Classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        return [.. column.Cells.Select(cell => TableColumn.IsMissing(cell) ? float.NaN
            : Kind == TableTarget.Class ? classes.TryGetValue(cell, out int of) ? of : throw new ValidationException(
                $"The target '{Name}' is '{cell}' in a row to test, a class that no row to learn from has. Known are: {string.Join(", ", Classes.Take(20))}.")
            : ColumnKinds.TryNumber(cell, out float number) ? number
            : throw new ValidationException($"The target '{Name}' is '{cell}' in a row; it should be a number as in the others."))];
    }

    /// <summary>Finds out what the target is, from the rows to learn from.</summary>
    /// <param name="asked">What it is to be taken for; null finds out.</param>
    /// <param name="countsRatios">True where errors count by their ratio, as those of prices do; null finds out.</param>
    /// <exception cref="ValidationException">It has one value only, or too many classes, or is not what was asked.</exception>
    public static LearnedTarget Of(TableColumn column, TableTarget? asked, bool? countsRatios, int[] rows)
    {
        string[] cells = [.. rows.Select(row => column.Cells[row]).Where(cell => !TableColumn.IsMissing(cell))];
        string[] distinct = [.. cells.Distinct(StringComparer.Ordinal)];
        if (distinct.Length < 2)
        {
            throw new ValidationException($"The target '{column.Name}' has {(distinct.Length == 0 ? "no values" : $"one value, '{distinct[0]}'")}; there is nothing to learn. Name another column with --target.");
        }

        bool areNumbers = cells.All(cell => ColumnKinds.TryNumber(cell, out _));
        TableTarget kind = asked ?? (areNumbers && distinct.Length > 2 ? TableTarget.Number : TableTarget.Class);
        if (kind == TableTarget.Class)
        {
            if (2 * distinct.Length > cells.Length)
            {
                throw new ValidationException($"The target '{column.Name}' has {distinct.Length:N0} different values in {cells.Length:N0} rows; a class is learned from several rows. Name a column whose values repeat, or a column of numbers.");
            }

            return distinct.Length <= 1_000
                ? new LearnedTarget { Name = column.Name, Kind = kind, Classes = [.. distinct.OrderBy(Order).ThenBy(name => name, StringComparer.Ordinal)] }
                : throw new ValidationException($"The target '{column.Name}' has {distinct.Length:N0} different values that are no numbers; at most 1,000 classes are learned.");
        }

        string? wrong = cells.FirstOrDefault(cell => !ColumnKinds.TryNumber(cell, out float number) || (kind == TableTarget.Count && (number < 0 || number != MathF.Floor(number))));
        if (wrong is not null)
        {
            throw new ValidationException($"The target '{column.Name}' is '{wrong}' in a row; {(kind == TableTarget.Count ? "a count is a whole number from 0" : "it should be a number as in the others")}.");
        }

        float[] sorted = [.. cells.Select(cell => ColumnKinds.TryNumber(cell, out float number) ? number : 0).Order()];
        (float low, float high) = (sorted[sorted.Length / 100], sorted[sorted.Length - 1 - (sorted.Length / 100)]);
        bool isPositive = kind == TableTarget.Number && sorted[0] > 0;
        return new LearnedTarget
        {
            Name = column.Name,
            Kind = kind,
            IsLog = isPositive && high > 10 * low,
            CountsRatios = sorted[0] >= 0 && (countsRatios ?? (isPositive && high > 300 * low)),
        };
    }

    private static int Order(string name) => name.ToUpperInvariant() is "YES" or "TRUE" or "Y" or "1" ? 1 : 0;
}
