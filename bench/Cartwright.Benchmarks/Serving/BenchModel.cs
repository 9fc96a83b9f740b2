using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;
using Cartwright.Storage;

namespace Cartwright.Benchmarks.Serving;

/// <summary>Trains what a measurement serves and puts it into service: a model, or a blend in which each model weighs something.</summary>
/// <remarks>A blend that is trained by the command leaves out models that did not help on the made data; here each is to cost what it costs.</remarks>
internal static class BenchModel
{
    /// <param name="folder">The shop's.</param>
    public static async Task TrainAsync(BenchShop bench, Shop shop, string folder)
    {
        Snapshot snapshot = await shop.Store.ReadSnapshotAsync();
        HeldOut heldOut = HeldOut.Of(snapshot);
        TrainingData data = new ModelComparison(snapshot.Products, snapshot.Info.HasRealTimes, TimeProvider.System)
            .TrainingDataOf(new RankingSplit(heldOut.Train, heldOut.Validation, heldOut.Judging));
        var models = new List<IRecommendationModel>();
        foreach ((string name, int epochs) in bench.Models)
        {
            Console.WriteLine($"training {name} …");
            models.Add(RecommendationModels.Named(name).Fit(data, new FitOptions { Seed = 1, Epochs = epochs, Clock = TimeProvider.System }, null, CancellationToken.None));
        }

        IRecommendationModel served = models.Count == 1 ? models[0] : new Blend(new BlendOptions
        {
            Scale = BlendScale.Standard,
            Models = [.. bench.Models.Select(model => model.Name)],
            Weights = [.. bench.Models.Select(_ => 1f)],
        }, models);
        var versions = new ModelVersions(Path.Combine(folder, "models", "recommendation"));
        string version = versions.Save(served, models.OfType<ItemKnn>().FirstOrDefault(), [.. snapshot.Products.Select(product => product.Id)], new ModelCard
        {
            Model = served.Name,
            TrainedAt = TimeProvider.System.GetUtcNow(),
            Seed = 1,
            Options = JsonSerializer.SerializeToElement(new TrainRequest { Model = served.Name }, RequestJson.Default.TrainRequest),
            Metrics = new Dictionary<string, double>(StringComparer.Ordinal),
            DataHash = "",
            TrainSeconds = 0,
            ParameterCount = served.ParameterCount,
            Notes = served.Card,
        });
        versions.Folders.Activate(version);
    }
}
