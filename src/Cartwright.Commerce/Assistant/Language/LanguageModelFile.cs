using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Assistant;

/// <summary>Writes a model of language to <c>model.safetensors</c> and <c>language.json</c>, and reads it.</summary>
internal static class LanguageModelFile
{
    private const string WeightsFile = "model.safetensors";
    private const string LanguageFile = "language.json";

    public static void Save(string folder, LanguageModel model)
    {
        Safetensors.Write(Path.Combine(folder, WeightsFile), model.Networks
            .SelectMany((network, n) => network.State().Select(weight => new KeyValuePair<string, Tensor>($"{n}.{weight.Key}", weight.Value))).ToDictionary(StringComparer.Ordinal));
        File.WriteAllBytes(Path.Combine(folder, LanguageFile), JsonSerializer.SerializeToUtf8Bytes(
            new SavedLanguage([.. model.Networks.Select(network => network.Options)], model.Vocabulary.Saved, model.Scope), SavedLanguageJson.Default.SavedLanguage));
    }

    /// <exception cref="ModelFormatException">One of the files is missing or damaged.</exception>
    public static LanguageModel Load(string folder)
    {
        _ = ModelFolder.LoadCard(folder);
        string path = Path.Combine(folder, LanguageFile);
        try
        {
            SavedLanguage saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedLanguageJson.Default.SavedLanguage)!;
            IReadOnlyDictionary<string, Tensor> weights = Safetensors.Read(Path.Combine(folder, WeightsFile)).Tensors;
            UnderstandingNetwork[] networks = [.. saved.Networks.Select((options, n) =>
            {
                var network = new UnderstandingNetwork(options, Seeds.Random(0, 0));
                string own = $"{n}.";
                network.Load(weights.Where(weight => weight.Key.StartsWith(own, StringComparison.Ordinal))
                    .ToDictionary(weight => weight.Key[own.Length..], weight => weight.Value, StringComparer.Ordinal));
                return network;
            })];
            return new LanguageModel(networks, new LanguageVocabulary(saved.Vocabulary), saved.Scope);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or ShapeException or NullReferenceException or FileNotFoundException)
        {
            throw new ModelFormatException(path, $"It is not a model of language ({e.Message}). Train again: 'cartwright assistant train'.", e);
        }
    }
}

/// <summary>What <c>language.json</c> holds.</summary>
internal sealed record SavedLanguage(IReadOnlyList<UnderstandingNetworkOptions> Networks, SavedLanguageVocabulary Vocabulary, ScopeRule Scope);

/// <summary>What a version was trained on, for its card.</summary>
internal sealed record SavedLanguageLesson(int Given, int Generated, int? Epochs, int Seed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SavedLanguage))]
[JsonSerializable(typeof(SavedLanguageLesson))]
internal sealed partial class SavedLanguageJson : JsonSerializerContext;
