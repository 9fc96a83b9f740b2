using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>A trained network that tells what pictures show, with all it needs to be asked.</summary>
/// <remarks>Each picture is looked at twice, as it is and mirrored, and the answers are averaged: both show the same thing.</remarks>
/// <param name="name">"cnn" or "residual".</param>
/// <param name="classes">What can be told, by number.</param>
/// <param name="colors">Of the pictures that it learned from.</param>
/// <param name="temperature">Divides the logits so that chances are right: more than 1 where the network was too sure.</param>
internal sealed class PictureModel(string name, PictureNetwork network, IReadOnlyList<string> classes, PictureColors colors, float temperature = 1)
{
    private const int BatchSize = 32;

    public string Name { get; } = name;

    public PictureNetwork Network { get; } = network;

    public IReadOnlyList<string> Classes { get; } = classes;

    public PictureColors Colors { get; } = colors;

    public float Temperature { get; } = temperature;

    /// <summary>What it drafts listings with.</summary>
    public DraftModel Drafts { get; init; } = DraftModel.None;

    /// <summary>A shorter side of so many places is all that it sees of a picture.</summary>
    public int Enough => Network.Options.Size;

    /// <returns>Chance of each class, which sum to 1: [pictures, classes].</returns>
    public float[] Chances(IReadOnlyList<Picture> pictures) => PictureTemperature.Softmax(Logits(pictures), Classes.Count, Temperature);

    /// <returns>Before the temperature: [pictures, classes].</returns>
    public float[] Logits(IReadOnlyList<Picture> pictures) => Look(pictures, Network.Forward, Classes.Count);

    /// <returns>What stands before the last layer, by which pictures can be compared: [pictures, embedding].</returns>
    public float[] Embed(IReadOnlyList<Picture> pictures) => Look(pictures, Network.Embed, Network.EmbeddingSize);

    /// <returns>The picture as the network sees it: [3, size, size].</returns>
    public float[] See(Picture picture)
    {
        float[] seen = new float[Picture.Channels * Enough * Enough];
        See(picture, seen);
        return seen;
    }

    /// <summary>Logits of pictures that are as the network sees them, changed or not.</summary>
    /// <param name="seen">[pictures, 3, size, size]</param>
    /// <returns>[pictures, classes]</returns>
    public float[] Logits(ReadOnlySpan<float> seen) => LookTwice(seen, Network.Forward, Classes.Count);

    private void See(Picture picture, Span<float> seen)
    {
        PictureScaling.Write(picture, PictureBox.Whole(picture), Enough, Enough, isMirrored: false, seen);
        Colors.Normalize(seen);
    }

    private float[] Look(IReadOnlyList<Picture> pictures, Func<Tensor, Tensor> look, int width)
    {
        int length = Picture.Channels * Enough * Enough;
        float[] answers = new float[pictures.Count * width];
        for (int start = 0; start < pictures.Count; start += BatchSize)
        {
            float[] seen = new float[Math.Min(BatchSize, pictures.Count - start) * length];
            Parallel.For(0, seen.Length / length, i => See(pictures[start + i], seen.AsSpan(i * length, length)));
            LookTwice(seen, look, width).CopyTo(answers, start * width);
        }

        return answers;
    }

    private float[] LookTwice(ReadOnlySpan<float> seen, Func<Tensor, Tensor> look, int width)
    {
        const int Views = 2;
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        int count = seen.Length / (Picture.Channels * Enough * Enough);
        float[] views = new float[Views * seen.Length];
        seen.CopyTo(views);
        Span<float> mirrored = views.AsSpan(seen.Length);
        seen.CopyTo(mirrored);
        for (int row = 0; row < mirrored.Length; row += Enough)
        {
            mirrored.Slice(row, Enough).Reverse();
        }

        ReadOnlySpan<float> both = look(Tensor.From(views, Views * count, Picture.Channels, Enough, Enough)).Values;
        float[] answers = new float[count * width];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = (both[i] + both[answers.Length + i]) / Views;
        }

        return answers;
    }
}
