using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Search;

/// <summary>Writes a ranker to <c>model.safetensors</c> and <c>ranker.json</c>, and reads it.</summary>
internal static class RankerFile
{
    private const string WeightsFile = "model.safetensors";
    private const string RankerJson = "ranker.json";
    private const string Network = "network.", Grades = "grades.", Order = "order.";

    public static void Save(string folder, SearchRanker ranker)
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Add(Network, ranker.Network.State());
        Add(Grades, ranker.GradeTrees.Weights());
        Add(Order, ranker.OrderTrees.Weights());
        Safetensors.Write(Path.Combine(folder, WeightsFile), weights);
        File.WriteAllBytes(Path.Combine(folder, RankerJson), JsonSerializer.SerializeToUtf8Bytes(
            new SavedRanker([.. RankFeatures.Names], ranker.Reading, ranker.Network.Options, ranker.GradeTrees.Options, ranker.OrderTrees.Options, ranker.Weights), SavedRankerJson.Default.SavedRanker));

        void Add(string prefix, IEnumerable<KeyValuePair<string, Tensor>> tensors)
        {
            foreach ((string name, Tensor tensor) in tensors)
            {
                weights[prefix + name] = tensor;
            }
        }
    }

    /// <exception cref="ModelFormatException">One of the files is missing or damaged.</exception>
    public static SearchRanker Load(string folder)
    {
        _ = ModelFolder.LoadCard(folder);
        string path = Path.Combine(folder, RankerJson);
        try
        {
            SavedRanker saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedRankerJson.Default.SavedRanker)!;
            if (!saved.Features.SequenceEqual(RankFeatures.Names, StringComparer.Ordinal))
            {
                throw new ModelFormatException(path, "The ranker reads other numbers of a product than this program: it is of another version. Train again: 'cartwright search train'.");
            }

            SafetensorsContent content = Safetensors.Read(Path.Combine(folder, WeightsFile));
            var network = new RankNetwork(saved.Network, Seeds.Random(0, 0));
            network.Load(content.Under(Network));
            return new SearchRanker(saved.Reading, network, BoostedTrees.Load(saved.GradeTrees, content.Under(Grades)), BoostedTrees.Load(saved.OrderTrees, content.Under(Order)), saved.Weights);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or ShapeException or NullReferenceException or FileNotFoundException)
        {
            throw new ModelFormatException(path, $"It is not a search ranker ({e.Message}). Train again: 'cartwright search train'.", e);
        }
    }
}

/// <summary>What <c>ranker.json</c> holds.</summary>
internal sealed record SavedRanker(IReadOnlyList<string> Features, RankReading Reading, RankNetworkOptions Network, BoostedTreesOptions GradeTrees, BoostedTreesOptions OrderTrees, RankWeights Weights);

/// <summary>What a version was trained on, for its card.</summary>
internal sealed record SavedLesson(string From, int Queries, int Seed, int? Epochs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SavedRanker))]
[JsonSerializable(typeof(SavedLesson))]
internal sealed partial class SavedRankerJson : JsonSerializerContext;
