using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Tells what pictures show: the likeliest labels of each, with their chances.</summary>
/// <example>cartwright vision tag ./photos</example>
public sealed record TagRequest : PictureFields
{
    /// <summary>A picture on this machine, or a folder: all pictures in it and in the folders inside.</summary>
    [PathField(IsPositional = true)]
    public string? Path { get; init; }

    /// <summary>Labels for each picture.</summary>
    [Range(1, 100)]
    public int Count { get; init; } = 3;
}

/// <param name="Results">In the order of their names.</param>
/// <param name="Unreadable">Pictures of the folder that could not be read.</param>
/// <param name="PicturesPerSecond">Read and tagged, from the disk to the label.</param>
/// <param name="Model">"cnn" or "residual".</param>
/// <param name="Version">The model version that answered.</param>
public sealed record TagResponse(IReadOnlyList<TaggedPicture> Results, IReadOnlyList<UnreadablePicture> Unreadable, double PicturesPerSecond, string Model, string Version);

/// <param name="Picture">The product's id, the file's path inside the folder, or "picture".</param>
/// <param name="Tags">Likeliest first.</param>
public sealed record TaggedPicture(string Picture, IReadOnlyList<PictureTag> Tags);

/// <param name="Label">A category, or what the pictures that were learned from were labeled with.</param>
/// <param name="Chance">From 0 to 1; those of all labels sum to 1.</param>
public sealed record PictureTag(string Label, double Chance);

/// <param name="Picture">The file's path inside the folder.</param>
/// <param name="Reason">Why it can't be read.</param>
public sealed record UnreadablePicture(string Picture, string Reason);
