using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Catalog;

/// <summary>Reads a shop folder straight into a snapshot.</summary>
internal sealed class FolderSnapshot
{
    private const int RowsBetweenCancelChecks = 4096;

    private readonly ShopFolder _folder;
    private readonly SnapshotBuilder _builder = new();
    private readonly ImportLog _log = new();
    private readonly List<FileCounts> _files = [];

    /// <summary>Ids of the added interactions, in the order of adding; null where the split does not name interactions.</summary>
    private List<string>? _ids;

    private FolderSnapshot(ShopFolder folder) => _folder = folder;

    public static ShopFolderContents Read(ShopFolder folder, CancellationToken cancellationToken)
    {
        var reading = new FolderSnapshot(folder);
        List<SplitPart>? parts = reading.ReadSplit(folder, cancellationToken);
        reading.Take(folder.Read(new ProductsCsv(), reading._log), product => reading._builder.AddProduct(product) >= 0, cancellationToken);
        reading.Take(folder.Read(new ShoppersCsv(), reading._log), shopper => reading._builder.AddShopper(shopper) >= 0, cancellationToken);
        reading.ReadInteractions(folder, cancellationToken);

        reading._builder.Notes = [.. reading._files.Where(file => file.Rejected > 0).Select(file =>
            $"{file.Rejected:N0} of {file.Read:N0} rows of {file.File} can't be read and were left out{(reading._log.FirstOf(file.File) is { } first ? $"; line {first.Line}: {first.Reason}" : "")}.")];
        Snapshot snapshot = reading._builder.Build(folder.ReadInfo(), split: parts is null ? null : reading.Place(parts));
        return new ShopFolderContents(snapshot, reading._files, reading._log.Rejects, reading._log.Notes);
    }

    private List<SplitPart>? ReadSplit(ShopFolder folder, CancellationToken cancellationToken)
    {
        var parts = new List<SplitPart>();
        CsvRecords<SplitPart>? rows = folder.Read(new SplitCsv(), _log);
        Take(rows, part =>
        {
            parts.Add(part);
            return true;
        }, cancellationToken);
        _ids = parts.Exists(part => part.Kind == "interaction") ? [] : null;
        return rows is null ? null : parts;
    }

    private void ReadInteractions(ShopFolder folder, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Take(folder.Read(new InteractionsCsv(), _log), interaction =>
        {
            if (interaction.Id is { } id && !seen.Add(id))
            {
                return false;
            }

            _builder.Add(interaction);
            _ids?.Add(interaction.Id ?? "");
            return true;
        }, cancellationToken);
    }

    private void Take<T>(CsvRecords<T>? records, Func<T, bool> add, CancellationToken cancellationToken)
    {
        if (records is null)
        {
            return;
        }

        using (records)
        {
            long stored = 0;
            foreach (T record in records.Read())
            {
                stored += add(record) ? 1 : 0;
                if (records.ReadCount % RowsBetweenCancelChecks == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            _log.RequireFewRejects(_folder.Path, records);
            long taken = records.ReadCount - records.RejectedCount;
            _files.Add(new FileCounts(records.File, records.ReadCount, stored, taken - stored, records.RejectedCount));
        }
    }

    private ShopSplit Place(List<SplitPart> rows)
    {
        string[] parts = [.. rows.Select(row => row.Part).Distinct().Order(StringComparer.Ordinal)];
        return new ShopSplit
        {
            Parts = parts,
            Interaction = Find("interaction", _ids ?? [], id => id),
            Session = Find("session", _builder.Sessions, id => id),
            Shopper = Find("shopper", _builder.Shoppers, shopper => shopper.Id),
            Product = Find("product", _builder.Products, product => product.Id),
        };

        int[] Find<T>(string kind, IReadOnlyList<T> items, Func<T, string> id)
        {
            Dictionary<string, int> known = rows.Where(row => row.Kind == kind)
                .ToDictionary(row => row.Id, row => Array.IndexOf(parts, row.Part), StringComparer.Ordinal);
            return known.Count == 0 ? [] : [.. items.Select(item => known.GetValueOrDefault(id(item), Snapshot.None))];
        }
    }
}
