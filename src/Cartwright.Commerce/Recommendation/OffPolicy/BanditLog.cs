using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Logged choices: what was shown where, with which chance, and what came of it. All arrays have one entry a row.</summary>
internal sealed record BanditLog
{
    /// <summary>More rows are refused: each interval draws all of them a thousand times.</summary>
    public const int MostRows = 2_000_000;

    public required string Name { get; init; }

    /// <summary>What can be chosen, by number.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>Names of the places, by number; one where the log tells none.</summary>
    public required IReadOnlyList<string> Positions { get; init; }

    public required int[] Action { get; init; }

    public required int[] Position { get; init; }

    public required double[] Reward { get; init; }

    /// <summary>Chance of the action at its place, more than 0.</summary>
    public required double[] Propensity { get; init; }

    /// <summary>Rows that belong together have one number.</summary>
    public required int[] Group { get; init; }

    /// <summary>Texts of columns that tell of the moment.</summary>
    public IReadOnlyList<string[]> Context { get; init; } = [];

    public int RowCount => Action.Length;

    /// <summary>Reads a table.</summary>
    /// <param name="needsPropensity">False for a log that only shows which choices a policy makes.</param>
    /// <exception cref="ValidationException">A column is missing, or a cell is no such number; it says which row.</exception>
    public static BanditLog Of(Table table, OffPolicyRequest request, bool needsPropensity)
    {
        if (table.RowCount is 0 or > MostRows)
        {
            throw new ValidationException(table.RowCount == 0 ? $"{table.Name} has no rows below its header."
                : FormattableString.Invariant($"{table.Name} has {table.RowCount:N0} rows; at most {MostRows:N0} are taken. Take a sample of them."));
        }

        string? position = request.Position ?? (table.Columns.Any(column => column.Name == "position") ? "position" : null);
        (string[] actions, int[] action) = Numbered(table.Column(request.Action));
        (string[] positions, int[] place) = position is null ? ([""], new int[table.RowCount]) : Numbered(table.Column(position));
        return new BanditLog
        {
            Name = table.Name,
            Actions = actions,
            Positions = positions,
            Action = action,
            Position = place,
            Reward = Numbers(table, request.Reward, value => true, "a number"),
            Propensity = needsPropensity ? Numbers(table, request.Propensity, value => value is > 0 and <= 1, "a chance, more than 0 and at most 1") : [],
            Group = request.Group is null ? [.. Enumerable.Range(0, table.RowCount)] : Numbered(table.Column(request.Group)).Numbers,
            Context = [.. request.Context.Select(name => table.Column(name).Cells)],
        };
    }

    /// <summary>Different cells by number, in the order of their first row.</summary>
    internal static (string[] Names, int[] Numbers) Numbered(TableColumn column)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] rows = Array.ConvertAll(column.Cells, cell =>
        {
            if (!numbers.TryGetValue(cell, out int number))
            {
                numbers.Add(cell, number = numbers.Count);
            }

            return number;
        });
        return ([.. numbers.Keys], rows);
    }

    internal static double[] Numbers(Table table, string name, Func<double, bool> isAllowed, string wanted)
    {
        string[] cells = table.Column(name).Cells;
        double[] numbers = new double[cells.Length];
        for (int row = 0; row < cells.Length; row++)
        {
            if (!double.TryParse(cells[row], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[row]) || !double.IsFinite(numbers[row]) || !isAllowed(numbers[row]))
            {
                throw new ValidationException(FormattableString.Invariant($"{table.Name}, row {row + 1:N0} below the header: the column '{name}' says '{cells[row]}'; it takes {wanted}."));
            }
        }

        return numbers;
    }
}
