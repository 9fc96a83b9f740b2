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

    /// <summary>True where a category is <paramref name="path"/> or lies below it, in any case of letters: how filters of a request and merchandising rules tell.</summary>
    /// <param name="category">A product's own; null where it has none.</param>
    /// <param name="path">As <see cref="Normalize"/> makes it.</param>
    public static bool IsWithin(string? category, string path) => category is not null && category.StartsWith(path, StringComparison.OrdinalIgnoreCase)
        && (category.Length == path.Length || category.AsSpan(path.Length).StartsWith(Separator, StringComparison.Ordinal));

    /// <summary>"Pots" of "Kitchen > Pots".</summary>
    public static string Leaf(string path) => path.Split(Separator)[^1];
}
