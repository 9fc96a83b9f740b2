using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Which picture a verb is asked about: one of these fields says it.</summary>
public abstract record PictureFields
{
    /// <summary>Longest picture that a request may carry, in base64: some 20 MB of file.</summary>
    public const int MostCharacters = 28_000_000;

    /// <summary>The product whose picture it is.</summary>
    public string? ProductId { get; init; }

    /// <summary>The picture itself in base64: a JPEG, PNG or WebP of at most 20 MB and 50 million pixels. What stands before a comma is left away, as in a data URL.</summary>
    [StringLength(MostCharacters)]
    public string? Picture { get; init; }
}

/// <summary>The bytes of the picture that a request names.</summary>
/// <param name="Name">For errors and answers: the product's id, the file's path, or "picture".</param>
internal sealed record AskedPicture(string Name, byte[] Bytes)
{
    private const string Nameless = "picture";

    /// <param name="enough">A shorter side of so many places is enough; 0 for all there is.</param>
    /// <exception cref="ImportFormatException">It is damaged, or no picture that can be read.</exception>
    public Picture Read(int enough = 0) => PictureReader.Read(Bytes, Name, enough);

    /// <param name="path">A file, where the request can name one.</param>
    /// <exception cref="ValidationException">The request names no picture, several, or no base64.</exception>
    /// <exception cref="NotFoundException">There is no such product, or it has no picture.</exception>
    /// <exception cref="ImportFormatException">The file is missing or too large.</exception>
    public static async Task<AskedPicture> FindAsync(PictureFields fields, string? path, ShopCatalog catalog, CancellationToken cancellation)
    {
        if (((string?[])[fields.ProductId, fields.Picture, path]).Count(given => given is not null) != 1)
        {
            throw new ValidationException(path is null ? "Name one picture: a product by productId, or the picture itself in base64." : "Name one picture: a file, a product, or the picture itself in base64.");
        }

        if (fields.ProductId is { } id)
        {
            string file = catalog.Pictures.FileOf(await catalog.FindProductAsync(id, cancellation))
                ?? throw new NotFoundException($"The product '{id}' has no picture in the shop's folder. Import one with it, or give the picture itself.");
            return new AskedPicture(id, PictureReader.Bytes(file));
        }

        return path is not null ? new AskedPicture(path, PictureReader.Bytes(path)) : new AskedPicture(Nameless, Decode(fields.Picture!));
    }

    private static byte[] Decode(string text)
    {
        try
        {
            return Convert.FromBase64String(text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..]);
        }
        catch (FormatException broken)
        {
            throw new ValidationException("The field picture is no base64. Encode the bytes of the file, without line breaks of your own.", broken);
        }
    }
}
