using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;
using Cartwright.Storage;
using StatusRequest = Cartwright.Commerce.Assistant.StatusRequest;

namespace Cartwright.Commerce.Tests.Assistant;

public sealed class LanguageAnalystTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("language-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_shop_without_utterances_understands_what_is_asked_of_its_catalog()
    {
        await using Shop shop = await OpenAsync();

        TrainResponse trained = await shop.AssistantLanguage.TrainAsync(new TrainRequest { Epochs = 4 });
        Understanding asked = (await shop.AssistantLanguage.UnderstandAsync(new UnderstandRequest { Text = "Do you have black pans under 40 euros?" })).Understanding;
        KeptVersions kept = await shop.AssistantLanguage.StatusAsync(new());

        Assert.True(trained.IsActive);
        Assert.Equal((0, true), (trained.Given, trained.Generated > 1_000));
        Assert.True(trained.Estimates["understanding-lstm accuracy"].Low > trained.Estimates["majority accuracy"].High);
        Assert.True(trained.Estimates["understanding-lstm slotF1"].Value > trained.Estimates["word-tags slotF1"].Value);
        Assert.Equal(ShopIntents.FindProduct, asked.Intent);
        Assert.Equal([("color", "black"), ("category", "pans"), ("price-max", "40 euros")], asked.Slots.Select(slot => (slot.Name, slot.Value)));
        Assert.Equal(trained.Version, kept.ActiveVersion);
    }

    [Fact]
    public async Task Given_utterances_are_learned_beside_those_of_the_catalog()
    {
        string csv = Path.Combine(_root, "in", "utterances.csv");
        Directory.CreateDirectory(Path.GetDirectoryName(csv)!);
        await File.WriteAllLinesAsync(csv, ["text,intent", .. Enumerable.Range(0, 40).Select(i => $"please engrave the name {(char)('a' + (i % 26))}{i} on my pan,engrave")]);
        await using Shop shop = await OpenAsync();
        await shop.Catalog.ImportAsync(new ImportRequest { Folder = Path.GetDirectoryName(csv)! });

        TrainResponse trained = await shop.AssistantLanguage.TrainAsync(new TrainRequest { Epochs = 2 });
        Understanding asked = (await shop.AssistantLanguage.UnderstandAsync(new UnderstandRequest { Text = "please engrave the name Zoe on my pan" })).Understanding;

        Assert.InRange(trained.Given, 20, 40);
        Assert.Contains("engrave", trained.Intents);
        Assert.Equal("engrave", asked.Intent);
    }

    [Fact]
    public async Task A_damaged_version_is_refused_and_the_one_in_service_stays()
    {
        await using Shop shop = await OpenAsync();
        string first = (await shop.AssistantLanguage.TrainAsync(new TrainRequest { Epochs = 1 })).Version;
        string second = (await shop.AssistantLanguage.TrainAsync(new TrainRequest { Epochs = 1, Seed = 2 })).Version;
        string file = Path.Combine(_root, "shop", "models", "language", second, "model.safetensors");
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await shop.AssistantLanguage.ActivateAsync(new ActivateRequest { Version = first });

        await Assert.ThrowsAsync<ModelFormatException>(() => shop.AssistantLanguage.ActivateAsync(new ActivateRequest { Version = second }));
        Assert.Equal(first, (await shop.AssistantLanguage.StatusAsync(new())).ActiveVersion);
    }

    [Fact]
    public async Task Nothing_is_understood_before_training_and_nothing_learned_from_an_empty_shop()
    {
        await using Shop shop = await Shop.OpenAsync(Path.Combine(_root, "empty"));

        await Assert.ThrowsAsync<ModelNotTrainedException>(() => shop.AssistantLanguage.UnderstandAsync(new UnderstandRequest { Text = "hello" }));
        var refused = await Assert.ThrowsAsync<ValidationException>(() => shop.AssistantLanguage.TrainAsync(new TrainRequest()));
        Assert.Contains("catalog import", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Utterances_of_a_file_are_tested_apart_from_the_data_that_is_learned_from()
    {
        string data = Path.Combine(_root, "data.csv");
        string test = Path.Combine(_root, "test.csv");
        await File.WriteAllLinesAsync(data, ["text,intent,split", .. Enumerable.Range(0, 60).Select(i => $"{(i % 2 == 0 ? "fly me to place" : "what is the fare for")} {i},{(i % 2 == 0 ? "flight" : "fare")},{(i < 50 ? "train" : "test")}")]);
        await File.WriteAllLinesAsync(test, ["text,intent", "fly me home,flight", "what is the fare,fare", "what is the fare there,fare"]);
        await using Shop shop = await OpenAsync();

        EvaluationReport own = await shop.AssistantLanguage.EvaluateAsync(new EvaluateRequest { Data = data, Epochs = 8 });
        EvaluationReport apart = await shop.AssistantLanguage.EvaluateAsync(new EvaluateRequest { Data = data, Test = test, Epochs = 8 });

        Assert.Equal(("split-column", 10), (own.Protocol, own.TestCount));
        Assert.Equal(("test-file", 3), (apart.Protocol, apart.TestCount));
        Assert.Equal(["understanding-lstm", "majority", "bag-of-words"], apart.Models.Select(model => model.Model));
        Assert.Equal(1, apart.Models[0].Metrics["accuracy"].Value);
    }

    [DataFact]
    public async Task Real_flight_queries_are_understood_far_better_than_word_by_word()
    {
        await using Shop shop = await OpenAsync();

        EvaluationReport report = await shop.AssistantLanguage.EvaluateAsync(new EvaluateRequest { Data = DataFolder.Shop("atis"), Epochs = 4 });

        Assert.InRange(report.Models[0].Metrics["accuracy"].Value, 0.88, 1);
        Assert.InRange(report.Models[0].Metrics["slotF1"].Value, 0.75, 1);
        Assert.True(report.Models[0].Metrics["slotF1"].Low > report.Models.Single(model => model.Model == "word-tags").Metrics["slotF1"].High);
    }

    private async Task<Shop> OpenAsync()
    {
        Shop shop = await Shop.OpenAsync(Path.Combine(_root, "shop"));
        foreach (Product product in ShopUtterancesTests.Products)
        {
            await shop.Catalog.PutProductAsync(product);
        }

        return shop;
    }
}
