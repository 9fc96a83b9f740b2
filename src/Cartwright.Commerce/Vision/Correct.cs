using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Says what a picture really shows. It is kept, and every later training learns from it.</summary>
/// <example>cartwright vision correct --product-id p000017 --label "Kitchen > Pans"</example>
public sealed record CorrectRequest : PictureFields
{
    /// <summary>A picture on this machine.</summary>
    [PathField]
    public string? Path { get; init; }

    /// <summary>What it shows, one of the labels or a new one; nothing takes an earlier correction back.</summary>
    [StringLength(300)]
    public string? Label { get; init; }
}

/// <param name="Picture">What was corrected: the product's id, or the SHA-256 of the picture.</param>
/// <param name="Label">What it counts as from the next training on; null where a correction was taken back.</param>
/// <param name="CorrectionCount">Corrections that the shop has now.</param>
/// <param name="IsNewLabel">True where the model in service can't tell this label yet.</param>
public sealed record CorrectResponse(string Picture, string? Label, int CorrectionCount, bool IsNewLabel);
