using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Vision;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class PictureAnalystTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vision-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [PictureFact]
    public async Task A_trained_shop_tags_its_products_pictures_that_are_sent_and_folders()
    {
        await using Shop shop = await OpenAsync();
        TrainResponse trained = await shop.Vision.TrainAsync(new TrainRequest { Epochs = 12 });
        string file = Put("new/disc.png", DrawnPictures.Draw("disc", new Random(77)));
        Put("new/deep/bar.png", DrawnPictures.Draw("bar", new Random(78)));
        File.WriteAllText(Path.Combine(_root, "new", "broken.png"), "no picture");

        TagResponse product = await shop.Vision.TagAsync(new TagRequest { ProductId = "p2", Count = 3 });
        TagResponse sent = await shop.Vision.TagAsync(new TagRequest { Picture = "data:image/png;base64," + Convert.ToBase64String(File.ReadAllBytes(file)) });
        TagResponse folder = await shop.Vision.TagAsync(new TagRequest { Path = Path.Combine(_root, "new"), Count = 1 });

        Assert.True(trained.IsActive);
        Assert.Equal(DrawnPictures.Labels, trained.Labels);
        Assert.InRange(trained.Estimates["residual accuracy"].Value, 0.8, 1);
        Assert.Equal(("p2", "disc"), (product.Results[0].Picture, product.Results[0].Tags[0].Label));
        Assert.Equal(1, product.Results[0].Tags.Sum(tag => tag.Chance), 4);
        Assert.Equal(("picture", "disc"), (sent.Results[0].Picture, sent.Results[0].Tags[0].Label));
        Assert.Equal([Path.Combine("deep", "bar.png"), "disc.png"], folder.Results.Select(picture => picture.Picture));
        Assert.Equal("broken.png", Assert.Single(folder.Unreadable).Picture);
        Assert.Equal(trained.Version, folder.Version);
    }

    [PictureFact]
    public async Task An_explanation_is_a_grid_and_a_label_that_is_unknown_is_refused()
    {
        await using Shop shop = await OpenAsync();
        await shop.Vision.TrainAsync(new TrainRequest { Epochs = 2 });

        ExplainResponse explained = await shop.Vision.ExplainAsync(new ExplainRequest { ProductId = "p0", Label = "cross" });

        Assert.Equal(("cross", 14), (explained.Label, explained.Grid.Count));
        Assert.All(explained.Grid, row => Assert.Equal(14, row.Count));
        Assert.Equal(explained.Grid.Max(row => row.Max()), explained.Grid[explained.Hottest.Row][explained.Hottest.Column]);
        Assert.InRange(explained.ChanceWithoutHottest, 0, explained.Chance);
        var refused = await Assert.ThrowsAsync<ValidationException>(() => shop.Vision.ExplainAsync(new ExplainRequest { ProductId = "p0", Label = "cros" }));
        Assert.Contains("cross", refused.Message, StringComparison.Ordinal);
    }

    [PictureFact]
    public async Task Corrections_outlive_the_process_and_change_the_next_model()
    {
        byte[] sent = PictureFiles.Png(DrawnPictures.Draw("disc", new Random(5)));
        await using (Shop shop = await OpenAsync())
        {
            TrainResponse before = await shop.Vision.TrainAsync(new TrainRequest { Epochs = 1 });
            CorrectResponse corrected = await shop.Vision.CorrectAsync(new CorrectRequest { ProductId = "p0", Label = " ring " });
            await shop.Vision.CorrectAsync(new CorrectRequest { Picture = Convert.ToBase64String(sent), Label = "bar" });
            await shop.Vision.CorrectAsync(new CorrectRequest { Picture = Convert.ToBase64String(sent), Label = "cross" });

            Assert.Equal((0, 3), (before.Corrections, before.Labels.Count));
            Assert.Equal(("p0", "ring", 1, true), (corrected.Picture, corrected.Label, corrected.CorrectionCount, corrected.IsNewLabel));
        }

        await using Shop again = await Shop.OpenAsync(Path.Combine(_root, "shop"));
        TrainResponse after = await again.Vision.TrainAsync(new TrainRequest { Epochs = 1 });

        Assert.Equal(2, after.Corrections);
        Assert.Equal(["bar", "cross", "disc", "ring"], after.Labels);
        CorrectResponse back = await again.Vision.CorrectAsync(new CorrectRequest { ProductId = "p0" });
        Assert.Equal((null, 1), (back.Label, back.CorrectionCount));
        await Assert.ThrowsAsync<NotFoundException>(() => again.Vision.CorrectAsync(new CorrectRequest { ProductId = "p0" }));
    }

    [PictureFact]
    public async Task A_version_that_is_no_better_waits_and_can_be_activated_by_hand()
    {
        await using Shop shop = await OpenAsync();
        TrainResponse good = await shop.Vision.TrainAsync(new TrainRequest { Epochs = 12 });
        TrainResponse poor = await shop.Vision.TrainAsync(new TrainRequest { Epochs = 1, Model = "cnn" });

        KeptVersions kept = await shop.Vision.ActivateAsync(new ActivateRequest { Version = poor.Version });

        Assert.Equal((true, false), (good.IsActive, poor.IsActive));
        Assert.Contains(poor.Version, poor.Summary, StringComparison.Ordinal);
        Assert.Equal(poor.Version, kept.ActiveVersion);
        Assert.Equal("cnn", (await shop.Vision.TagAsync(new TagRequest { ProductId = "p1" })).Model);
    }

    [PictureFact]
    public async Task What_can_not_be_answered_says_why()
    {
        await using Shop shop = await OpenAsync();
        await Assert.ThrowsAsync<ModelNotTrainedException>(() => shop.Vision.TagAsync(new TagRequest { ProductId = "p0" }));
        await shop.Vision.TrainAsync(new TrainRequest { Epochs = 1 });
        await shop.Catalog.PutProductAsync(new Product { Id = "bare", Title = "Bare" });

        await Assert.ThrowsAsync<NotFoundException>(() => shop.Vision.TagAsync(new TagRequest { ProductId = "nobody" }));
        await Assert.ThrowsAsync<NotFoundException>(() => shop.Vision.TagAsync(new TagRequest { ProductId = "bare" }));
        await Assert.ThrowsAsync<ValidationException>(() => shop.Vision.TagAsync(new TagRequest()));
        await Assert.ThrowsAsync<ValidationException>(() => shop.Vision.TagAsync(new TagRequest { ProductId = "p0", Path = "p.png" }));
        await Assert.ThrowsAsync<ValidationException>(() => shop.Vision.TagAsync(new TagRequest { Picture = "§§§" }));
        await Assert.ThrowsAsync<ImportFormatException>(() => shop.Vision.TagAsync(new TagRequest { Picture = "aGVsbG8=" }));
        await Assert.ThrowsAsync<ImportFormatException>(() => shop.Vision.TagAsync(new TagRequest { Path = Path.Combine(_root, "nowhere") }));
        await Assert.ThrowsAsync<ImportFormatException>(() => shop.Vision.CorrectAsync(new CorrectRequest { Picture = "aGVsbG8=", Label = "word" }));
    }

    /// <summary>A shop whose products' pictures show a bar, a cross and a disc in turn: p0, p1, p2, …</summary>
    private async Task<Shop> OpenAsync()
    {
        const int OfEach = 50;
        PictureSet set = DrawnPictures.Set(OfEach);
        for (int i = 0; i < set.Count; i++)
        {
            Put($"source/images/{i}.png", set.Read(i));
        }

        File.WriteAllLines(Path.Combine(_root, "source", "products.csv"), ["id,title,category,image", .. set.Labels.Select((label, i) => $"p{i},Thing {i},{label},images/{i}.png")]);
        Shop shop = await Shop.OpenAsync(Path.Combine(_root, "shop"));
        await shop.Catalog.ImportAsync(new ImportRequest { Folder = Path.Combine(_root, "source") });
        return shop;
    }

    private string Put(string path, Picture picture)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, PictureFiles.Png(picture));
        return file;
    }
}
