using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Learns from the pictures of a label to draw new ones, and says how near they come to the real ones.</summary>
/// <example>cartwright vision draw --label dress --out ./drawn</example>
public sealed record DrawRequest
{
    /// <summary>What is drawn: a category, or what the pictures are labeled with.</summary>
    [Required]
    public required string Label { get; init; }

    /// <summary>Pictures to learn from in place of the shop's products; laid out as for <c>train</c>.</summary>
    [PathField]
    public string? Folder { get; init; }

    /// <summary>Folder in which the drawings are written as PNG; made where it is not there.</summary>
    [PathField]
    public string? Out { get; init; }

    /// <summary>Drawings.</summary>
    [Range(1, 64)]
    public int Count { get; init; } = 16;

    /// <summary>Steps of training; more draw better and take longer: about 20 a second.</summary>
    [Range(1, 100_000)]
    public int Steps { get; init; } = 1_500;

    /// <summary>Same seed and same pictures give the same drawings, bit for bit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Trains anew though a generator is kept that learned from the same pictures, with the same seed and as many steps.</summary>
    public bool Retrain { get; init; }
}

/// <param name="Pictures">Real pictures that were learned from.</param>
/// <param name="Stages">How far the drawings were from the real pictures as training went on.</param>
/// <param name="Floor">How far one half of the real pictures is from the other.</param>
/// <param name="Sheet">All drawings side by side: a PNG in base64.</param>
/// <param name="Files">The drawings, one by one, where a folder was named.</param>
/// <param name="Version">The model version by whose features drawings are compared with pictures.</param>
/// <param name="Generator">The version of the generator that drew, kept under <c>models/vision-drawing</c>.</param>
/// <param name="IsNew">Whether it was trained for this answer.</param>
public sealed record DrawResponse(string Label, int Pictures, IReadOnlyList<DrawingStage> Stages, double Floor, string Sheet, IReadOnlyList<string> Files, string Version,
    string Generator, bool IsNew);

/// <param name="Step">Steps of training so far.</param>
/// <param name="Distance">Fréchet distance between the features of drawings and of real pictures; 0 where they can't be told apart.</param>
public sealed record DrawingStage(int Step, double Distance);
