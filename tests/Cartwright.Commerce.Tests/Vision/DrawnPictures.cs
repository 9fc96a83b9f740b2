using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

/// <summary>Small pictures that show a disc, a bar or a cross, somewhere, in some color, on some ground.</summary>
internal static class DrawnPictures
{
    public static IReadOnlyList<string> Labels { get; } = ["bar", "cross", "disc"];

    public const int Side = 20;

    /// <summary>So many of each label, in turn.</summary>
    public static PictureSet Set(int ofEach, int seed = 1)
    {
        string[] labels = [.. Enumerable.Range(0, ofEach * Labels.Count).Select(i => Labels[i % Labels.Count])];
        Picture[] pictures = [.. labels.Select((label, i) => Draw(label, new Random((seed * 10_007) + i)))];
        return new PictureSet("drawn", [.. labels.Select((_, i) => $"{seed}-{i}")], labels, new PicturePart[labels.Length], (i, _) => pictures[i]);
    }

    /// <summary>Writes them as a folder for each label.</summary>
    public static void Write(string folder, int ofEach, int seed = 1)
    {
        PictureSet set = Set(ofEach, seed);
        for (int i = 0; i < set.Count; i++)
        {
            string file = Path.Combine(folder, set.Labels[i], $"{i:D4}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, PictureFiles.Png(set.Read(i)));
        }
    }

    public static TaughtPictures Taught(int ofEach, int seed)
    {
        PictureSet set = Set(ofEach, seed);
        return new TaughtPictures([.. Enumerable.Range(0, set.Count).Select(i => set.Read(i))], [.. set.Labels.Select(label => Labels.ToList().IndexOf(label))]);
    }

    /// <summary>A lesson that takes a second.</summary>
    public static PictureLesson Lesson(string model, int epochs = 6) =>
        PictureLesson.For(model, Side, 1_000, epochs) with { Width = 8, BatchSize = 16, Augmentation = new PictureAugmentation { MostShift = 0.05f } };

    /// <param name="x">Where the middle is, or anywhere.</param>
    public static Picture Draw(string label, Random random, int? x = null, int? y = null)
    {
        int left = x ?? random.Next(5, 15);
        int top = y ?? random.Next(5, 15);
        int dark = random.Next(20, 90);
        int light = random.Next(150, 250);
        byte[] rgb = new byte[Side * Side * 3];
        for (int i = 0; i < rgb.Length; i++)
        {
            int place = i / 3;
            (int down, int across) = ((place / Side) - top, (place % Side) - left);
            bool isInside = label switch
            {
                "disc" => (down * down) + (across * across) <= 14,
                "bar" => Math.Abs(down) <= 1 && Math.Abs(across) <= 4,
                _ => (Math.Abs(down) <= 4 && across == down) || (Math.Abs(down) <= 4 && across == -down),
            };
            rgb[i] = (byte)((isInside ? light : dark) + random.Next(-12, 12));
        }

        return new Picture(rgb, Side, Side);
    }
}
