using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Teaches a backbone's last layer what a shop's pictures show.</summary>
/// <remarks>
/// The backbone doesn't learn, so each picture is looked at a few times before the training, as it is, mirrored and in parts, and what was seen
/// is learned from again and again. The numbers are brought to one scale for the training; the layer takes that over afterwards.
/// </remarks>
internal static class BackboneTrainer
{
    /// <summary>Looks at all pictures together; fewer pictures are looked at more often.</summary>
    private const int MostLooks = 12_500;
    private const int FewestViews = 2;
    private const int MostViews = 6;
    private const int BatchSize = 128;
    private const int Epochs = 40;
    private const float LabelSmoothing = 0.05f;

    private static readonly PictureAugmentation Parts = new() { LeastArea = 0.5f, MostStretch = 1.2f, MostColor = 0.2f };

    public static PictureModel Train(Backbone backbone, IReadOnlyList<string> classes, TaughtPictures train, TaughtPictures validation, int seed,
        TimeProvider clock, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var network = new BackboneNetwork(new PictureNetworkOptions { ClassCount = classes.Count, Size = BackboneNetwork.Size, Dropout = 0 }, backbone, Seeds.Random((ulong)seed, 0));
        var model = new PictureModel(BackboneNetwork.Name, network, classes, BackboneNetwork.Colors);
        int views = Math.Clamp(MostLooks / Math.Max(1, train.Count), FewestViews, MostViews), width = network.EmbeddingSize;
        float[] seen = See(model, train.Pictures, views, seed, progress, cancellation);
        float[] judged = model.Embed(validation.Pictures);
        (float[] Means, float[] Deviations) scale = EmbeddingScale.Of(seen, width);
        EmbeddingScale.ApplyTo(seen, scale);
        EmbeddingScale.ApplyTo(judged, scale);

        var layer = new Dense(width, classes.Count, Seeds.Random((ulong)seed, 1));
        var teaching = new EmbeddingLayer { BatchSize = BatchSize, Epochs = Epochs, Patience = Epochs, LabelSmoothing = LabelSmoothing };
        teaching.Teach(layer, (row, random) => seen.AsMemory(((row * views) + random.Next(views)) * width, width), train.Classes,
            validation.Count == 0 ? null : () => EmbeddingLayer.Loss(EmbeddingLayer.Logits(layer, judged), validation.Classes), seed, clock, cancellation);
        network.Load(Unscaled(layer, scale));
        return new PictureModel(BackboneNetwork.Name, network, classes, BackboneNetwork.Colors,
            PictureTemperature.Fit(validation.Count == 0 ? [] : EmbeddingLayer.Logits(layer, judged), validation.Classes));
    }

    /// <returns>What is seen in each view of each picture: [pictures, views, numbers]; the first two are the picture and its mirror image.</returns>
    private static float[] See(PictureModel model, IReadOnlyList<Picture> pictures, int views, int seed, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        const int PerReport = 64;
        int size = model.Network.Options.Size, length = Picture.Channels * size * size, width = model.Network.EmbeddingSize;
        float[] seen = new float[pictures.Count * views * width];
        float[] hidden = [.. model.Colors.Means];
        for (int first = 0; first < pictures.Count; first += PerReport / views)
        {
            cancellation.ThrowIfCancellationRequested();
            int start = first, count = Math.Min(PerReport / views, pictures.Count - first);
            float[] input = new float[count * views * length];
            Parallel.For(0, count * views, i =>
            {
                (int picture, int view) = Math.DivRem(i, views);
                Span<float> to = input.AsSpan(i * length, length);
                if (view < FewestViews)
                {
                    PictureScaling.Write(pictures[start + picture], PictureBox.Whole(pictures[start + picture]), size, size, isMirrored: view == 1, to);
                }
                else
                {
                    Parts.Write(pictures[start + picture], size, Seeds.Random((ulong)seed, (ulong)(((start + picture) * views) + view + 2)), hidden, to);
                }

                model.Colors.Normalize(to);
            });
            using var scope = TensorScope.Begin();
            using var noGradient = NoGradient.Begin();
            model.Network.Embed(Tensor.From(input, count * views, Picture.Channels, size, size)).Values.CopyTo(seen.AsSpan(start * views * width));
            progress?.Report(new RunProgress("looking through the backbone", start + count, pictures.Count, "pictures"));
        }

        return seen;
    }

    private static Dictionary<string, Tensor> Unscaled(Dense layer, (float[] Means, float[] Deviations) scale)
    {
        (float[] weight, float[] bias) = EmbeddingScale.Unscaled(layer.Weight.Values, layer.Bias!.Values, scale);
        return new(StringComparer.Ordinal)
        {
            ["head.weight"] = Tensor.From(weight, bias.Length, scale.Means.Length), ["head.bias"] = Tensor.From(bias, bias.Length),
        };
    }
}
