using System.IO.Compression;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class PictureSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pictures-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PictureFact]
    public async Task A_shop_folder_names_pictures_labels_and_parts()
    {
        Put("images/1.png");
        File.WriteAllText(Path.Combine(_folder, "products.csv"), "id,category,image,label\na,Hats,images/1.png,\nb,Hats,images/2.png,cap\nc,Hats,,\n");
        File.WriteAllText(Path.Combine(_folder, "split.csv"), "kind,id,part\nproduct,a,train\nproduct,b,test\n");

        PictureSet set = await PictureSet.OpenAsync(_folder);

        Assert.Equal(["a", "b"], set.Ids);
        Assert.Equal(["Hats", "cap"], set.Labels);
        Assert.Equal([PicturePart.Train, PicturePart.Test], set.Parts);
        Assert.Equal(12, set.Read(0).Height);
        LoadedPictures loaded = set.Load([0, 1], 8, CancellationToken.None);
        Assert.Equal([0], loaded.Rows);
        Assert.Equal(8, loaded.Pictures[0].Height);
        Assert.Contains("no such picture", Assert.Single(loaded.Faults), StringComparison.Ordinal);
    }

    [PictureFact]
    public async Task Folders_name_labels()
    {
        Put("hat/1.png");
        Put("hat/2.PNG");
        Put("shoe/1.png");
        File.WriteAllText(Path.Combine(_folder, "hat", "notes.txt"), "");

        PictureSet set = await PictureSet.OpenAsync(_folder);

        Assert.Equal(["hat/1.png", "hat/2.PNG", "shoe/1.png"], set.Ids);
        Assert.Equal(["hat", "shoe"], set.Classes);
    }

    [PictureFact]
    public async Task Folders_inside_parts_are_split_by_them()
    {
        Put("train/hat/1.png");
        Put("validation/hat/1.png");
        Put("test/shoe/1.png");

        PictureSet set = await PictureSet.OpenAsync(_folder);

        (int[] train, int[] validation, int[] test) = set.Divide(seed: 1);
        Assert.Equal(["train/hat/1.png"], train.Select(i => set.Ids[i]));
        Assert.Equal(["validation/hat/1.png"], validation.Select(i => set.Ids[i]));
        Assert.Equal(["test/shoe/1.png"], test.Select(i => set.Ids[i]));
    }

    [Fact]
    public void Without_a_split_every_label_is_divided_alike()
    {
        string[] labels = [.. Enumerable.Range(0, 100).Select(i => i < 80 ? "many" : "few")];
        var set = new PictureSet("drawn", [.. labels.Select((_, i) => $"{i}")], labels, new PicturePart[100], (_, _) => PictureFiles.Gradient(2, 2));

        (int[] train, int[] validation, int[] test) = set.Divide(seed: 3);

        Assert.Equal(100, train.Union(validation).Union(test).Count());
        Assert.Equal((16, 4), (test.Count(i => i < 80), test.Count(i => i >= 80)));
        Assert.InRange(validation.Length, 8, 9);
        Assert.Equal(train, set.Divide(seed: 3).Train);
        Assert.Equal(90, set.Divide(seed: 3, hasTest: false).Train.Length);
    }

    [Fact]
    public async Task Files_like_those_of_mnist_are_read()
    {
        Write("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        Write("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 9, 4]);

        PictureSet set = await PictureSet.OpenAsync(_folder);

        Assert.Equal(["9", "4"], set.Labels);
        Assert.Equal([7, 7, 7, 8, 8, 8], set.Read(1).Rgb[..6]);
        Assert.Equal((2, 3), (set.Read(1).Height, set.Read(1).Width));
        Write("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 9, 9, 4]);
        await Assert.ThrowsAsync<ImportFormatException>(() => PictureSet.OpenAsync(_folder));
    }

    [Fact]
    public async Task A_folder_without_pictures_is_refused()
    {
        var refused = await Assert.ThrowsAsync<ImportFormatException>(() => PictureSet.OpenAsync(_folder));

        Assert.Contains("one for each label", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ImportFormatException>(() => PictureSet.OpenAsync(Path.Combine(_folder, "nowhere")));
    }

    [DataFact]
    public async Task A_real_shop_of_photos_is_divided_as_its_authors_did_and_every_photo_is_read()
    {
        PictureSet set = await PictureSet.OpenAsync(Path.Combine(DataFolder.Root!, "clothing-small"));

        (int[] train, int[] validation, int[] test) = set.Divide(seed: 1);

        Assert.Equal((3_068, 341, 372, 10), (train.Length, validation.Length, test.Length, set.Classes.Count));
        LoadedPictures loaded = set.Load(test, 80, CancellationToken.None);
        Assert.Empty(loaded.Faults);
        Assert.All(loaded.Pictures, picture => Assert.Equal(80, Math.Min(picture.Height, picture.Width)));
    }

    [FashionFact]
    public async Task Fashion_mnist_is_read_as_debian_installs_it()
    {
        PictureSet set = await PictureSet.OpenAsync(FashionFactAttribute.Folder);

        Assert.Equal((70_000, 10_000), (set.Count, set.Divide(seed: 1).Test.Length));
        Assert.Equal(("ankle boot", "t-shirt"), (set.Labels[0], set.Labels[1]));
        Assert.All(set.Classes, label => Assert.Equal(7_000, set.Labels.Count(of => of == label)));
        Assert.Equal((28, 28), (set.Read(69_999).Height, set.Read(69_999).Width));
    }

    private void Put(string path)
    {
        string file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, PictureFiles.Png(PictureFiles.Gradient(12, 16)));
    }

    private void Write(string name, byte[] content)
    {
        using var zip = new GZipStream(File.Create(Path.Combine(_folder, $"{name}.gz")), CompressionLevel.Fastest);
        zip.Write(content);
    }
}

/// <summary>A test over the Debian package dataset-fashion-mnist. Skipped, with a word, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FashionFactAttribute : FactAttribute
{
    public const string Folder = "/usr/share/datasets/fashion-mnist";

    public FashionFactAttribute() => Skip = Directory.Exists(Folder) ? null : "dataset-fashion-mnist is not installed: scripts/setup.sh test puts it there.";
}
