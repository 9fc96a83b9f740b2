using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Tables;

/// <summary>A plain table in memory: columns of text cells, as a file has them.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Columns">All of the same length.</param>
internal sealed record Table(string Name, IReadOnlyList<TableColumn> Columns)
{
    /// <summary>More cells than this are refused, so that a table from outside can't fill the memory.</summary>
    private const long MostCells = 200_000_000;

    public int RowCount => Columns.Count == 0 ? 0 : Columns[0].Cells.Length;

    /// <summary>Reads a CSV file with a header, plain or gzipped. Rows with another count of fields are refused.</summary>
    /// <exception cref="ImportFormatException">There is no such file, or it is damaged, or a row does not fit the header.</exception>
    public static Table Read(string path, CancellationToken cancellation = default)
    {
        if (!File.Exists(path))
        {
            throw new ImportFormatException(path, null, Directory.Exists(path) ? "this is a folder; name a CSV file, or give a shop folder with --data." : "there is no such file.");
        }

        using var csv = CsvTable.Open(path, Path.GetFileName(path), columns: [], required: []);
        List<string>[] cells = [.. csv.Extras.Select(_ => new List<string>())];
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var lookup = seen.GetAlternateLookup<ReadOnlySpan<char>>();
        long count = 0;
        while (csv.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (csv.Problem is { } problem)
            {
                throw new ImportFormatException(csv.File, csv.Line, $"the row {problem}.");
            }

            count += cells.Length;
            if (count > MostCells)
            {
                throw new ImportFormatException(csv.File, csv.Line, $"the table has more than {MostCells:N0} cells; take a sample of its rows.");
            }

            foreach ((string _, int place) in csv.Extras)
            {
                string cell = csv.Extra(place).Trim();

                // Most cells of most columns repeat: one string serves all of them.
                if (lookup.TryGetValue(cell, out string? known))
                {
                    cell = known;
                }
                else if (cell.Length <= 40 && seen.Count < 100_000)
                {
                    seen.Add(cell, cell);
                }

                cells[place].Add(cell);
            }
        }

        return new Table(Path.GetFileName(path), [.. csv.Extras.Select(extra => new TableColumn(extra.Name, [.. cells[extra.Place]]))]);
    }

    /// <exception cref="ValidationException">There is no such column; the message lists those there are.</exception>
    public TableColumn Column(string name)
    {
        NearMiss.Require("column", name, [.. Columns.Select(column => column.Name)]);
        return Columns.First(column => column.Name == name);
    }
}

/// <param name="Cells">Trimmed; what <see cref="IsMissing"/> calls so is missing.</param>
internal sealed record TableColumn(string Name, string[] Cells)
{
    public static bool IsMissing(string cell) => cell is "" or "NA" or "N/A" or "NaN" or "nan" or "null" or "NULL" or "?";
}
