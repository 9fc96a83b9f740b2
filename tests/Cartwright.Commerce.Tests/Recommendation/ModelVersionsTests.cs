using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;
using Cartwright.Storage;
using StatusRequest = Cartwright.Commerce.Recommendation.StatusRequest;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class ModelVersionsTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task What_can_not_be_measured_says_no_figure_and_replaces_nothing()
    {
        string folder = Directory.CreateTempSubdirectory("cartwright-alone-").FullName;
        await using (Shop shop = await Shop.OpenAsync(folder))
        {
            await shop.Catalog.PutProductAsync(new Product { Id = "a", Title = "A" });
            await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = [new Interaction { Shopper = "ann", Kind = InteractionKind.Purchase, Product = "a" }] });

            TrainResponse first = await shop.Recommendation.TrainAsync(new TrainRequest { Model = "popularity" });
            TrainResponse second = await shop.Recommendation.TrainAsync(new TrainRequest { Model = "item-knn" });

            Assert.True(first.IsActive);
            Assert.False(second.IsActive);
            Assert.Empty(first.Metrics);
            Assert.Contains("too few shoppers to measure it", first.Summary, StringComparison.Ordinal);
            Assert.Contains("nothing could be measured", second.Summary, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Before_training_an_answer_needs_a_model_that_needs_none()
    {
        ModelNotTrainedException refused = await Assert.ThrowsAsync<ModelNotTrainedException>(
            () => _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s0" }));

        Assert.Contains("cartwright recommendation train", refused.Message, StringComparison.Ordinal);
        Assert.Equal(10, (await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s0", Model = "popularity" })).Results.Count);
        Assert.Null((await _shop.Recommender.StatusAsync(new StatusRequest())).ActiveVersion);
    }

    [Fact]
    public async Task The_first_version_goes_into_service_and_an_equal_one_does_not()
    {
        TrainResponse first = await _shop.Recommender.TrainAsync(new TrainRequest { Model = "item-knn" });
        TrainResponse second = await _shop.Recommender.TrainAsync(new TrainRequest { Model = "item-knn" });

        Assert.True(first.IsActive);
        Assert.Equal("20260411-080000-item-knn", first.Version);
        Assert.False(second.IsActive);
        Assert.Equal("20260411-080000-item-knn-2", second.Version);
        Assert.Contains("activate --version " + second.Version, second.Summary, StringComparison.Ordinal);
        Assert.True(first.Metrics["item-knn ndcg@10"] > first.Metrics["popularity ndcg@10"]);
        KeptVersions status = await _shop.Recommender.StatusAsync(new StatusRequest());
        Assert.Equal(first.Version, status.ActiveVersion);
        Assert.Equal([second.Version, first.Version], status.Versions.Select(v => v.Version));
        Assert.Equal([false, true], status.Versions.Select(v => v.IsActive));
    }

    [Fact]
    public async Task A_worse_model_is_kept_but_not_put_into_service_unless_asked()
    {
        await _shop.TrainAsync("item-knn");

        TrainResponse worse = await _shop.Recommender.TrainAsync(new TrainRequest { Model = "popularity" });
        TrainResponse asked = await _shop.Recommender.TrainAsync(new TrainRequest { Model = "popularity", Activate = true });

        Assert.False(worse.IsActive);
        Assert.True(asked.IsActive);
        RecommendResponse answer = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s0" });
        Assert.Equal((asked.Version, "popularity"), (answer.Version, answer.Model));
        Assert.Equal(asked.Version, (await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s0", Model = "item-knn" })).Version);
    }

    [Fact]
    public async Task An_older_version_can_be_put_back()
    {
        string first = await _shop.TrainAsync();
        string second = await _shop.TrainAsync(activate: true);
        Assert.Equal(second, (await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s0" })).Version);

        KeptVersions status = await _shop.Recommender.ActivateAsync(new ActivateRequest { Version = first });

        Assert.Equal(first, status.ActiveVersion);
        Assert.Equal(first, (await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s0" })).Version);
        await Assert.ThrowsAsync<NotFoundException>(() => _shop.Recommender.ActivateAsync(new ActivateRequest { Version = "none" }));
    }

    [Fact]
    public async Task Five_versions_are_kept_and_the_active_one_is_among_them()
    {
        string first = await _shop.TrainAsync();
        for (int i = 0; i < 7; i++)
        {
            _shop.Clock.Advance(TimeSpan.FromSeconds(1));
            await _shop.TrainAsync();
        }

        KeptVersions status = await _shop.Recommender.StatusAsync(new StatusRequest());
        Assert.Equal(5, status.Versions.Count);
        Assert.Equal(first, status.ActiveVersion);
        Assert.Equal(first, status.Versions[^1].Version);
    }

    [Fact]
    public async Task A_version_answers_the_same_after_a_restart()
    {
        await _shop.TrainAsync();
        RecommendResponse before = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s5" });

        await using Shop again = await Shop.OpenAsync(_shop.Shop.Folder, _shop.Clock);

        RecommendResponse after = await again.Recommendation.RecommendAsync(new RecommendRequest { ShopperId = "s5" });
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.Results.Select(r => (r.ProductId, r.Score)), after.Results.Select(r => (r.ProductId, r.Score)));
    }

    [Fact]
    public async Task Another_process_that_activates_is_noticed()
    {
        string first = await _shop.TrainAsync();
        string second = await _shop.TrainAsync(activate: true);
        await using Shop server = await Shop.OpenAsync(_shop.Shop.Folder, _shop.Clock);
        Assert.Equal(second, (await server.Recommendation.RecommendAsync(new RecommendRequest { ShopperId = "s5" })).Version);

        await _shop.Recommender.ActivateAsync(new ActivateRequest { Version = first });

        string? version = second;
        for (int i = 0; i < 1000 && version != first; i++)
        {
            _shop.Clock.Advance(TimeSpan.FromSeconds(2));
            version = (await server.Recommendation.RecommendAsync(new RecommendRequest { ShopperId = "s5" })).Version;
            await Task.Delay(5);
        }

        Assert.Equal(first, version);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("card.json")]
    [InlineData("products.json")]
    public async Task A_damaged_version_is_refused_and_the_one_in_service_stays(string file)
    {
        string first = await _shop.TrainAsync();
        string second = await _shop.TrainAsync();
        string path = Path.Combine(_shop.ModelFolder, second, file);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        await Assert.ThrowsAsync<ModelFormatException>(() => _shop.Recommender.ActivateAsync(new ActivateRequest { Version = second }));

        KeptVersions status = await _shop.Recommender.StatusAsync(new StatusRequest());
        Assert.Equal(first, status.ActiveVersion);
        Assert.NotNull(status.Versions[0].Problem);
        Assert.Equal(first, (await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s0" })).Version);
    }

    [Fact]
    public async Task A_damaged_active_version_is_named_and_training_goes_past_it()
    {
        string first = await _shop.TrainAsync();
        await File.WriteAllTextAsync(Path.Combine(_shop.ModelFolder, first, "products.json"), "[]");
        await using Shop again = await Shop.OpenAsync(_shop.Shop.Folder, _shop.Clock);

        ModelFormatException refused = await Assert.ThrowsAsync<ModelFormatException>(
            () => again.Recommendation.RecommendAsync(new RecommendRequest { ShopperId = "s0" }));
        TrainResponse trained = await again.Recommendation.TrainAsync(new TrainRequest { Model = "item-knn" });

        Assert.Contains(first, refused.Message, StringComparison.Ordinal);
        Assert.True(trained.IsActive);
    }

    [Fact]
    public async Task An_unknown_model_or_an_empty_shop_is_refused()
    {
        await Assert.ThrowsAsync<InvalidRequestException>(() => _shop.Recommender.TrainAsync(new TrainRequest { Model = "sasreck" }));
        string folder = Directory.CreateTempSubdirectory("cartwright-empty-").FullName;
        await using (Shop empty = await Shop.OpenAsync(folder, _shop.Clock))
        {
            ValidationException refused = await Assert.ThrowsAsync<ValidationException>(() => empty.Recommendation.TrainAsync(new TrainRequest { Model = "item-knn" }));
            Assert.Contains("catalog import", refused.Message, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_canceled_training_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _shop.Recommender.TrainAsync(new TrainRequest { Model = "item-knn" }, null, stop.Token));

        Assert.Empty((await _shop.Recommender.StatusAsync(new StatusRequest())).Versions);
    }
}
