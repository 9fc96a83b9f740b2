namespace Cartwright.Commerce.Catalog.Csv;

/// <summary>The bytes of a CSV file, unzipped where its name ends in .gz, that remembers how the file begins and ends.</summary>
internal sealed class FileBytes : Stream
{
    private readonly string _file;
    private readonly FileStream _source;
    private readonly GzipFile? _unzipped;
    private bool _isStarted;

    /// <param name="file">Its name in messages.</param>
    public FileBytes(string path, string file)
    {
        _file = file;
        _source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        _unzipped = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GzipFile(_source) : null;
    }

    /// <summary>True where nothing was read, or the last byte read was the end of a line.</summary>
    public bool IsAtLineEnd { get; private set; } = true;

    /// <summary>Share of the file that is read, from 0 to 1.</summary>
    public double Progress => _source.Length == 0 ? 1 : (double)_source.Position / _source.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = _unzipped is null ? _source.Read(buffer) : _unzipped.Read(buffer);
        }
        catch (InvalidDataException damage)
        {
            throw new ImportFormatException(_file, null,
                $"the file is cut off or damaged ({damage.Message.TrimEnd('.')}); make or copy it again.");
        }

        if (read > 0)
        {
            IsAtLineEnd = buffer[read - 1] is (byte)'\n' or (byte)'\r';
            if (!_isStarted && buffer[..read] is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            {
                throw new ImportFormatException(_file, 1, "the file is UTF-16 text; save it as UTF-8.");
            }

            _isStarted = true;
        }

        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unzipped?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }
}
