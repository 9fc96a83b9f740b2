using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Cartwright.Commerce.Catalog.Csv;

/// <summary>What a gzip file holds, with an error where the file was cut off.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes the end of a cut file for the end of the data. So a small gzip member with known
/// content is put behind the file: only where the file is whole does that content come out at the end.
/// </remarks>
internal sealed class GzipFile : IDisposable
{
    private static readonly byte[] End = SHA256.HashData(Encoding.ASCII.GetBytes("the end of a shop's file"));
    private static readonly byte[] ZippedEnd = Zip(End);

    private readonly GZipStream _plain;
    private readonly byte[] _held = new byte[(1 << 16) + End.Length];
    private int _start;
    private int _count;
    private bool _isAtEnd;

    public GzipFile(Stream zipped) => _plain = new GZipStream(new Followed(zipped, ZippedEnd), CompressionMode.Decompress);

    /// <returns>Bytes written to <paramref name="buffer"/>; 0 at the end.</returns>
    /// <exception cref="InvalidDataException">The file is cut off or damaged.</exception>
    public int Read(Span<byte> buffer)
    {
        while (!_isAtEnd && _count <= End.Length)
        {
            _held.AsSpan(_start, _count).CopyTo(_held);
            _start = 0;
            int read = _plain.Read(_held.AsSpan(_count));
            _count += read;
            _isAtEnd = read == 0;
        }

        if (_isAtEnd && !_held.AsSpan(_start, _count).SequenceEqual(End))
        {
            throw new InvalidDataException("It ends in the middle of its data.");
        }

        int given = Math.Min(buffer.Length, _count - End.Length);
        _held.AsSpan(_start, given).CopyTo(buffer);
        _start += given;
        _count -= given;
        return given;
    }

    public void Dispose() => _plain.Dispose();

    private static byte[] Zip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return zipped.ToArray();
    }

    /// <summary>A stream, and bytes behind it.</summary>
    private sealed class Followed(Stream first, byte[] then) : Stream
    {
        private int _given = -1;

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
            if (_given < 0)
            {
                int read = first.Read(buffer);
                if (read > 0)
                {
                    return read;
                }

                _given = 0;
            }

            int count = Math.Min(buffer.Length, then.Length - _given);
            then.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
