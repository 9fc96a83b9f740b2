using System.IO.Compression;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Server.Resources;

/// <summary>A shop folder as one zip file, the shape in which it travels over HTTP.</summary>
internal static class ShopFolderZip
{
    /// <summary>Entries in one zip, pictures included.</summary>
    public const int MaxEntries = 200_000;

    private const int MaxExpansion = 500;

    /// <summary>Unpacks a zip from somebody we don't know into an empty folder.</summary>
    /// <param name="maxBytes">Most bytes it may unpack to; counted as they are written, whatever the zip says of itself.</param>
    /// <returns>The shop folder: <paramref name="folder"/>, or the one folder inside it that holds everything.</returns>
    /// <exception cref="ImportFormatException">It is no zip, leads out of the folder, or unpacks to too much.</exception>
    public static async Task<string> UnpackAsync(string zipFile, string folder, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
            Directory.CreateDirectory(root);
            await using ZipArchive zip = await ZipFile.OpenReadAsync(zipFile, cancellationToken);
            if (zip.Entries.Count > MaxEntries)
            {
                throw Refuse($"it has {zip.Entries.Count:N0} entries; at most {MaxEntries:N0} are taken");
            }

            long left = Math.Min(maxBytes, Math.Max(10L << 20, new FileInfo(zipFile).Length * MaxExpansion));
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                left = await UnpackAsync(entry, root, left, cancellationToken);
            }
        }
        catch (InvalidDataException error)
        {
            throw Refuse("it is not a readable zip file: " + error.Message);
        }

        string[] files = Directory.GetFiles(folder);
        string[] folders = [.. Directory.GetDirectories(folder).Where(d => Path.GetFileName(d) != "__MACOSX")];
        return files.Length == 0 && folders.Length == 1 ? folders[0] : folder;
    }

    /// <summary>Writes a folder as a zip, as it goes, without a file in between.</summary>
    public static async Task PackAsync(string folder, Stream output, CancellationToken cancellationToken)
    {
        await using ZipArchive zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            CompressionLevel level = name.EndsWith(".gz", StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Fastest;
            await using Stream from = File.OpenRead(file);
            await using Stream to = await zip.CreateEntry(name, level).OpenAsync(cancellationToken);
            await from.CopyToAsync(to, cancellationToken);
        }
    }

    private static async Task<long> UnpackAsync(ZipArchiveEntry entry, string root, long left, CancellationToken cancellationToken)
    {
        string name = entry.FullName.Replace('\\', '/');
        string path = Path.GetFullPath(Path.Combine(root, name));
        bool isLink = ((entry.ExternalAttributes >> 16) & 0xF000) == 0xA000;
        if (name.Contains('\0') || name.StartsWith('/') || name.Contains(':') || !path.StartsWith(root, StringComparison.Ordinal) || isLink)
        {
            throw Refuse($"the entry '{entry.FullName}' leads out of the folder");
        }

        if (name.EndsWith('/'))
        {
            Directory.CreateDirectory(path);
            return left;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using Stream from = await entry.OpenAsync(cancellationToken);
        await using var to = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
        byte[] buffer = new byte[1 << 16];
        int count;
        while ((count = await from.ReadAsync(buffer, cancellationToken)) > 0)
        {
            left -= count;
            if (left < 0)
            {
                throw Refuse("it unpacks to more than is taken here");
            }

            await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return left;
    }

    private static ImportFormatException Refuse(string reason) => new("the uploaded zip", line: null, reason + ".");
}
