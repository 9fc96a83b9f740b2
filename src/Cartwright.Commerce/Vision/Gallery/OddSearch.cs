using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Vision;

/// <summary>Ranks pictures by how unlike the catalog's they are.</summary>
internal sealed class OddSearch(PictureModel model, string version, TimeProvider clock)
{
    private const int BatchSize = 64;

    /// <exception cref="ValidationException">The catalog has too few pictures to tell what is usual.</exception>
    /// <exception cref="NotFoundException">No product was ever in the category that is asked for.</exception>
    /// <exception cref="ImportFormatException">There is no such file or folder, or no picture in it.</exception>
    public OddResponse Run(OddRequest request, Gallery gallery, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var allowed = new AllowedProducts(gallery.Shop, new MatchRequest { Category = request.Category, InStock = false });
        int[] known = [.. Enumerable.Range(0, gallery.Rows.Count)
            .Where(row => gallery.Shop.ProductIndex(gallery.Rows.Entries[row].ProductId) is var index and not Snapshot.None && allowed.Allows(index))];
        if (known.Length < OddPictures.FewestPictures)
        {
            allowed.RequireKnown();
            throw new ValidationException($"{known.Length} pictures of the catalog can be compared with; {OddPictures.FewestPictures} are the fewest that tell what is usual.");
        }

        progress?.Report(new RunProgress("learning what is usual", 0, known.Length, "pictures"));
        var odd = new OddPictures(gallery.Rows.Take(known), gallery.Rows.Width, request.Seed, clock, cancellation);
        var unreadable = new List<UnreadablePicture>();
        (string Name, double Error)[] judged = request.Path is null
            ? [.. known.Select((row, i) => (gallery.Rows.Entries[row].ProductId, odd.KnownErrors[i]))]
            : [.. Judge(request.Path, gallery.Rows, odd, unreadable, progress, cancellation)];
        return new OddResponse(
            [.. judged.OrderByDescending(picture => picture.Error).ThenBy(picture => picture.Name, StringComparer.Ordinal).Take(request.Count)
                .Select(picture => new OddPicture(picture.Name, Math.Round(picture.Error / odd.Usual, 3), Math.Round(odd.Percentile(picture.Error), 4)))],
            known.Length, judged.Length, unreadable, version);
    }

    /// <summary>The pictures of a folder, or the one that is named.</summary>
    /// <exception cref="ImportFormatException">There is no such file or folder, or no picture in it.</exception>
    public static string[] FilesOf(string path) => Directory.Exists(path)
        ? LabelFolders.FilesIn(path, SearchOption.AllDirectories).ToArray() is { Length: > 0 } files ? files
            : throw new ImportFormatException(path, null, $"there are no pictures in the folder; their names end with {string.Join(", ", PictureReader.Endings)}.")
        : File.Exists(path) ? [path] : throw new ImportFormatException(path, null, "there is no such file or folder.");

    private List<(string Name, double Error)> Judge(string path, GalleryRows rows, OddPictures odd, List<UnreadablePicture> unreadable, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        bool isFolder = Directory.Exists(path);
        string[] files = FilesOf(path);
        var judged = new List<(string, double)>();
        for (int start = 0; start < files.Length; start += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var good = new List<(string Name, Picture Picture)>();
            foreach (string file in files.AsSpan(start, Math.Min(BatchSize, files.Length - start)))
            {
                string name = isFolder ? Path.GetRelativePath(path, file) : file;
                try
                {
                    good.Add((name, PictureReader.Read(file, model.Enough)));
                }
                catch (ImportFormatException refused) when (isFolder)
                {
                    unreadable.Add(new UnreadablePicture(name, refused.Message));
                }
            }

            double[] errors = odd.Errors(rows.Directions(model.Embed([.. good.Select(one => one.Picture)])));
            judged.AddRange(good.Select((one, i) => (one.Name, errors[i])));
            progress?.Report(new RunProgress("judging", start + good.Count, files.Length, "pictures"));
        }

        return judged;
    }
}
