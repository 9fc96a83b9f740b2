namespace Cartwright.Commerce.Search;

/// <summary>A part of a product that words are found in.</summary>
internal enum SearchField : byte
{
    Title,
    Brand,
    Category,
    Tags,
    Attributes,
    Description,
    Id,
}

internal static class SearchFields
{
    public const int Count = 7;

    private static readonly string[] Names = ["title", "brand", "category", "tags", "attributes", "description", "id"];

    /// <summary>As explanations say it.</summary>
    public static string Name(int field) => Names[field];
}
