using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Finds pictures that are unlike the catalog's: a wrong photo, a screenshot, something the shop doesn't sell.</summary>
/// <example>cartwright vision odd ./photos --category Shoes</example>
public sealed record OddRequest
{
    /// <summary>A picture on this machine, or a folder: all pictures in it and in the folders inside. The catalog's own pictures where none is named.</summary>
    [PathField(IsPositional = true)]
    public string? Path { get; init; }

    /// <summary>The pictures should be of this category or below it; of any where none is named.</summary>
    public string? Category { get; init; }

    /// <summary>Pictures in the answer, at most.</summary>
    [Range(1, 1_000)]
    public int Count { get; init; } = 20;

    /// <summary>Same seed and same pictures give the same answer.</summary>
    public int Seed { get; init; } = 1;
}

/// <param name="Results">Oddest first.</param>
/// <param name="PictureCount">Pictures of the catalog that tell what is usual.</param>
/// <param name="JudgedCount">Pictures that were judged.</param>
/// <param name="Unreadable">Pictures of the folder that could not be read.</param>
/// <param name="Version">The model version that looked.</param>
public sealed record OddResponse(IReadOnlyList<OddPicture> Results, int PictureCount, int JudgedCount, IReadOnlyList<UnreadablePicture> Unreadable, string Version);

/// <param name="Picture">The product's id, or the file's path inside the folder.</param>
/// <param name="Error">How wrong it comes back from an autoencoder, in that of the catalog's median picture: 1 is usual.</param>
/// <param name="Percentile">Share of the catalog's pictures that come back better, from 0 to 1.</param>
public sealed record OddPicture(string Picture, double Error, double Percentile);
