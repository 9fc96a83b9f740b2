using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Vision;

namespace Cartwright.Storage;

/// <summary>Recommendation's pictures, as the gallery sees them.</summary>
internal sealed class GalleryPictures(PictureGallery gallery) : IProductPictures
{
    public Task<IEnumerable<(string ProductId, ReadOnlyMemory<float> Seen)>?> ReadAsync(CancellationToken cancellationToken = default) => gallery.ReadAsync(cancellationToken);
}
