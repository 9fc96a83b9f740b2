using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>Writes the shop as a shop folder that <c>import</c> reads back to the same shop.</summary>
/// <example>cartwright catalog export ./shop-folder</example>
public sealed record ExportRequest
{
    /// <summary>Folder to write; it must be empty or absent.</summary>
    [Required, PathField]
    public required string Folder { get; init; }
}

public sealed record ExportResponse([property: PathField] string Folder, IReadOnlyList<FileCounts> Files);
