using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Formats.TfLite;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>A network that others trained on many pictures, cut where its numbers describe what is seen at each place. It doesn't learn.</summary>
/// <remarks>
/// Where it is cut at several depths, the maps are brought to the size of the smallest by means and laid upon each other: what is seen late says more
/// of things, what is seen early more of cloth and shape.
/// </remarks>
internal sealed class Backbone : Module
{
    private const string OnnxEnding = ".onnx";

    /// <summary>Of the trial picture that tells how many channels come out.</summary>
    private const int TrialSize = 64;
    private const int MostAtOnce = 4;

    /// <summary>Where MobileNetV2 is cut, as TensorFlow's detectors name its tensors. Chosen on validation pictures.</summary>
    private static readonly string[] MobileNetCuts =
        [.. ((string[])["Conv_1/Relu6", "expanded_conv_16/depthwise/Relu6", "expanded_conv_15/add", "expanded_conv_13/expand/Relu6",
            "expanded_conv_12/add", "expanded_conv_10/expand/Relu6", "expanded_conv_6/expand/Relu6"]).Select(name => "FeatureExtractor/MobilenetV2/" + name)];

    private readonly OnnxModel _model;

    private Backbone(OnnxModel model)
    {
        _model = model;
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        Tensor seen = Forward(Tensor.Zeros(1, Picture.Channels, TrialSize, TrialSize));
        ChannelCount = seen.Rank == 4 ? seen.Shape[1] : throw new ShapeException($"What comes out has {seen.Rank} axes.");
    }

    /// <summary>Numbers that describe a place.</summary>
    public int ChannelCount { get; }

    protected override IEnumerable<Part> Parts => [new("network", _model)];

    /// <param name="path">An ONNX file, or one with a TensorFlow Lite network in it.</param>
    /// <param name="cuts">Tensors to cut it at; none for the network's own output, and for several depths of a MobileNetV2 inside a detector.</param>
    /// <exception cref="ModelFormatException">The file is no such network, is damaged or has no such tensor.</exception>
    /// <exception cref="ImportFormatException">There is no such file.</exception>
    /// <exception cref="ValidationException">The network reads no pictures of three colors and any size, or doesn't say what is at each place.</exception>
    public static Backbone Load(string path, IReadOnlyList<string> cuts)
    {
        if (!File.Exists(path))
        {
            throw new ImportFormatException(path, null, "there is no such file. Name an .onnx or .tflite file; scripts/setup.sh puts one at artifacts/backbone/mobilenet-v2.tflite.");
        }

        OnnxModel model = path.EndsWith(OnnxEnding, StringComparison.OrdinalIgnoreCase)
            ? OnnxModel.Load(path, cuts)
            : TfLiteModel.Load(path, cuts.Count > 0 ? cuts : MobileNetCuts);
        try
        {
            return new Backbone(model);
        }
        catch (Exception unsuited) when (unsuited is ShapeException or ArgumentException)
        {
            throw new ValidationException(
                $"{path} can't tell what is at each place of a picture: {unsuited.Message} It should read [batch, 3, height, width] of any size; name tensors [batch, channels, height, width] with --backbone-cuts.",
                unsuited);
        }
    }

    /// <param name="x">Pictures with colors from -1 to 1: [batch, 3, height, width].</param>
    /// <returns>[batch, channels, places down, places across]</returns>
    public Tensor Forward(Tensor x)
    {
        return x.Shape[0] <= MostAtOnce || !NoGradient.IsOn ? Look(x) : InPieces(x);
    }

    /// <summary>A few pictures at a time: what the layers write stays in the cache, and is given back before the next.</summary>
    private Tensor InPieces(Tensor x)
    {
        int count = x.Shape[0];
        float[]? seen = null;
        int[] shape = [];
        for (int start = 0; start < count; start += MostAtOnce)
        {
            using TensorScope piece = TensorScope.Begin();
            Tensor maps = Look(x.Slice(0, start, Math.Min(count, start + MostAtOnce)));
            shape = [count, .. maps.Shape.Skip(1)];
            seen ??= new float[Tensor.Product(shape)];
            maps.Values.CopyTo(seen.AsSpan(start * (seen.Length / count)));
        }

        return Tensor.From(seen!, shape);
    }

    private Tensor Look(Tensor x)
    {
        using FrozenWeights frozen = FrozenWeights.Begin();
        IReadOnlyDictionary<string, OnnxValue> seen = _model.Run(new Dictionary<string, OnnxValue>(StringComparer.Ordinal) { [_model.Inputs[0]] = x });
        Tensor[] maps = [.. _model.Outputs.Select(output => seen[output].Tensor)];
        if (maps.Length == 1)
        {
            return maps[0];
        }

        var size = new Extent(maps.Min(map => map.Shape[2]), maps.Min(map => map.Shape[3]));
        return Arrangement.Concat(1, [.. maps.Select(map => map.Shape[2] == size.Height && map.Shape[3] == size.Width ? map : map.AdaptiveAveragePool2d(size))]);
    }

    /// <summary>Writes what is left of the network, so that a model that stands on it needs no other file.</summary>
    /// <param name="size">Side of the pictures that it will be asked about.</param>
    public void Write(string path, int size)
    {
        using var scope = TensorScope.Begin();
        OnnxExport.Write(path, this, Tensor.Zeros(1, Picture.Channels, size, size), Forward);
    }
}
