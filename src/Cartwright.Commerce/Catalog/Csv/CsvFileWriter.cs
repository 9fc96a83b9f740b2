using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

/// <summary>Writes one file of a shop folder, row by row.</summary>
internal sealed class CsvFileWriter<T> : IDisposable
{
    private readonly CsvFormat<T> _format;
    private readonly IReadOnlyList<string> _extras;
    private readonly CsvWriter _writer;

    /// <param name="folder">The shop folder.</param>
    /// <param name="format">What the file is called and holds.</param>
    /// <param name="extras">Columns behind those of the format: the names of <see cref="CsvFormat{T}.Extras"/> that are written.</param>
    public CsvFileWriter(string folder, CsvFormat<T> format, IReadOnlyList<string> extras)
    {
        _format = format;
        _extras = extras;
        _writer = CsvWriter.ToFile(Path.Combine(folder, $"{format.Name}.csv"), new CsvWriterOptions { NewLine = "\n" });
        _writer.WriteHeader([.. format.Columns, .. extras]);
    }

    public long Count { get; private set; }

    public void Write(T record)
    {
        _format.Write(_writer, record);
        if (_extras.Count > 0)
        {
            IReadOnlyDictionary<string, string> values = _format.Extras(record);
            foreach (string extra in _extras)
            {
                _writer.WriteField(values.GetValueOrDefault(extra));
            }
        }

        _writer.EndRecord();
        Count++;
    }

    public void Dispose() => _writer.Dispose();
}
