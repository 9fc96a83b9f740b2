using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Search;

/// <summary>Lines of parts that a tab separates, plain or zipped (.gz).</summary>
internal static class TsvFile
{
    /// <returns>The parts of each line, and its number from 1.</returns>
    /// <exception cref="ImportFormatException">The file can't be read, or a line has another number of parts.</exception>
    public static IEnumerable<(string[] Parts, int Line)> Read(string path, int partCount)
    {
        if (!File.Exists(path))
        {
            throw new ImportFormatException(path, null, Directory.Exists(path) ? "this is a folder; name a file of lines." : "there is no such file.");
        }

        using var reader = new StreamReader(new FileBytes(path, path));
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            string[] parts = text.Split('\t');
            if (parts.Length != partCount)
            {
                throw new ImportFormatException(path, line, string.Create(CultureInfo.InvariantCulture, $"the line has {parts.Length} parts; {partCount} are needed, with a tab between them."));
            }

            yield return (parts, line);
        }
    }
}
