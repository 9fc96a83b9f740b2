using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Measures how well it is told what pictures show, baselines beside the models.</summary>
/// <example>cartwright vision evaluate --data ./photos --json</example>
public sealed record EvaluateRequest
{
    /// <summary>Pictures to learn from and to test: a shop folder with pictures, folders of pictures named by label, or the files of MNIST and its like. The shop's own where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Pictures never seen, all of them tested in place of the data's own test part; laid out in any of the same ways.</summary>
    [PathField]
    public string? Test { get; init; }

    /// <summary>"residual", "cnn", "backbone", or "all". The baselines always run.</summary>
    [PictureModelName]
    public string Model { get; init; } = "all";

    /// <summary>A pretrained network whose last layer learns, as one model more: an .onnx or .tflite file.</summary>
    [PathField]
    public string? Backbone { get; init; }

    /// <summary>Tensors of the network to look at, where its own output is not what tells what is at each place.</summary>
    [ItemCount(0, 16)]
    public IReadOnlyList<string> BackboneCuts { get; init; } = [];

    /// <summary>Passes over the pictures; more for fewer pictures where none is said.</summary>
    [Range(1, 1_000)]
    public int? Epochs { get; init; }

    /// <summary>Same seed and same pictures give the same figures.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>The name of a model of pictures, or "all".</summary>
internal sealed class PictureModelNameAttribute() : OneOfAttribute("model of pictures")
{
    protected override IReadOnlyCollection<string> Allowed => ["all", .. PictureLesson.Models, BackboneNetwork.Name];
}
