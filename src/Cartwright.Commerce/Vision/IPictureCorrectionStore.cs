using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Keeps what a merchant said that pictures show.</summary>
public interface IPictureCorrectionStore
{
    /// <summary>Inserts a correction, or replaces the one of the same id.</summary>
    Task PutPictureCorrectionAsync(PictureCorrection correction, CancellationToken cancellationToken = default);

    /// <returns>False where there is none of this id.</returns>
    Task<bool> DeletePictureCorrectionAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Oldest first, with their pictures.</summary>
    Task<IReadOnlyList<PictureCorrection>> ListPictureCorrectionsAsync(CancellationToken cancellationToken = default);
}

/// <summary>A picture and what it shows, by a merchant's word.</summary>
/// <param name="Id">Of the picture: what it is called where it is a product's, else the SHA-256 of its bytes.</param>
/// <param name="ProductId">The product whose picture it is, as it is at the time of training; null where the picture was sent.</param>
/// <param name="Picture">The file; null for a product's.</param>
public sealed record PictureCorrection(string Id, DateTimeOffset At, string? ProductId, string Label, byte[]? Picture);
