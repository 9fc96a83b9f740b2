namespace Cartwright.Commerce.Catalog.Csv;

/// <summary>The records of one file in file order. Rows that can't be read are counted, reported and left out.</summary>
internal sealed class CsvRecords<T> : IDisposable
{
    private readonly CsvTable _table;
    private readonly CsvFormat<T> _format;
    private readonly ImportLog _log;
    private readonly HashSet<string>? _keys;

    public CsvRecords(string path, CsvFormat<T> format, ImportLog log)
    {
        File = Path.GetFileName(path);
        _format = format;
        _log = log;
        _keys = format.HasKey ? new HashSet<string>(StringComparer.Ordinal) : null;
        _table = CsvTable.Open(path, File, format.Columns, format.Required);
        if (!format.KeepsExtras && _table.Extras.Count > 0)
        {
            log.Note($"{File}: left out the columns {string.Join(", ", _table.Extras.Select(extra => extra.Name))}.");
        }
    }

    public string File { get; }

    /// <summary>Rows so far, rejected ones included.</summary>
    public long ReadCount { get; private set; }

    public long RejectedCount { get; private set; }

    /// <inheritdoc cref="CsvTable.Progress"/>
    public double Progress => _table.Progress;

    /// <exception cref="ImportFormatException">The file is damaged or cut off.</exception>
    public IEnumerable<T> Read()
    {
        var row = new CsvRow(_table);
        while (_table.Read())
        {
            ReadCount++;
            row.Start();
            T? record = row.Error is null ? _format.Read(row) : default;
            string? reason = row.Error ?? _format.Check(record!);
            if (reason is null && _keys is not null && !_keys.Add(_format.Key(record!)))
            {
                reason = $"'{_format.Key(record!)}' stands in a row above already";
            }

            if (reason is null)
            {
                yield return record!;
            }
            else
            {
                RejectedCount++;
                _log.Reject(File, _table.Line, reason);
            }
        }
    }

    public void Dispose() => _table.Dispose();
}
