using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Learning;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Behavior;

/// <summary>Writes a model of sessions to <c>model.safetensors</c> and <c>sessions.json</c>, and reads it.</summary>
internal static class SessionModelFile
{
    private const string WeightsFile = "model.safetensors";
    private const string SessionsFile = "sessions.json";

    public static void Save(string folder, SessionModel model)
    {
        Safetensors.Write(Path.Combine(folder, WeightsFile), model.Network.State().ToDictionary(StringComparer.Ordinal));
        File.WriteAllBytes(Path.Combine(folder, SessionsFile), JsonSerializer.SerializeToUtf8Bytes(
            new SavedSessions(model.Network.Options, model.Vocabulary.Saved, model.Calibration, model.HasTimes), SavedSessionsJson.Default.SavedSessions));
    }

    /// <exception cref="ModelFormatException">One of the files is missing or damaged.</exception>
    public static SessionModel Load(string folder)
    {
        _ = ModelFolder.LoadCard(folder);
        string path = Path.Combine(folder, SessionsFile);
        try
        {
            SavedSessions saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedSessionsJson.Default.SavedSessions)!;
            if (saved.Network.NumberCount != SessionReader.Names.Length)
            {
                throw new ModelFormatException(path, "The model reads other numbers of an event than this program: it is of another version. Train again: 'cartwright behavior train'.");
            }

            var network = new SessionNetwork(saved.Network, Seeds.Random(0, 0));
            network.Load(Safetensors.Read(Path.Combine(folder, WeightsFile)).Tensors);
            return new SessionModel(network, new SessionVocabulary(saved.Vocabulary), saved.Calibration, saved.HasTimes);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or ShapeException or NullReferenceException or FileNotFoundException)
        {
            throw new ModelFormatException(path, $"It is not a model of sessions ({e.Message}). Train again: 'cartwright behavior train'.", e);
        }
    }
}

/// <summary>What <c>sessions.json</c> holds.</summary>
internal sealed record SavedSessions(SessionNetworkOptions Network, SavedVocabulary Vocabulary, SessionCalibration Calibration, bool HasTimes);

/// <summary>What a version was trained on, for its card.</summary>
internal sealed record SavedLesson(int Sessions, int Seed, int? Epochs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SavedSessions))]
[JsonSerializable(typeof(SavedLesson))]
internal sealed partial class SavedSessionsJson : JsonSerializerContext;
