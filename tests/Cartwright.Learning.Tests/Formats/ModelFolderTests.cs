using System.Text.Json;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Formats;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("cartwright-model-").FullName;

    private string Folder => Path.Combine(_parent, "v1");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void Weights_and_card_come_back()
    {
        ModelFolder.Save(Folder, Weights(), Card());

        (IReadOnlyDictionary<string, Tensor> weights, ModelCard card) = ModelFolder.Load(Folder);

        Assert.Equal([1f, 2f], weights["w"].ToArray());
        Assert.Equal("sasrec", card.Model);
        Assert.Equal(0.5, card.Metrics["ndcg@10"]);
        Assert.Equal(64, card.Options.GetProperty("hiddenSize").GetInt32());
        Assert.Equal([Folder], Directory.GetFileSystemEntries(_parent));
    }

    [Fact]
    public void One_flipped_byte_anywhere_is_refused()
    {
        ModelFolder.Save(Folder, Weights(), Card());
        foreach (string file in Directory.GetFiles(Folder))
        {
            byte[] whole = File.ReadAllBytes(file);
            for (int i = 0; i < whole.Length; i++)
            {
                byte[] flipped = [.. whole];
                flipped[i] ^= 1;
                File.WriteAllBytes(file, flipped);

                Assert.Throws<ModelFormatException>(() => ModelFolder.Load(Folder));
            }

            File.WriteAllBytes(file, whole);
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        ModelFolder.Save(Folder, Weights(), Card());
        File.Delete(Path.Combine(Folder, "card.json"));

        ModelFormatException e = Assert.Throws<ModelFormatException>(() => ModelFolder.Load(Folder));

        Assert.Contains("card.json", e.Message);
    }

    private static Dictionary<string, Tensor> Weights() => new() { ["w"] = Tensor.From([1, 2], 2) };

    private static ModelCard Card() => new()
    {
        Model = "sasrec",
        TrainedAt = DateTimeOffset.UnixEpoch,
        Seed = 1,
        Options = JsonSerializer.SerializeToElement(new { hiddenSize = 64 }),
        Metrics = new Dictionary<string, double> { ["ndcg@10"] = 0.5 },
        DataHash = "00",
        TrainSeconds = 1,
        ParameterCount = 2,
    };
}
