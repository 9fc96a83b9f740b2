using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Where in a picture a label is seen: squares are hidden in turn, and the label's chance is asked for again.</summary>
/// <remarks>Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4.2. What is hidden has the mean colors of all pictures.</remarks>
internal static class HeatMap
{
    /// <summary>Cells down and across.</summary>
    public const int Side = 14;

    /// <summary>The square around a cell reaches so many cells to each side.</summary>
    private const int Reach = 1;

    /// <param name="of">The label's number.</param>
    public static HeatMapOfPicture Draw(PictureModel model, Picture picture, int of)
    {
        int size = model.Enough;
        float[] seen = model.See(picture);
        double Score(ReadOnlySpan<float> logits) => Math.Log(Math.Max(1e-9, PictureTemperature.Softmax(logits, model.Classes.Count, model.Temperature)[of]));
        int[][] squares = [.. from row in Enumerable.Range(0, Side) from column in Enumerable.Range(0, Side) select Square(size, row, column)];
        Attribution hidden = Occlusion.Attribute(batch =>
        {
            float[] logits = model.Logits(batch.Values);
            int classes = model.Classes.Count;
            return Tensor.From([.. Enumerable.Range(0, logits.Length / classes).Select(i => (float)Score(logits.AsSpan(i * classes, classes)))], logits.Length / classes);
        }, Tensor.From(seen, Picture.Channels, size, size), Tensor.Zeros(Picture.Channels, size, size), squares);

        double chance = Math.Exp(hidden.Score);
        float[] lost = [.. hidden.Values];
        int hottest = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(lost);
        return new HeatMapOfPicture(lost, chance, hottest, Math.Exp(hidden.Score - lost[hottest]));
    }

    /// <summary>Places of a cell and its neighbors in [3, size, size].</summary>
    private static int[] Square(int size, int row, int column)
    {
        (int top, int bottom) = (Math.Max(0, row - Reach) * size / Side, Math.Min(Side, row + Reach + 1) * size / Side);
        (int left, int right) = (Math.Max(0, column - Reach) * size / Side, Math.Min(Side, column + Reach + 1) * size / Side);
        return [.. from channel in Enumerable.Range(0, Picture.Channels)
                   from y in Enumerable.Range(top, bottom - top)
                   from x in Enumerable.Range(left, right - left)
                   select (((channel * size) + y) * size) + x];
    }
}

/// <param name="Lost">By how much the logarithm of the chance falls without the square around each cell, row by row: [14, 14].</param>
/// <param name="Chance">Of the label, with all of the picture.</param>
/// <param name="Hottest">The cell whose square is missed most.</param>
/// <param name="ChanceWithout">Of the label, with that square hidden.</param>
internal sealed record HeatMapOfPicture(float[] Lost, double Chance, int Hottest, double ChanceWithout);
