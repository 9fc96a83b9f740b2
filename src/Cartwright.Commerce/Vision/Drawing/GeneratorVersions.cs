using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Vision;

/// <summary>Trained generators on disk, by the label that they draw.</summary>
/// <param name="folder"><c>models/vision-drawing</c> of the shop.</param>
internal sealed class GeneratorVersions(string folder, TimeProvider clock)
{
    public const string ModelName = "dcgan";

    private const string WeightsFile = "model.safetensors";

    /// <summary>What a generator is trained from: another picture, network, seed or length of training needs another generator.</summary>
    public static string HashOf(IReadOnlyList<Picture> pictures, DrawRequest request, string looker)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Label}\n{request.Steps}\n{request.Seed}\n{looker}\n"));
        foreach (Picture picture in pictures)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{picture.Height} {picture.Width}\n"));
            hash.AppendData(picture.Rgb);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <returns>Null where none was trained from the same, or it is damaged.</returns>
    public (TrainedGenerator Trained, string Version)? Find(string label, string hash)
    {
        VersionFolders versions = Of(label);
        foreach (string version in versions.All)
        {
            try
            {
                ModelCard card = versions.Card(version);
                if (card.DataHash == hash)
                {
                    SavedGenerator saved = card.Options.Deserialize(SavedGeneratorJson.Default.SavedGenerator)!;
                    PictureGenerator generator = PictureDrawing.NewGenerator((ulong)card.Seed);
                    generator.Load(Safetensors.Read(Path.Combine(versions.FolderOf(version), WeightsFile)).Tensors);
                    generator.IsTraining = false;
                    return (new TrainedGenerator(generator, saved.Stages, saved.Floor), version);
                }
            }
            catch (Exception damaged) when (damaged is ModelFormatException or JsonException or ShapeException or ArgumentException)
            {
                // It can be trained again.
            }
        }

        return null;
    }

    public string Save(DrawRequest request, string hash, TrainedGenerator trained, double seconds)
    {
        VersionFolders versions = Of(request.Label);
        string version = versions.Save(new ModelCard
        {
            Model = ModelName,
            TrainedAt = clock.GetUtcNow(),
            Seed = request.Seed,
            Options = JsonSerializer.SerializeToElement(new SavedGenerator(request.Label, request.Steps, trained.Stages, trained.Floor), SavedGeneratorJson.Default.SavedGenerator),
            Metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["frechetDistance"] = trained.Stages[^1].Distance },
            DataHash = hash,
            TrainSeconds = seconds,
            ParameterCount = trained.Generator.ParameterCount,
        }, to => Safetensors.Write(Path.Combine(to, WeightsFile), trained.Generator.State().ToDictionary(StringComparer.Ordinal)));
        versions.Settle(version, isActive: true);
        return version;
    }

    /// <summary>A label may hold what no folder's name may.</summary>
    private VersionFolders Of(string label) => new(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label)))[..16]), "vision");
}

/// <summary>What a generator's card says of it.</summary>
internal sealed record SavedGenerator(string Label, int Steps, IReadOnlyList<DrawingStage> Stages, double Floor);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SavedGenerator))]
internal sealed partial class SavedGeneratorJson : JsonSerializerContext;
