using System.Text.Unicode;
using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

/// <summary>One CSV file of a shop folder, read row by row: RFC 4180, UTF-8, with a header.</summary>
/// <remarks>The columns that the format knows are asked for by their place in <c>columns</c>, wherever the file has them.</remarks>
internal sealed class CsvTable : IDisposable
{
    /// <summary>A row longer than this is taken for a quote that is never closed.</summary>
    private const int MaxRowBytes = 4 << 20;

    private readonly FileBytes _bytes;
    private readonly CsvReader _reader;
    private readonly int[] _places;
    private readonly int _columnCount;
    private CsvMalformedReason? _malformed;
    private bool _isShort;

    private CsvTable(string path, string file, IReadOnlyList<string> columns, IReadOnlyList<string> required)
    {
        File = file;
        _bytes = new FileBytes(path, file);
        _reader = CsvReader.Create(_bytes, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = MaxRowBytes,
            MalformedData = CsvMalformedDataHandling.Recover,
            OnMalformedRecord = record => _malformed ??= record.Reason,
        });
        string[] header = ReadHeader(columns, required);
        _columnCount = header.Length;
        _places = [.. columns.Select(column => Array.FindIndex(header, name => name.Equals(column, StringComparison.OrdinalIgnoreCase)))];
        Extras = [.. header.Index().Where(c => !columns.Contains(c.Item, StringComparer.OrdinalIgnoreCase)).Select(c => (c.Item, c.Index))];
    }

    /// <summary>Name as it stands in the folder: "interactions.csv.gz".</summary>
    public string File { get; }

    /// <summary>Columns that the format does not know, with their places in the row.</summary>
    public IReadOnlyList<(string Name, int Place)> Extras { get; }

    /// <summary>Line that the row starts on, from 1, the header included.</summary>
    public long Line => _reader.LineNumber;

    /// <inheritdoc cref="FileBytes.Progress"/>
    public double Progress => _bytes.Progress;

    /// <summary>Why the row as a whole can't be read; null where it can.</summary>
    public string? Problem { get; private set; }

    /// <exception cref="ImportFormatException">The file does not start with a header that has the required columns.</exception>
    public static CsvTable Open(string path, string file, IReadOnlyList<string> columns, IReadOnlyList<string> required)
        => new(path, file, columns, required);

    /// <summary>Goes to the next row that is not blank.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ImportFormatException">The file is damaged or cut off.</exception>
    public bool Read()
    {
        long line = Line;
        if (ReadRecord())
        {
            Problem = FindProblem();
            _isShort = _reader.FieldCount < _columnCount;
            return true;
        }

        return !_isShort || _bytes.IsAtLineEnd ? false
            : throw new ImportFormatException(File, line, "the file is cut off: its last row has too few fields and no line end.");
    }

    /// <summary>The text of a known column; empty where the file has no such column.</summary>
    public string Text(int column) => _places[column] < 0 ? "" : _reader.GetString(_places[column]);

    /// <summary>The same as UTF-8, valid until the next row.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => _places[column] < 0 ? [] : _reader.GetSpan(_places[column]);

    public string Extra(int place) => _reader.GetString(place);

    public void Dispose()
    {
        _reader.Dispose();
        _bytes.Dispose();
    }

    private bool ReadRecord()
    {
        _malformed = null;
        try
        {
            return _reader.Read();
        }
        catch (CsvFormatException tooLong)
        {
            throw new ImportFormatException(File, tooLong.LineNumber,
                $"a row is longer than {MaxRowBytes} bytes; is a quote opened here and never closed?");
        }
    }

    private string? FindProblem()
    {
        int count = _reader.FieldCount;
        if (_malformed == CsvMalformedReason.UnterminatedQuote)
        {
            throw new ImportFormatException(File, Line, "the file is cut off: it ends inside the quoted field that begins here.");
        }

        if (count != _columnCount)
        {
            return $"has {count} fields where the header has {_columnCount}";
        }

        return !Utf8.IsValid(_reader.RawRecord) ? "has bytes that are not UTF-8; save the file as UTF-8"
            : _malformed is not null ? "has a quote where none may stand; put the whole field in quotes and double those inside"
            : null;
    }

    private string[] ReadHeader(IReadOnlyList<string> columns, IReadOnlyList<string> required)
    {
        string allowed = columns.Count == 0 ? "its first line must name the columns"
            : $"the header names some of {string.Join(", ", columns)}, at least {string.Join(", ", required)}";
        if (!ReadRecord())
        {
            throw new ImportFormatException(File, 1, $"the file is empty; {allowed}.");
        }

        if (!Utf8.IsValid(_reader.RawRecord) || _reader.RawRecord.Contains((byte)0))
        {
            throw new ImportFormatException(File, 1, "the file is not UTF-8 text; save it as UTF-8.");
        }

        string[] header = [.. Enumerable.Range(0, _reader.FieldCount).Select(i => _reader.GetString(i).Trim())];
        if (columns.Count == 0 && header.Length > 1 && header[0].Length == 0)
        {
            header[0] = "row";                                   // numbers of rows, as data frames write them
        }

        string found = string.Join(", ", header);
        found = found.Length > 300 ? $"{found[..300]}…" : found;
        string[] missing = [.. required.Where(name => !header.Contains(name, StringComparer.OrdinalIgnoreCase))];
        if (missing.Length > 0)
        {
            throw new ImportFormatException(File, 1, $"the header has no column {string.Join(", ", missing)}. Found: {found}; {allowed}.");
        }

        string? twice = header.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null && !header.Contains("") ? header : throw new ImportFormatException(File, 1,
            (string.IsNullOrEmpty(twice) ? "the header has a column without a name. " : $"the header has the column {twice} twice. ") + $"Found: {found}.");
    }
}
