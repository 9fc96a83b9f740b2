using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;
using Cartwright.Storage;
using Shopping = Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class PictureGalleryTests : IDisposable
{
    private const int OfEach = 50;

    private readonly string _root = Directory.CreateTempSubdirectory("gallery-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [PictureFact]
    public async Task Look_alikes_show_the_same_and_follow_the_catalog()
    {
        await using (Shop shop = await OpenAsync())
        {
            MatchResponse first = await shop.Gallery.MatchAsync(new MatchRequest { ProductId = "p2", Count = 8 });
            MatchResponse cheap = await shop.Gallery.MatchAsync(new MatchRequest { ProductId = "p2", Count = 50, PriceTo = 20 });
            File.Copy(Path.Combine(_root, "shop", "images", "2.png"), Path.Combine(_root, "shop", "images", "twin.png"));
            await shop.Catalog.PutProductAsync(new Product { Id = "twin", Title = "Twin", Category = "disc", Image = "images/twin.png" });
            MatchResponse after = await shop.Gallery.MatchAsync(new MatchRequest { ProductId = "p2", Count = 1 });
            await shop.Catalog.DeleteProductAsync("twin");
            MatchResponse without = await shop.Gallery.MatchAsync(new MatchRequest { ProductId = "p2", Count = 1 });

            Assert.Equal((3 * OfEach, 3 * OfEach, 0), (first.PictureCount, first.LookedAt, first.Unreadable));
            Assert.DoesNotContain(first.Results, alike => alike.ProductId == "p2");
            Assert.InRange(first.Results.Count(alike => int.Parse(alike.ProductId[1..], null) % 3 == 2), 6, 8);
            Assert.Equal(first.Results.OrderByDescending(alike => alike.Similarity), first.Results);
            Assert.All(cheap.Results, alike => Assert.InRange(alike.Price!.Value, 0, 20));
            Assert.Equal(("twin", 1, 1), (after.Results[0].ProductId, Math.Round(after.Results[0].Similarity, 3), after.LookedAt));
            Assert.NotEqual("twin", without.Results[0].ProductId);
        }

        await using Shop again = await Shop.OpenAsync(Path.Combine(_root, "shop"));
        Assert.InRange((await again.Gallery.MatchAsync(new MatchRequest { ProductId = "p2" })).LookedAt, 0, 1);
        File.WriteAllText(Path.Combine(_root, "shop", "models", "vision-gallery", "gallery.bin"), "damaged");
        await using Shop damaged = await Shop.OpenAsync(Path.Combine(_root, "shop"));
        Assert.Equal(3 * OfEach, (await damaged.Gallery.MatchAsync(new MatchRequest { ProductId = "p2" })).LookedAt);
    }

    [PictureFact]
    public async Task Recommendation_learns_from_what_pictures_show_once_a_model_looks_at_them()
    {
        await using Shop shop = await OpenAsync();
        await shop.Catalog.AppendAsync(new InteractionsRequest
        {
            Interactions = [.. Enumerable.Range(0, 30).SelectMany(s => Enumerable.Range(0, 5).Select(i => new Interaction
            {
                Shopper = $"s{s}", Kind = InteractionKind.Purchase, Product = $"p{(((s * 7) + (i * 3)) % 40 * 3) + (s % 3)}", At = new DateTimeOffset(2026, 1, 1 + i, s % 24, 0, 0, TimeSpan.Zero),
            }))],
        });

        Shopping.TrainResponse trained = await shop.Recommendation.TrainAsync(new Shopping.TrainRequest { Model = "two-tower", Epochs = 1, Activate = true });

        string options = File.ReadAllText(Directory.EnumerateFiles(Path.Combine(_root, "shop", "models", "recommendation", trained.Version), "*", SearchOption.AllDirectories)
            .First(file => file.EndsWith("model.safetensors", StringComparison.Ordinal)));
        Assert.Contains("picture.weight", options, StringComparison.Ordinal);
        Assert.NotEmpty((await shop.Recommendation.RecommendAsync(new Shopping.RecommendRequest { ShopperId = "s1" })).Results);
    }

    [PictureFact]
    public async Task A_draft_has_category_colors_attributes_and_a_title_each_with_how_sure_it_is()
    {
        await using Shop shop = await OpenAsync();

        DescribeResponse draft = await shop.Gallery.DescribeAsync(new DescribeRequest { ProductId = "p1" });

        Assert.Equal("cross", draft.Category.Label);
        Assert.InRange(draft.Colors.Sum(color => color.Share), 0.5, 1.0001);
        DraftValue corners = Assert.Single(draft.Attributes, attribute => attribute.Name == "corners");
        Assert.Equal("four", corners.Value);
        Assert.InRange(corners.Confidence, 0.5, 1);
        Assert.Equal("picture", corners.From);
        Assert.DoesNotContain(draft.Attributes, attribute => attribute.Name == "batch");      // nobody can see it
        Assert.Contains("cross", draft.Title!.Text, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(draft.Title.Confidence, 0.3, 1);
        Assert.Equal(5, draft.LookAlikes.Count);
    }

    [PictureFact]
    public async Task Pictures_of_something_else_are_odd()
    {
        await using Shop shop = await OpenAsync();
        for (int i = 0; i < 5; i++)
        {
            Put($"given/usual{i}.png", DrawnPictures.Draw("disc", new Random(300 + i)));
        }

        Put("given/strange.png", PictureFiles.Gradient(40, 40));
        File.WriteAllText(Path.Combine(_root, "given", "broken.png"), "no picture");

        OddResponse given = await shop.Gallery.OddAsync(new OddRequest { Path = Path.Combine(_root, "given") });
        OddResponse own = await shop.Gallery.OddAsync(new OddRequest { Category = "disc", Count = 3 });

        Assert.Equal("strange.png", given.Results[0].Picture);
        Assert.InRange(given.Results[0].Error, 1.5, double.MaxValue);
        Assert.Equal((6, 1), (given.JudgedCount, given.Unreadable.Count));
        Assert.Equal((OfEach, OfEach, 3), (own.PictureCount, own.JudgedCount, own.Results.Count));
        await Assert.ThrowsAsync<NotFoundException>(() => shop.Gallery.OddAsync(new OddRequest { Category = "spiral" }));
        string empty = Directory.CreateDirectory(Path.Combine(_root, "empty-folder")).FullName;
        await Assert.ThrowsAsync<ImportFormatException>(() => shop.Gallery.OddAsync(new OddRequest { Path = empty }));
    }

    [PictureFact]
    public async Task A_label_is_drawn_into_a_folder()
    {
        await using Shop shop = await OpenAsync();
        string folder = Path.Combine(_root, "drawn");

        DrawResponse drawn = await shop.Gallery.DrawAsync(new DrawRequest { Label = "disc", Steps = 4, Count = 3, Out = folder });

        DrawResponse kept = await shop.Gallery.DrawAsync(new DrawRequest { Label = "disc", Steps = 4, Count = 3 });
        DrawResponse anew = await shop.Gallery.DrawAsync(new DrawRequest { Label = "disc", Steps = 4, Count = 3, Retrain = true });

        Assert.Equal((OfEach, 3), (drawn.Pictures, drawn.Files.Count));
        Assert.Equal((true, false, true), (drawn.IsNew, kept.IsNew, anew.IsNew));
        Assert.Equal((drawn.Generator, drawn.Sheet, drawn.Floor), (kept.Generator, kept.Sheet, kept.Floor));
        Assert.Equal(drawn.Stages, kept.Stages);
        Assert.Equal(drawn.Sheet, anew.Sheet);
        File.Copy(Path.Combine(_root, "shop", "images", "0.png"), Path.Combine(_root, "shop", "images", "2.png"), overwrite: true);
        Assert.True((await shop.Gallery.DrawAsync(new DrawRequest { Label = "disc", Steps = 4, Count = 3 })).IsNew);
        Assert.All(drawn.Files, file => Assert.Equal(PictureGenerator.Side, PictureReader.Read(file).Height));
        Picture sheet = PictureReader.Read(Convert.FromBase64String(drawn.Sheet), "sheet");
        Assert.Equal((PictureGenerator.Side, 3 * PictureGenerator.Side), (sheet.Height, sheet.Width));
        NotFoundException unknown = await Assert.ThrowsAsync<NotFoundException>(() => shop.Gallery.DrawAsync(new DrawRequest { Label = "disk" }));
        Assert.Contains("Did you mean 'disc'?", unknown.Message, StringComparison.Ordinal);
    }

    [PictureFact]
    public async Task Before_a_training_nothing_can_be_compared()
    {
        await using Shop shop = await Shop.OpenAsync(Path.Combine(_root, "empty"));

        await Assert.ThrowsAsync<ModelNotTrainedException>(() => shop.Gallery.MatchAsync(new MatchRequest { ProductId = "p" }));
        await Assert.ThrowsAsync<ModelNotTrainedException>(() => shop.Gallery.DrawAsync(new DrawRequest { Label = "disc" }));
        await Assert.ThrowsAsync<InvalidRequestException>(() => shop.Gallery.DrawAsync(new DrawRequest { Label = "disc", Count = 0 }));
    }

    /// <summary>A trained shop whose pictures show a bar, a cross and a disc in turn.</summary>
    private async Task<Shop> OpenAsync()
    {
        PictureSet set = DrawnPictures.Set(OfEach);
        string[] corners = ["two", "four", "none"];
        for (int i = 0; i < set.Count; i++)
        {
            Put($"source/images/{i}.png", set.Read(i));
        }

        File.WriteAllLines(Path.Combine(_root, "source", "products.csv"), ["id,title,category,price,image,corners,batch",
            .. set.Labels.Select((label, i) => $"p{i},Fine {label} for walls,{label},{10 + (i % 20)},images/{i}.png,{corners[i % 3]},b{i * 7 % 4}")]);
        Shop shop = await Shop.OpenAsync(Path.Combine(_root, "shop"));
        await shop.Catalog.ImportAsync(new ImportRequest { Folder = Path.Combine(_root, "source") });
        await shop.Vision.TrainAsync(new TrainRequest { Epochs = 12, Activate = true });
        return shop;
    }

    private void Put(string path, Picture picture)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, PictureFiles.Png(picture));
    }
}
