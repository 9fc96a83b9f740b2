using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Measures look-alikes and odd pictures: how many of the nearest pictures show the same, and how well pictures of other labels are told from those of one. Baselines beside.</summary>
/// <example>cartwright vision evaluate-gallery --data ./photos --json</example>
public sealed record EvaluateGalleryRequest
{
    /// <summary>Pictures to learn from and to test, laid out as for <c>evaluate</c>.</summary>
    [PathField]
    [Required]
    public required string Data { get; init; }

    /// <summary>Pictures that don't belong among them, to be told as odd: some hundreds are enough; laid out in any of the same ways.</summary>
    [PathField]
    public string? Strangers { get; init; }

    /// <summary>A pretrained network to look through, in place of a network that learns from the pictures: an .onnx or .tflite file.</summary>
    [PathField]
    public string? Backbone { get; init; }

    /// <summary>Passes over the pictures; more for fewer pictures where none is said.</summary>
    [Range(1, 1_000)]
    public int? Epochs { get; init; }

    /// <summary>Same seed and same pictures give the same figures.</summary>
    public int Seed { get; init; } = 1;
}
