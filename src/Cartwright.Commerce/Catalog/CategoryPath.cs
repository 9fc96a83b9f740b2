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
}
