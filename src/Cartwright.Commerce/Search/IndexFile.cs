using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Search;

/// <summary>The index in one file, so that a program that starts reads it in place of all products' texts.</summary>
/// <remarks>
/// Written under another name and renamed, so the file is whole or not there however the program ends; its last 32 bytes are the SHA-256 of the
/// others. Products are kept by id and by what was read of them: one that has changed since is not taken from it.
/// </remarks>
internal static class IndexFile
{
    private const int HashSize = 32;

    /// <summary>Of the form of the file and of how words are read. Another one is made anew.</summary>
    private const int FormVersion = 1;

    private static ReadOnlySpan<byte> Magic => "CWSEARCH"u8;

    /// <param name="idOf">The id of a product, by dense index.</param>
    public static void Save(string path, IndexView view, Func<int, string> idOf)
    {
        Segment segment = view.Segments is [{ HasDead: false } only] ? only.Segment : SegmentMerge.Run(view.Segments, view.Language);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                var writer = new Writer(file);
                writer.Bytes(Magic);
                writer.Numbers<int>([FormVersion]);
                writer.Text(view.Language.Code);
                writer.Numbers<char>(segment.Words.Letters);
                writer.Numbers<int>(segment.Words.Start);
                writer.Numbers<char>(segment.Stems.Stems.Letters);
                writer.Numbers<int>(segment.Stems.Stems.Start);
                writer.Numbers<int>(segment.Stems.StemOf);
                writer.Numbers<int>(segment.Stems.MemberStart);
                writer.Numbers<int>(segment.Stems.AllMembers);
                writer.Numbers<int>(segment.PostingStart);
                writer.Numbers<int>(segment.Docs);
                writer.Numbers<uint>(segment.Places);
                writer.Numbers<uint>(segment.Many);
                writer.Numbers<ulong>(segment.Fingerprints);
                writer.Numbers<ushort>(segment.Lengths);
                writer.Text(string.Join('\n', segment.Products.Select(idOf)));
                file.Write(writer.Hash());
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <returns>The segment, whose products are numbered from 0, and their ids; null where there is no such file or it is of another form or language.</returns>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static (Segment Segment, string[] Ids)? Load(string path, SearchLanguage language)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        RequireWhole(path, file);
        var reader = new Reader(path, file, file.Length - HashSize);
        if (!reader.Bytes(Magic.Length).SequenceEqual(Magic) || reader.Numbers<int>() is not [FormVersion] || reader.Text() != language.Code)
        {
            return null;
        }

        var words = new WordList(reader.Numbers<char>(), reader.Numbers<int>());
        var stems = new StemClasses(new WordList(reader.Numbers<char>(), reader.Numbers<int>()), reader.Numbers<int>(), reader.Numbers<int>(), reader.Numbers<int>());
        int[] postingStart = reader.Numbers<int>();
        int[] docs = reader.Numbers<int>();
        uint[] places = reader.Numbers<uint>();
        uint[] many = reader.Numbers<uint>();
        ulong[] fingerprints = reader.Numbers<ulong>();
        ushort[] lengths = reader.Numbers<ushort>();
        string ids = reader.Text();
        var segment = new Segment
        {
            Words = words, Stems = stems, PostingStart = postingStart, Docs = docs, Places = places, Many = many,
            Products = [.. Enumerable.Range(0, fingerprints.Length)], Fingerprints = fingerprints, Lengths = lengths,
        };
        return (segment, fingerprints.Length == 0 ? [] : ids.Split('\n'));
    }

    private static void RequireWhole(string path, FileStream file)
    {
        if (file.Length < Magic.Length + HashSize)
        {
            throw Damaged(path);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        for (long left = file.Length - HashSize; left > 0;)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        file.ReadExactly(buffer, 0, HashSize);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(buffer.AsSpan(0, HashSize)))
        {
            throw Damaged(path);
        }

        file.Position = 0;
    }

    private static ModelFormatException Damaged(string path) =>
        new(path, "The search index is damaged. It is made anew from the products at the next search.");

    private sealed class Writer(Stream file)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            _hash.AppendData(bytes);
            file.Write(bytes);
        }

        /// <summary>How many, then each, as the machine has them.</summary>
        public void Numbers<T>(ReadOnlySpan<T> numbers)
            where T : unmanaged
        {
            Bytes(BitConverter.GetBytes(numbers.Length));
            Bytes(MemoryMarshal.AsBytes(numbers));
        }

        public void Text(string text) => Numbers<byte>(Encoding.UTF8.GetBytes(text));

        public byte[] Hash()
        {
            using (_hash)
            {
                return _hash.GetHashAndReset();
            }
        }
    }

    /// <param name="end">Byte at which the content ends.</param>
    private sealed class Reader(string path, Stream file, long end)
    {
        public byte[] Bytes(int count)
        {
            byte[] bytes = new byte[count];
            file.ReadExactly(bytes);
            return bytes;
        }

        public T[] Numbers<T>()
            where T : unmanaged
        {
            int count = BitConverter.ToInt32(Bytes(sizeof(int)));
            if (count < 0 || (long)count * System.Runtime.CompilerServices.Unsafe.SizeOf<T>() > end - file.Position)
            {
                throw Damaged(path);
            }

            var numbers = new T[count];
            file.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
            return numbers;
        }

        public string Text() => Encoding.UTF8.GetString(Numbers<byte>());
    }
}
