using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Vision;

/// <summary>Learns to tell what pictures show, from the shop's products and the merchant's corrections.</summary>
/// <example>cartwright vision train</example>
public sealed record TrainRequest
{
    /// <summary>Pictures to learn from in place of the shop's products: a shop folder, folders of pictures named by label, or the files of MNIST and its like. Corrections count all the same.</summary>
    [PathField]
    public string? Folder { get; init; }

    /// <summary>"residual", "cnn", or "backbone": a pretrained network whose last layer learns.</summary>
    [TrainedPictureModelName]
    public string Model { get; init; } = PictureLesson.Residual;

    /// <summary>The pretrained network for the model "backbone", which it then is: an .onnx or .tflite file. Where none is named, that of the newest version that has one.</summary>
    [PathField]
    public string? Backbone { get; init; }

    /// <summary>Tensors of the network to look at, where its own output is not what tells what is at each place.</summary>
    [ItemCount(0, 16)]
    public IReadOnlyList<string> BackboneCuts { get; init; } = [];

    /// <summary>Passes over the pictures; more for fewer pictures where none is said.</summary>
    [Range(1, 1_000)]
    public int? Epochs { get; init; }

    /// <summary>Same seed and same pictures give the same model, bit for bit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Puts the new version into service even where it does not beat the one that is there.</summary>
    public bool Activate { get; init; }
}

/// <param name="Version">The new version.</param>
/// <param name="IsActive">Whether it is in service now.</param>
/// <param name="Summary">What was found, in a sentence or two.</param>
/// <param name="Labels">What can be told.</param>
/// <param name="Pictures">Pictures that were learned from.</param>
/// <param name="Corrections">How many of them a merchant corrected.</param>
/// <param name="Unreadable">Pictures that were left out, with the reason; at most 20.</param>
/// <param name="Estimates">On pictures kept aside, by model and metric: "residual accuracy".</param>
public sealed record TrainResponse(string Version, bool IsActive, string Summary, IReadOnlyList<string> Labels, int Pictures, int Corrections,
    IReadOnlyList<string> Unreadable, IReadOnlyDictionary<string, MetricEstimate> Estimates, double TrainSeconds);

/// <summary>Which model of pictures is in service, and which versions are kept.</summary>
/// <example>cartwright vision status</example>
public sealed record StatusRequest;

/// <summary>Puts a kept version of the model of pictures into service: by hand, or to go back.</summary>
/// <example>cartwright vision activate --version 20260102-030405-residual</example>
public sealed record ActivateRequest
{
    /// <summary>The version, as <c>status</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}

internal sealed class TrainedPictureModelNameAttribute() : OneOfAttribute("model of pictures")
{
    protected override IReadOnlyCollection<string> Allowed => [.. PictureLesson.Models, BackboneNetwork.Name];
}
