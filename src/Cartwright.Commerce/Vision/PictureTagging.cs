using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Tags many pictures: reads some while others are looked at.</summary>
internal sealed class PictureTagging(PictureModel model, TimeProvider clock)
{
    private const int BatchSize = 64;

    /// <summary>The likeliest labels of a row of chances.</summary>
    /// <param name="chances">[classes]</param>
    public static IReadOnlyList<PictureTag> Best(PictureModel model, ReadOnlySpan<float> chances, int count)
    {
        float[] of = chances.ToArray();
        return [.. Enumerable.Range(0, of.Length).OrderByDescending(i => of[i]).Take(count).Select(i => new PictureTag(model.Classes[i], of[i]))];
    }

    /// <param name="path">A picture, or a folder.</param>
    /// <exception cref="ImportFormatException">There is no such file or folder, no picture in it, or the one picture can't be read.</exception>
    public TagResponse Tag(string path, int count, string version, CancellationToken cancellation)
    {
        if (!Directory.Exists(path))
        {
            return Tag(new AskedPicture(path, PictureReader.Bytes(path)), count, version);
        }

        string[] files = [.. LabelFolders.FilesIn(path, SearchOption.AllDirectories)];
        if (files.Length == 0)
        {
            throw new ImportFormatException(path, null, $"there are no pictures in the folder; their names end with {string.Join(", ", PictureReader.Endings)}.");
        }

        long start = clock.GetTimestamp();
        var tagged = new List<TaggedPicture>();
        var unreadable = new List<UnreadablePicture>();
        Task<Reading[]> next = ReadAsync(files, path, 0, cancellation);
        for (int from = 0; from < files.Length; from += BatchSize)
        {
            Reading[] batch = next.GetAwaiter().GetResult();
            next = ReadAsync(files, path, from + BatchSize, cancellation);
            unreadable.AddRange(batch.Where(read => read.Fault is not null).Select(read => new UnreadablePicture(read.Name, read.Fault!)));
            Reading[] good = [.. batch.Where(read => read.Picture is not null)];
            float[] chances = model.Chances([.. good.Select(read => read.Picture!)]);
            tagged.AddRange(good.Select((read, i) => new TaggedPicture(read.Name, Best(model, chances.AsSpan(i * model.Classes.Count, model.Classes.Count), count))));
        }

        return new TagResponse(tagged, unreadable, files.Length / Math.Max(1e-9, clock.GetElapsedTime(start).TotalSeconds), model.Name, version);
    }

    /// <exception cref="ImportFormatException">The picture can't be read.</exception>
    public TagResponse Tag(AskedPicture picture, int count, string version)
    {
        long start = clock.GetTimestamp();
        IReadOnlyList<PictureTag> tags = Best(model, model.Chances([picture.Read(model.Enough)]), count);
        return new TagResponse([new TaggedPicture(picture.Name, tags)], [], 1 / Math.Max(1e-9, clock.GetElapsedTime(start).TotalSeconds), model.Name, version);
    }

    private Task<Reading[]> ReadAsync(string[] files, string folder, int from, CancellationToken cancellation) => Task.Run(() =>
    {
        var batch = new Reading[Math.Clamp(files.Length - from, 0, BatchSize)];
        Parallel.For(0, batch.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            string name = Path.GetRelativePath(folder, files[from + i]);
            try
            {
                batch[i] = new Reading(name, PictureReader.Read(files[from + i], model.Enough), null);
            }
            catch (ImportFormatException refused)
            {
                batch[i] = new Reading(name, null, refused.Message);
            }
        });
        return batch;
    }, cancellation);

    private readonly record struct Reading(string Name, Picture? Picture, string? Fault);
}
