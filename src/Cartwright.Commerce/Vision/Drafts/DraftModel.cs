using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>What drafts of listings are written with, learned along with the network of pictures and kept in its version.</summary>
/// <param name="Heads">Tell attributes from a picture's embedding.</param>
/// <param name="Titles">Writes titles; null where there were too few to learn from.</param>
internal sealed record DraftModel(IReadOnlyList<AttributeHead> Heads, TitleWriter? Titles)
{
    private const string WeightsFile = "drafts.safetensors";
    private const string DraftsFile = "drafts.json";
    private const string Network = "titles.", Head = "head.";

    /// <summary>Of a version that learned neither.</summary>
    public static DraftModel None { get; } = new([], null);

    public void Save(string folder)
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in Titles?.Network.State() ?? [])
        {
            weights[Network + name] = tensor;
        }

        for (int i = 0; i < Heads.Count; i++)
        {
            weights[$"{Head}{i}.weight"] = Tensor.From(Heads[i].Weight, Heads[i].Values.Count, Heads[i].Weight.Length / Heads[i].Values.Count);
            weights[$"{Head}{i}.bias"] = Tensor.From(Heads[i].Bias, Heads[i].Values.Count);
        }

        if (weights.Count > 0)
        {
            Safetensors.Write(Path.Combine(folder, WeightsFile), weights);
            File.WriteAllBytes(Path.Combine(folder, DraftsFile), JsonSerializer.SerializeToUtf8Bytes(new SavedDrafts(
                [.. Heads.Select(head => new SavedHead(head.Name, head.Values, head.Temperature))],
                Titles is null ? null : new SavedTitles(Titles.Network.Options, Titles.Words, Titles.Facts, Titles.Perplexity)), SavedDraftsJson.Default.SavedDrafts));
        }
    }

    /// <summary><see cref="None"/> where the version has none.</summary>
    /// <exception cref="ModelFormatException">A file is damaged.</exception>
    public static DraftModel Load(string folder)
    {
        string path = Path.Combine(folder, DraftsFile);
        if (!File.Exists(path))
        {
            return None;
        }

        try
        {
            SavedDrafts saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedDraftsJson.Default.SavedDrafts)!;
            SafetensorsContent content = Safetensors.Read(Path.Combine(folder, WeightsFile));
            AttributeHead[] heads = [.. saved.Heads.Select((head, i) => new AttributeHead(
                head.Name, head.Values, content.Tensors[$"{Head}{i}.weight"].ToArray(), content.Tensors[$"{Head}{i}.bias"].ToArray(), head.Temperature))];
            return new DraftModel(heads, saved.Titles is null ? null : Writer(saved.Titles, content));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or ShapeException or NullReferenceException or KeyNotFoundException or FileNotFoundException)
        {
            throw new ModelFormatException(path, $"It says nothing of drafts ({e.Message}). Train again: 'cartwright vision train'.", e);
        }
    }

    private static TitleWriter Writer(SavedTitles saved, SafetensorsContent content)
    {
        var network = new TitleNetwork(saved.Network, Seeds.Random(0, 0));
        network.Load(content.Under(Network));
        network.IsTraining = false;
        return new TitleWriter(network, saved.Words, saved.Facts, saved.Perplexity);
    }
}

/// <summary>What <c>drafts.json</c> holds.</summary>
internal sealed record SavedDrafts(IReadOnlyList<SavedHead> Heads, SavedTitles? Titles);

internal sealed record SavedHead(string Name, IReadOnlyList<string> Values, float Temperature);

internal sealed record SavedTitles(TitleNetworkOptions Network, TitleWords Words, TitleFacts Facts, double Perplexity);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SavedDrafts))]
internal sealed partial class SavedDraftsJson : JsonSerializerContext;
