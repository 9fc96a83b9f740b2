using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class PictureFolderTests : IDisposable
{
    private readonly string _here = Directory.CreateTempSubdirectory("cartwright-pictures").FullName;
    private readonly string _there = Directory.CreateTempSubdirectory("cartwright-pictures").FullName;

    public void Dispose()
    {
        Directory.Delete(_here, recursive: true);
        Directory.Delete(_there, recursive: true);
    }

    [Fact]
    public void Copies_what_is_named_and_counts_what_is_not_there()
    {
        Write(_there, "images/a.jpg", "a");
        Write(_there, "images/deep/b.png", "b");

        PictureCopy copy = Copy("images/a.jpg", "images/deep/b.png", "images/c.jpg");

        Assert.Equal(2, copy.Copied);
        Assert.Equal(1, copy.Missing);
        Assert.Contains("images/c.jpg", Assert.Single(copy.Notes()), StringComparison.Ordinal);
        Assert.Equal("b", File.ReadAllText(Path.Combine(_here, "images/deep/b.png")));
        Assert.Empty(Directory.EnumerateFiles(_here, "*.partial", SearchOption.AllDirectories));
    }

    [Fact]
    public void Leaves_a_picture_that_is_the_same_and_replaces_one_that_changed()
    {
        Write(_there, "a.jpg", "old");
        Copy("a.jpg");

        Assert.Equal(1, Copy("a.jpg").Unchanged);
        Write(_there, "a.jpg", "newer");
        Assert.Equal(1, Copy("a.jpg").Copied);
        Assert.Equal("newer", File.ReadAllText(Path.Combine(_here, "a.jpg")));
    }

    [Theory]
    [InlineData("shop.db")]
    [InlineData("keys/key.xml")]
    [InlineData("../elsewhere.jpg")]
    [InlineData("..\\elsewhere.jpg")]
    public void Never_touches_what_is_no_picture_or_lies_elsewhere(string image)
    {
        Write(_there, "shop.db", "theirs");
        Write(_there, "keys/key.xml", "theirs");
        Write(_here, "shop.db", "ours");

        PictureCopy copy = Copy(image);

        Assert.Equal(0, copy.Copied);
        Assert.Equal("ours", File.ReadAllText(Path.Combine(_here, "shop.db")));
        Assert.Null(new PictureFolder(_here).FileOf(new Product { Id = "1", Image = image }));
    }

    private PictureCopy Copy(params string[] images) =>
        new PictureFolder(_here).CopyFrom(new PictureFolder(_there), images, _ => { }, CancellationToken.None);

    private static void Write(string folder, string path, string text)
    {
        string file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
