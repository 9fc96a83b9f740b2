using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace Cartwright.Server.Dashboard;

/// <summary>Photos that were dropped on a page, in memory for half an hour: long enough to look at what they show and to make a product of them.</summary>
/// <param name="budget">Bytes that it holds at most; the oldest go first.</param>
internal sealed class PhotoDesk(TimeProvider clock, long budget)
{
    /// <summary>Key of the storefront's own desk, so that strangers don't push out what a merchant works on.</summary>
    public const string Store = "store";

    public const long MerchantBudget = 96L << 20;
    public const long StoreBudget = 48L << 20;

    public const int MaxBytes = 12 << 20;
    private static readonly TimeSpan Keeping = TimeSpan.FromMinutes(30);

    private readonly Lock _guard = new();
    private readonly LinkedList<Photo> _photos = [];

    /// <summary>Takes the photo of a form's field "photo".</summary>
    /// <exception cref="ValidationException">There is none, or it is too large or of another kind.</exception>
    public async Task<Photo> TakeAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.Files.GetFile("photo") is not { Length: > 0 } file)
        {
            throw new ValidationException("No photo came with the form. Choose a JPEG, PNG or WebP file and send it again.");
        }

        if (file.Length > MaxBytes)
        {
            throw new ValidationException($"The photo has {Figures.Bytes(file.Length)}; at most {Figures.Bytes(MaxBytes)} are taken.");
        }

        byte[] bytes = new byte[file.Length];
        await using Stream stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, http.RequestAborted);
        string kind = KindOf(bytes) ?? throw new ValidationException("This file is no JPEG, PNG or WebP picture. Save the photo as one of these and send it again.");
        var photo = new Photo(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), bytes, kind, clock.GetUtcNow());
        lock (_guard)
        {
            _photos.AddLast(photo);
            while (_photos.Sum(one => (long)one.Bytes.Length) > budget || _photos.First!.Value.At + Keeping < photo.At)
            {
                _photos.RemoveFirst();
            }
        }

        return photo;
    }

    /// <returns>Null where the photo is no longer here.</returns>
    public Photo? Find(string? id)
    {
        lock (_guard)
        {
            return _photos.FirstOrDefault(photo => photo.Id == id && photo.At + Keeping >= clock.GetUtcNow());
        }
    }

    /// <summary>By its first bytes, whatever the file is called.</summary>
    private static string? KindOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "jpeg"
        : bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']) ? "png"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "webp"
        : null;
}

/// <summary>A photo that was dropped on a page.</summary>
/// <param name="Kind">"jpeg", "png" or "webp".</param>
public sealed record Photo(string Id, byte[] Bytes, string Kind, DateTimeOffset At)
{
    public string Base64 => Convert.ToBase64String(Bytes);

    internal IResult Serve(HttpContext http)
    {
        http.Response.Headers.CacheControl = "private, max-age=1800";
        return Results.Bytes(Bytes, $"image/{Kind}");
    }
}
