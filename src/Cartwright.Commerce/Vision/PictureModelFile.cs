using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Writes a model of pictures to <c>model.safetensors</c> and <c>pictures.json</c>, and reads it; writes <c>model.onnx</c> beside them.</summary>
internal static class PictureModelFile
{
    private const string WeightsFile = "model.safetensors";
    private const string PicturesFile = "pictures.json";
    private const string BackboneFile = "backbone.onnx";
    private const string OnnxFile = "model.onnx";

    public static void Save(string folder, PictureModel model)
    {
        Safetensors.Write(Path.Combine(folder, WeightsFile), model.Network.State().ToDictionary(StringComparer.Ordinal));
        int size = model.Network.Options.Size;
        if (model.Network is BackboneNetwork network)
        {
            network.Backbone.Write(Path.Combine(folder, BackboneFile), size);
        }
        else
        {
            // For programs other than this one: normalized pictures [batch, 3, size, size] in, logits out.
            OnnxExport.Write(Path.Combine(folder, OnnxFile), model.Network, Tensor.Zeros(1, Picture.Channels, size, size), model.Network.Forward);
        }

        File.WriteAllBytes(Path.Combine(folder, PicturesFile), JsonSerializer.SerializeToUtf8Bytes(
            new SavedPictures(model.Name, model.Network.Options, model.Classes, model.Colors, model.Temperature), SavedPicturesJson.Default.SavedPictures));
    }

    /// <summary>The pretrained network that a version stands on; null where it stands on none.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static Backbone? BackboneOf(string folder) =>
        Path.Combine(folder, BackboneFile) is var path && File.Exists(path) ? Backbone.Load(path, []) : null;

    /// <exception cref="ModelFormatException">One of the files is missing or damaged.</exception>
    public static PictureModel Load(string folder)
    {
        _ = ModelFolder.LoadCard(folder);
        string path = Path.Combine(folder, PicturesFile);
        try
        {
            SavedPictures saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedPicturesJson.Default.SavedPictures)!;
            PictureNetwork network = BackboneOf(folder) is { } backbone
                ? new BackboneNetwork(saved.Network, backbone, Seeds.Random(0, 0)) : PictureLesson.NetworkOf(saved.Model, saved.Network, Seeds.Random(0, 0));
            network.Load(Safetensors.Read(Path.Combine(folder, WeightsFile)).Tensors);
            return new PictureModel(saved.Model, network, saved.Classes, saved.Colors, saved.Temperature) { Drafts = DraftModel.Load(folder) };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or ShapeException or NullReferenceException or FileNotFoundException)
        {
            throw new ModelFormatException(path, $"It is not a model of pictures ({e.Message}). Train again: 'cartwright vision train'.", e);
        }
    }
}

/// <summary>What <c>pictures.json</c> holds.</summary>
internal sealed record SavedPictures(string Model, PictureNetworkOptions Network, IReadOnlyList<string> Classes, PictureColors Colors, float Temperature);

/// <summary>What a version was trained on, for its card.</summary>
internal sealed record SavedPictureLesson(string Model, int Size, int Width, int Epochs, int Pictures, int Corrections, int Seed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SavedPictures))]
[JsonSerializable(typeof(SavedPictureLesson))]
internal sealed partial class SavedPicturesJson : JsonSerializerContext;
