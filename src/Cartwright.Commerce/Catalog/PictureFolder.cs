namespace Cartwright.Commerce.Catalog;

/// <summary>The files that products name as their pictures, below one folder and never outside it.</summary>
public sealed class PictureFolder(string root)
{
    /// <summary>A larger file is left where it is: no shop shows a photo of so many bytes.</summary>
    internal const long MaxBytes = 32L << 20;

    // The database and its keys lie in the same folder: only a picture's name may be read or written on a catalog's word.
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".avif"];

    private readonly string _root = Path.GetFullPath(root) + Path.DirectorySeparatorChar;

    /// <returns>The picture's file; null where the product has none, its file is absent or no picture by its name, or its path leads out of the folder.</returns>
    public string? FileOf(Product product) =>
        string.IsNullOrEmpty(product.Image) ? null : Place(product.Image) is { } file && File.Exists(file) ? file : null;

    /// <summary>Writes a product's picture to the place that it names, under a temporary name first.</summary>
    /// <exception cref="StorageException">The disk refuses.</exception>
    public async Task WriteAsync(Product product, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        string file = Place(product.Image ?? "") ?? throw new ArgumentException($"The product '{product.Id}' names no picture inside the shop's folder.", nameof(product));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file + ".partial", bytes, cancellationToken);
            File.Move(file + ".partial", file, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The picture of '{product.Id}' can't be written: {refused.Message}", isTransient: true, refused);
        }
    }

    /// <summary>Copies pictures of another shop folder to their places here, each under a temporary name first.</summary>
    /// <param name="from">The other folder.</param>
    /// <param name="images">Paths below both folders.</param>
    internal PictureCopy CopyFrom(PictureFolder from, IReadOnlyCollection<string> images, Action<int> progress, CancellationToken cancellationToken)
    {
        var copy = new PictureCopy();
        foreach (string image in images)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (from.Place(image) is not { } source || !File.Exists(source))
            {
                copy = copy with { Missing = copy.Missing + 1, FirstMissing = copy.FirstMissing ?? image };
            }
            else if (new FileInfo(source).Length > MaxBytes)
            {
                copy = copy with { TooLarge = copy.TooLarge + 1, FirstTooLarge = copy.FirstTooLarge ?? image };
            }
            else
            {
                copy = CopyFile(source, Place(image)!) ? copy with { Copied = copy.Copied + 1 } : copy with { Unchanged = copy.Unchanged + 1 };
            }

            progress(copy.Read);
        }

        return copy;
    }

    /// <returns>False where the same file is there already.</returns>
    private static bool CopyFile(string source, string target)
    {
        var there = new FileInfo(target);
        var given = new FileInfo(source);
        if (there.Exists && there.Length == given.Length && there.LastWriteTimeUtc == given.LastWriteTimeUtc)
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        string partial = target + ".partial";
        File.Copy(source, partial, overwrite: true);
        File.SetLastWriteTimeUtc(partial, given.LastWriteTimeUtc);
        File.Move(partial, target, overwrite: true);
        return true;
    }

    private string? Place(string image)
    {
        string file = Path.GetFullPath(Path.Combine(_root, image.Replace('\\', '/')));
        return file.StartsWith(_root, StringComparison.Ordinal) && Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) ? file : null;
    }
}

/// <summary>What became of the pictures of an import or an export.</summary>
internal sealed record PictureCopy
{
    public int Copied { get; init; }

    public int Unchanged { get; init; }

    public int Missing { get; init; }

    public int TooLarge { get; init; }

    public string? FirstMissing { get; init; }

    public string? FirstTooLarge { get; init; }

    public int Read => Copied + Unchanged + Missing + TooLarge;

    public FileCounts Counts => new("images/", Read, Copied, Unchanged, Missing + TooLarge);

    /// <summary>What is worth a word, for people.</summary>
    public IEnumerable<string> Notes()
    {
        if (Missing > 0)
        {
            yield return $"{Missing} of {Read} pictures that products.csv names are not in the folder, '{FirstMissing}' for one.";
        }

        if (TooLarge > 0)
        {
            yield return $"{TooLarge} pictures are larger than {PictureFolder.MaxBytes >> 20} MB and were left out, '{FirstTooLarge}' for one.";
        }
    }
}
