using System.Buffers.Binary;
using System.IO.Compression;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>The four files of MNIST and those made after it, such as Fashion-MNIST: gray pictures and labels, to learn from and to test.</summary>
/// <remarks>LeCun, Cortes and Burges, "The MNIST Database of Handwritten Digits", file format IDX. Xiao, Rasul and Vollgraf, "Fashion-MNIST", 2017, has the names of the labels.</remarks>
internal static class IdxPictures
{
    private const int PicturesMagic = 0x0803;
    private const int LabelsMagic = 0x0801;

    private static readonly string[] FashionLabels =
        ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

    public static bool IsFolder(string folder) => File.Exists(PathOf(folder, "train-images-idx3-ubyte")) || File.Exists(PathOf(folder, "t10k-images-idx3-ubyte"));

    /// <exception cref="ImportFormatException">One of the files is damaged or missing.</exception>
    public static PictureSet Open(string folder)
    {
        var ids = new List<string>();
        var labels = new List<string>();
        var parts = new List<PicturePart>();
        var pictures = new List<(byte[] Gray, int Offset, int Height, int Width)>();
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        bool isFashion = name.Contains("fashion", StringComparison.OrdinalIgnoreCase);
        foreach ((string file, PicturePart part) in new[] { ("train", PicturePart.Train), ("t10k", PicturePart.Test) })
        {
            if (!File.Exists(PathOf(folder, $"{file}-images-idx3-ubyte")))
            {
                continue;
            }

            (byte[] gray, int[] sizes) = Read(PathOf(folder, $"{file}-images-idx3-ubyte"), PicturesMagic, axes: 3);
            (byte[] numbers, int[] counts) = Read(PathOf(folder, $"{file}-labels-idx1-ubyte"), LabelsMagic, axes: 1);
            if (counts[0] != sizes[0])
            {
                throw new ImportFormatException(folder, null, $"there are {sizes[0]} pictures and {counts[0]} labels in the files of {file}.");
            }

            for (int i = 0; i < sizes[0]; i++)
            {
                ids.Add($"{file}/{i}");
                labels.Add(isFashion && numbers[i] < FashionLabels.Length ? FashionLabels[numbers[i]] : $"{numbers[i]}");
                parts.Add(part);
                pictures.Add((gray, i * sizes[1] * sizes[2], sizes[1], sizes[2]));
            }
        }

        return new PictureSet(name, ids, labels, parts, (i, _) => Colored(pictures[i].Gray.AsSpan(pictures[i].Offset), pictures[i].Height, pictures[i].Width));
    }

    private static Picture Colored(ReadOnlySpan<byte> gray, int height, int width)
    {
        byte[] rgb = new byte[height * width * Picture.Channels];
        for (int i = 0; i < rgb.Length; i++)
        {
            rgb[i] = gray[i / Picture.Channels];
        }

        return new Picture(rgb, height, width);
    }

    private static (byte[] Content, int[] Sizes) Read(string path, int magic, int axes)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            byte[] header = new byte[4 * (axes + 1)];
            content.ReadExactly(header);
            int[] sizes = [.. Enumerable.Range(1, axes).Select(i => BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * i)))];
            long length = sizes.Aggregate(1L, (product, size) => product * size);
            if (BinaryPrimitives.ReadInt32BigEndian(header) != magic || sizes.Any(size => size < 1) || length > int.MaxValue / Picture.Channels)
            {
                throw new InvalidDataException("it is no file of pictures or labels in the format IDX");
            }

            byte[] bytes = new byte[length];
            content.ReadExactly(bytes);
            return (bytes, sizes);
        }
        catch (Exception damaged) when (damaged is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ImportFormatException(path, null, $"the file can't be read: {damaged.Message.TrimEnd('.')}.");
        }
    }

    private static string PathOf(string folder, string file)
    {
        string plain = Path.Combine(folder, file);
        return File.Exists(plain) ? plain : $"{plain}.gz";
    }
}
