using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Vision;

/// <summary>What a network saw in the catalog's pictures, kept so that a start need not look again.</summary>
/// <param name="Version">The model version that looked.</param>
/// <param name="Embeddings">[entries, width]</param>
internal sealed record SavedGallery(string Version, IReadOnlyList<GalleryEntry> Entries, float[] Embeddings, int Width);

/// <summary>One file: a mark, the version, the entries, the numbers, and a checksum of all of it at the end.</summary>
internal static class GalleryFile
{
    private const int MostEntries = 10_000_000;

    private static ReadOnlySpan<byte> Mark => "CWGALLERY1"u8;

    /// <summary>Writes under a temporary name and renames, so that the file is whole or the one before.</summary>
    public static void Save(string path, SavedGallery gallery)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        using (FileStream file = File.Create(temporary))
        {
            using var content = new MemoryStream();
            using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(Mark);
                writer.Write(gallery.Version);
                writer.Write(gallery.Width);
                writer.Write(gallery.Entries.Count);
                foreach (GalleryEntry entry in gallery.Entries)
                {
                    writer.Write(entry.ProductId);
                    writer.Write(entry.Image);
                    writer.Write(entry.Length);
                    writer.Write(entry.Changed);
                }
            }

            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Append(content.ToArray());
            Append(MemoryMarshal.AsBytes<float>(gallery.Embeddings));
            file.Write(sum.GetHashAndReset());
            file.Flush(flushToDisk: true);

            void Append(ReadOnlySpan<byte> bytes)
            {
                sum.AppendData(bytes);
                file.Write(bytes);
            }
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <returns>Null where there is none.</returns>
    /// <exception cref="ModelFormatException">The file is cut off or damaged.</exception>
    public static SavedGallery? Load(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(path);
        int end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < Mark.Length || !bytes.AsSpan().StartsWith(Mark) || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
        {
            throw new ModelFormatException(path, "The gallery is cut off or damaged. Delete it: the next question looks at the pictures again.");
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, Mark.Length, end - Mark.Length), Encoding.UTF8);
        string version = reader.ReadString();
        int width = reader.ReadInt32(), count = Math.Clamp(reader.ReadInt32(), 0, MostEntries);
        var entries = new GalleryEntry[count];
        for (int i = 0; i < count; i++)
        {
            entries[i] = new GalleryEntry(reader.ReadString(), reader.ReadString(), reader.ReadInt64(), reader.ReadInt64());
        }

        ReadOnlySpan<byte> numbers = bytes.AsSpan(Mark.Length + (int)reader.BaseStream.Position, end - Mark.Length - (int)reader.BaseStream.Position);
        return new SavedGallery(version, entries, MemoryMarshal.Cast<byte, float>(numbers).ToArray(), width);
    }
}
