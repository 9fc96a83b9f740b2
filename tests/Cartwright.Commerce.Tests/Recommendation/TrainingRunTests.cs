using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class TrainingRunTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_canceled_run_that_is_resumed_gives_the_model_of_one_that_was_not()
    {
        var request = new TrainRequest { Model = "sasrec", Seed = 5, Epochs = 6, Activate = true };
        TrainResponse whole = await _shop.Recommender.TrainAsync(request, new Reporter(_shop, "whole"));
        using var stop = new CancellationTokenSource();
        await SaveRunAsync("half", request);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _shop.Recommender.TrainAsync(request, new Reporter(_shop, "half", epoch => CancelAt(stop, epoch, 3)), stop.Token));
        TrainResponse resumed = await _shop.Recommender.TrainAsync(new TrainRequest { ResumeRunId = "half" }, new Reporter(_shop, "rest"));

        Assert.Equal(Weights(whole.Version), Weights(resumed.Version));
        Assert.True(resumed.IsActive);                           // the first request's own options are kept
    }

    [Fact]
    public async Task A_run_of_a_shop_that_has_changed_since_is_not_resumed()
    {
        var request = new TrainRequest { Model = "sasrec", Epochs = 1 };
        await SaveRunAsync("old", request);
        await _shop.Recommender.TrainAsync(request, new Reporter(_shop, "old"));
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "new", Title = "New" });

        ValidationException refused = await Assert.ThrowsAsync<ValidationException>(
            () => _shop.Recommender.TrainAsync(new TrainRequest { ResumeRunId = "old" }, new Reporter(_shop, "next")));

        Assert.Contains("changed", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(
            () => _shop.Recommender.TrainAsync(new TrainRequest { ResumeRunId = "none" }, new Reporter(_shop, "next")));
    }

    [Fact]
    public async Task Reports_epochs_with_loss_and_quality()
    {
        var reporter = new Reporter(_shop, "run");

        TrainResponse trained = await _shop.Recommender.TrainAsync(new TrainRequest { Model = "sasrec", Epochs = 2 }, reporter);

        RunProgress[] epochs = [.. reporter.Reported.Where(p => p.Unit == "epochs")];
        Assert.Equal(2, epochs.Length);
        Assert.All(epochs, p => Assert.Contains("loss", p.Values));
        Assert.Contains(trained.Metrics.Keys, key => key == "sasrec recall@10");
        Assert.Contains(trained.Metrics.Keys, key => key == "item-knn ndcg@10");
        Assert.Contains("popularity alone", trained.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_where_a_baseline_is_better_than_what_was_trained()
    {
        TrainResponse worse = await _shop.Recommender.TrainAsync(new TrainRequest { Model = "popularity" });
        TrainResponse better = await _shop.Recommender.TrainAsync(new TrainRequest { Model = "item-knn" });

        Assert.Contains("The baseline item-knn does better", worse.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("does better", better.Summary, StringComparison.Ordinal);
    }

    private static void CancelAt(CancellationTokenSource stop, double epoch, double at)
    {
        if (epoch >= at)
        {
            stop.Cancel();
        }
    }

    private Task SaveRunAsync(string id, TrainRequest request) => _shop.Shop.Store.SaveRunAsync(new Run
    {
        Id = id,
        Slice = "recommendation",
        Verb = "train",
        Request = JsonSerializer.Serialize(request, JsonSerializerOptions.Web),
        CreatedAt = _shop.Clock.GetUtcNow(),
    });

    private byte[] Weights(string version) => File.ReadAllBytes(Path.Combine(_shop.ModelFolder, version, "model.safetensors"));

    private sealed class Reporter(TasteShop shop, string id, Action<double>? onEpoch = null) : IRunReporter
    {
        public List<RunProgress> Reported { get; } = [];

        public string RunId => id;

        public string Folder => Directory.CreateDirectory(FolderOf(id)).FullName;

        public string FolderOf(string runId) => Path.Combine(shop.Shop.Folder, "runs", runId);

        public void Report(RunProgress value)
        {
            Reported.Add(value);
            if (value.Unit == "epochs")
            {
                onEpoch?.Invoke(value.Done);
            }
        }
    }
}
