using System.Globalization;
using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tables;

/// <summary>What a column holds, which says how a model reads it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnKind>))]
public enum ColumnKind
{
    /// <summary>Amounts: more is more.</summary>
    Number,

    /// <summary>One of some values.</summary>
    Category,

    /// <summary>Words.</summary>
    Text,

    /// <summary>Dates or times; read as date, month, weekday and hour.</summary>
    Time,

    /// <summary>Tells rows apart and says nothing else; not read.</summary>
    Ignored,
}

/// <summary>Finds out what the columns of a table hold.</summary>
internal static class ColumnKinds
{
    // One cell in a hundred may be a slip.
    private const double EnoughShare = 0.99;
    private const double WordsOfText = 3;

    public static ColumnKind Of(TableColumn column)
    {
        string[] present = [.. column.Cells.Where(cell => !TableColumn.IsMissing(cell))];
        if (present.Length == 0)
        {
            return ColumnKind.Ignored;
        }

        int distinct = present.Distinct(StringComparer.Ordinal).Count();
        if (distinct == present.Length && present.Length > 20 && IsNamedLikeAnId(column.Name))
        {
            return ColumnKind.Ignored;
        }

        if (Share(present, cell => TryNumber(cell, out _)) >= EnoughShare)
        {
            return ColumnKind.Number;
        }

        if (Share(present, cell => TryTime(cell, out _)) >= EnoughShare)
        {
            return ColumnKind.Time;
        }

        double words = present.Average(cell => 1.0 + cell.Count(c => c == ' '));
        bool repeats = distinct <= Math.Max(20, present.Length / 20);
        return repeats && (words < 2 * WordsOfText || distinct <= 50) ? ColumnKind.Category
            : words >= WordsOfText ? ColumnKind.Text
            : distinct == present.Length && present.Length > 20 ? ColumnKind.Ignored
            : distinct > present.Length / 2 ? ColumnKind.Text
            : ColumnKind.Category;
    }

    public static bool TryNumber(string cell, out float number) =>
        float.TryParse(cell, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out number) && float.IsFinite(number);

    public static bool TryTime(string cell, out DateTimeOffset time)
    {
        time = default;
        return cell.Length >= 8 && char.IsAsciiDigit(cell[0])
            && DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    private static bool IsNamedLikeAnId(string name) =>
        name.Equals("id", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_id", StringComparison.OrdinalIgnoreCase) || name.EndsWith("Id", StringComparison.Ordinal)
        || name.EndsWith("ID", StringComparison.Ordinal);

    private static double Share(string[] cells, Func<string, bool> holds) => (double)cells.Count(holds) / cells.Length;
}
