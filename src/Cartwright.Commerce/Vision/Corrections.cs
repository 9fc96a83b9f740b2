using System.Security.Cryptography;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>A merchant's corrections, laid over a set of pictures.</summary>
internal static class Corrections
{
    private const string OfProduct = "product:";

    /// <summary>Names a correction, so that a second one of the same picture replaces the first.</summary>
    public static PictureCorrection Of(AskedPicture picture, string? productId, string label, DateTimeOffset at) => productId is not null
        ? new PictureCorrection(OfProduct + productId, at, productId, label, null)
        : new PictureCorrection(Convert.ToHexStringLower(SHA256.HashData(picture.Bytes)), at, null, label, picture.Bytes);

    /// <summary>Corrected products get their label, pictures that were sent come behind the others; all of them belong to the part that trains.</summary>
    /// <returns>The set, and which of it were corrected.</returns>
    public static (PictureSet Set, HashSet<int> Corrected) Apply(PictureSet set, IReadOnlyList<PictureCorrection> corrections)
    {
        var labels = corrections.Where(correction => correction.ProductId is not null).ToDictionary(correction => correction.ProductId!, correction => correction.Label, StringComparer.Ordinal);
        PictureCorrection[] sent = [.. corrections.Where(correction => correction.Picture is not null)];
        HashSet<int> corrected = [.. Enumerable.Range(0, set.Count).Where(i => labels.ContainsKey(set.Ids[i])), .. Enumerable.Range(set.Count, sent.Length)];
        var all = new PictureSet(set.Name,
            [.. set.Ids, .. sent.Select(correction => correction.Id)],
            [.. set.Ids.Select((id, i) => labels.GetValueOrDefault(id, set.Labels[i])), .. sent.Select(correction => correction.Label)],
            [.. set.Parts.Select((part, i) => corrected.Contains(i) ? PicturePart.Train : part), .. sent.Select(_ => PicturePart.Train)],
            (i, enough) => i < set.Count ? set.Read(i, enough) : PictureReader.Read(sent[i - set.Count].Picture, sent[i - set.Count].Id, enough))
        {
            Products = set.Products,
        };
        return (all, corrected);
    }
}
