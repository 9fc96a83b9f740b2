namespace Cartwright.Commerce.Catalog;

/// <summary>A category as a path from the root: "Kitchen > Pots".</summary>
internal static class CategoryPath
{
    private const string Separator = " > ";

    /// <summary>The path without empty parts and needless spaces; null where nothing is left.</summary>
    public static string? Normalize(string path)
    {
        string normal = path.Contains('>')
            ? string.Join(Separator, path.Split(" >", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : path.Trim();
        return normal.Length == 0 ? null : normal;
    }

    /// <summary>"Kitchen > Pots" and "Kitchen".</summary>
    public static IEnumerable<string> WithParents(string path)
    {
        yield return path;
        for (int end = path.LastIndexOf(Separator, StringComparison.Ordinal); end > 0; end = path.LastIndexOf(Separator, end - 1, StringComparison.Ordinal))
        {
            yield return path[..end];
        }
    }

    /// <summary>"Pots" of "Kitchen > Pots".</summary>
    public static string Leaf(string path) => path.Split(Separator)[^1];
}
