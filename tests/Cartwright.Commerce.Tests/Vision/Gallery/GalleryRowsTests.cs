using Cartwright.Commerce.Vision;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class GalleryRowsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gallery-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_nearest_rows_are_those_of_the_smallest_angle()
    {
        var random = new Random(4);
        float[] numbers = [.. Enumerable.Range(0, 40 * 6).Select(_ => random.NextSingle())];
        var rows = new GalleryRows(Entries(40), [.. numbers], 6);

        float[] similarities = rows.Similarities(numbers.AsSpan(7 * 6, 6));
        int[] nearest = GalleryRows.Nearest(similarities, 5);

        Assert.Equal(7, nearest[0]);
        Assert.Equal(1, similarities[7], 1e-5f);
        Assert.All(similarities, similarity => Assert.InRange(similarity, -1.0001f, 1.0001f));
        Assert.Equal(Enumerable.Range(0, 40).OrderByDescending(row => similarities[row]).Take(5), nearest);
        Assert.Equal(similarities, rows.Similarities(7));
        Assert.DoesNotContain(7, GalleryRows.Nearest(similarities, 39, without: 7));
    }

    [Fact]
    public void What_was_seen_is_kept_whole_and_a_flipped_byte_is_refused()
    {
        string path = Path.Combine(_folder, "deep", "gallery.bin");
        var saved = new SavedGallery("v1", Entries(3), [1, 2, 3, 4, 5, 6], 2);

        GalleryFile.Save(path, saved);
        SavedGallery loaded = GalleryFile.Load(path)!;

        Assert.Equal((saved.Version, saved.Width), (loaded.Version, loaded.Width));
        Assert.Equal(saved.Entries, loaded.Entries);
        Assert.Equal(saved.Embeddings, loaded.Embeddings);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        byte[] bytes = File.ReadAllBytes(path);
        for (int i = 0; i < bytes.Length; i += 7)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 4;
            File.WriteAllBytes(path, damaged);
            Assert.Throws<ModelFormatException>(() => GalleryFile.Load(path));
        }

        File.WriteAllBytes(path, bytes[..^9]);
        Assert.Throws<ModelFormatException>(() => GalleryFile.Load(path));
        Assert.Null(GalleryFile.Load(Path.Combine(_folder, "none.bin")));
    }

    [Fact]
    public void Colors_are_counted_in_64_parts()
    {
        float[] histograms = ColorHistogram.Of([DrawnPictures.Draw("bar", new Random(1)), DrawnPictures.Draw("disc", new Random(2))]);

        Assert.Equal(2 * ColorHistogram.Size, histograms.Length);
        Assert.All(histograms.Chunk(ColorHistogram.Size), of => Assert.Equal(1, of.Sum(root => root * root), 1e-4f));
    }

    private static GalleryEntry[] Entries(int count) => [.. Enumerable.Range(0, count).Select(i => new GalleryEntry($"p{i}", $"{i}.png", i, 2 * i))];
}
