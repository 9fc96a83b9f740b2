using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>One folder of pictures for each label, either at once or inside <c>train</c>, <c>valid</c> and <c>test</c>.</summary>
internal static class LabelFolders
{
    /// <exception cref="ImportFormatException">There are no pictures in folders.</exception>
    public static PictureSet Open(string folder)
    {
        (string Path, PicturePart Part)[] roots = [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
            .Select(path => (path, PictureSet.PartOf(Path.GetFileName(path)))).Where(root => root.Item2 != PicturePart.None)];
        (string File, string Label, PicturePart Part)[] pictures =
        [
            .. from root in roots.Length > 0 ? roots : [(folder, PicturePart.None)]
               from label in Directory.EnumerateDirectories(root.Path).Order(StringComparer.Ordinal)
               from file in FilesIn(label)
               select (file, Path.GetFileName(label), root.Part),
        ];
        return pictures.Length == 0
            ? throw new ImportFormatException(folder, null, "the folder is no shop folder with a products.csv, and has no folders with pictures (.jpg, .png, .webp), one for each label.")
            : new PictureSet(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), [.. pictures.Select(picture => Path.GetRelativePath(folder, picture.File))],
                [.. pictures.Select(picture => picture.Label)], [.. pictures.Select(picture => picture.Part)], (i, enough) => PictureReader.Read(pictures[i].File, enough));
    }

    /// <summary>The files of a folder that end as pictures do, by name.</summary>
    public static IEnumerable<string> FilesIn(string folder, SearchOption depth = SearchOption.TopDirectoryOnly) =>
        Directory.EnumerateFiles(folder, "*", depth)
            .Where(file => PictureReader.Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);
}
