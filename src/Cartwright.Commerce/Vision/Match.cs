using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Finds the products whose pictures look like this one.</summary>
/// <example>cartwright vision match ./photo.jpg --price-to 50</example>
public sealed record MatchRequest : ProductFilter
{
    /// <summary>A picture on this machine.</summary>
    [PathField(IsPositional = true)]
    public string? Path { get; init; }

    /// <summary>The product whose picture is compared with the others.</summary>
    public string? ProductId { get; init; }

    /// <summary>The picture itself in base64: a JPEG, PNG or WebP of at most 20 MB and 50 million pixels. What stands before a comma is left away, as in a data URL.</summary>
    [StringLength(PictureFields.MostCharacters)]
    public string? Picture { get; init; }

    internal AskedFields Asked => new() { ProductId = ProductId, Picture = Picture };

    internal sealed record AskedFields : PictureFields;
}

/// <param name="Results">Most similar first.</param>
/// <param name="PictureCount">Pictures of the catalog that were compared.</param>
/// <param name="LookedAt">How many of them were looked at for this answer, since they were new or another model is in service.</param>
/// <param name="Unreadable">Products whose picture is missing or damaged, so that nothing can be found by it.</param>
/// <param name="Version">The model version that looked.</param>
public sealed record MatchResponse(IReadOnlyList<LookAlike> Results, int PictureCount, int LookedAt, int Unreadable, string Version);

/// <param name="Price">List price in <paramref name="Currency"/>; null where it is not known.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Similarity">From -1 to 1: the cosine between what the network sees in both; 1 is the same picture, 0 as unlike as any two.</param>
/// <param name="Image">Path of the picture below the shop's folder.</param>
public sealed record LookAlike(string ProductId, string Title, decimal? Price, string Currency, double Similarity, string Image);
