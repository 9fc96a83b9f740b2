using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Learning;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Writes a voice model to <c>model.safetensors</c>, <c>voice.json</c> and <c>phrases.txt</c>, and reads it.</summary>
internal static class VoiceModelFile
{
    private const string WeightsFile = "model.safetensors";
    private const string VoiceFile = "voice.json";
    private const string PhrasesFile = "phrases.txt";

    public static void Save(string folder, VoiceModel model)
    {
        Safetensors.Write(Path.Combine(folder, WeightsFile), model.Network.State().ToDictionary(StringComparer.Ordinal));
        File.WriteAllLines(Path.Combine(folder, PhrasesFile), model.Phrases);
        File.WriteAllBytes(Path.Combine(folder, VoiceFile), JsonSerializer.SerializeToUtf8Bytes(new SavedVoice(model.Network.Encoder.Options, model.Best), SavedVoiceJson.Default.SavedVoice));
    }

    /// <exception cref="ModelFormatException">One of the files is missing or damaged.</exception>
    public static VoiceModel Load(string folder)
    {
        _ = ModelFolder.LoadCard(folder);
        string path = Path.Combine(folder, VoiceFile);
        try
        {
            SavedVoice saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedVoiceJson.Default.SavedVoice)!;
            var network = new TextNetwork(saved.Encoder, Seeds.Random(0, 0));
            network.Load(Safetensors.Read(Path.Combine(folder, WeightsFile)).Tensors);
            return new VoiceModel(network, File.ReadAllLines(Path.Combine(folder, PhrasesFile)), saved.Best);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or ShapeException or NullReferenceException or FileNotFoundException)
        {
            throw new ModelFormatException(path, $"It is not a model of voices ({e.Message}). Train again: 'cartwright assistant train-voice'.", e);
        }
    }
}

/// <summary>What <c>voice.json</c> holds.</summary>
internal sealed record SavedVoice(SpeechEncoderOptions Encoder, string Best);

/// <summary>What a version was trained on, for its card.</summary>
internal sealed record SavedVoiceLesson(int Phrases, int Spoken, int Recordings, int Epochs, int Seed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SavedVoice))]
[JsonSerializable(typeof(SavedVoiceLesson))]
internal sealed partial class SavedVoiceJson : JsonSerializerContext;
