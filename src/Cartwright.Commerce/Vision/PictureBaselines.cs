using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>What a network must beat: naming what is most frequent, and looking at colors alone.</summary>
internal static class PictureBaselines
{
    public static IReadOnlyList<string> Names { get; } = ["majority", "color-means"];

    private const int GridSide = 4;
    private const int Numbers = GridSide * GridSide * Picture.Channels;

    /// <returns>Gives the chances of pictures: [pictures, classes].</returns>
    public static Func<IReadOnlyList<Picture>, float[]> Fit(string name, int classes, TaughtPictures train, TaughtPictures validation) =>
        name == "majority" ? Majority(classes, train) : ColorMeans(classes, train, validation);

    /// <summary>The shares of the classes, one more counted of each.</summary>
    private static Func<IReadOnlyList<Picture>, float[]> Majority(int classes, TaughtPictures train)
    {
        float[] shares = new float[classes];
        foreach (int of in train.Classes)
        {
            shares[of]++;
        }

        TensorPrimitives.Add(shares, 1, shares);
        TensorPrimitives.Divide(shares, train.Count + classes, shares);
        return pictures => [.. Enumerable.Repeat(shares, pictures.Count).SelectMany(share => share)];
    }

    /// <summary>The nearest of the classes' mean colors, in a grid of 4 by 4.</summary>
    private static Func<IReadOnlyList<Picture>, float[]> ColorMeans(int classes, TaughtPictures train, TaughtPictures validation)
    {
        float[] colors = Colors(train.Pictures);
        float[] means = new float[classes * Numbers];
        float[] counts = new float[classes];
        for (int i = 0; i < train.Count; i++)
        {
            Span<float> mean = means.AsSpan(train.Classes[i] * Numbers, Numbers);
            TensorPrimitives.Add(mean, colors.AsSpan(i * Numbers, Numbers), mean);
            counts[train.Classes[i]]++;
        }

        for (int of = 0; of < classes; of++)
        {
            Span<float> mean = means.AsSpan(of * Numbers, Numbers);
            TensorPrimitives.Divide(mean, Math.Max(1, counts[of]), mean);
        }

        // Distances in deviations, so that the temperature has an easy scale to search.
        float spread = Enumerable.Range(0, train.Count).Average(i => Distance(colors, i, means, train.Classes[i])) / GridSide;
        float[] Logits(IReadOnlyList<Picture> pictures)
        {
            float[] of = Colors(pictures);
            return [.. from i in Enumerable.Range(0, pictures.Count) from c in Enumerable.Range(0, classes) select -Distance(of, i, means, c) / Math.Max(1, spread)];
        }

        float temperature = PictureTemperature.Fit(Logits(validation.Pictures), validation.Classes);
        return pictures => PictureTemperature.Softmax(Logits(pictures), classes, temperature);
    }

    private static float Distance(float[] colors, int picture, float[] means, int of)
    {
        float distance = TensorPrimitives.Distance<float>(colors.AsSpan(picture * Numbers, Numbers), means.AsSpan(of * Numbers, Numbers));
        return distance * distance;
    }

    /// <returns>[pictures, 48]</returns>
    private static float[] Colors(IReadOnlyList<Picture> pictures)
    {
        float[] colors = new float[pictures.Count * Numbers];
        Parallel.For(0, pictures.Count, i =>
            PictureScaling.Write(pictures[i], PictureBox.Whole(pictures[i]), GridSide, GridSide, isMirrored: false, colors.AsSpan(i * Numbers, Numbers)));
        return colors;
    }
}
