using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Inspection;

/// <summary>Hides a part of an input at a time and sees by how much the score falls.</summary>
/// <remarks>Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.</remarks>
public static class Occlusion
{
    /// <param name="score">Gives one number for each example of [batch, ...].</param>
    /// <param name="input">One example, without a batch axis.</param>
    /// <param name="baseline">What a hidden part is replaced by, of the same shape.</param>
    /// <param name="groups">The parts: positions of their numbers in the input. They may overlap.</param>
    /// <returns>For each part the score of the input less the score without the part.</returns>
    /// <exception cref="ShapeException">Input and baseline differ in length.</exception>
    public static Attribution Attribute(Func<Tensor, Tensor> score, Tensor input, Tensor baseline, IReadOnlyList<int[]> groups)
    {
        ShapeException.ThrowUnlessEqual(baseline.Length, input.Length);
        double[] scores = ScoreBatches.Of(score, input.Dimensions, groups.Count + 2, (i, example) =>
        {
            (i == groups.Count + 1 ? baseline : input).Values.CopyTo(example);
            foreach (int position in i < groups.Count ? groups[i] : [])
            {
                example[position] = baseline.Values[position];
            }
        });
        return new Attribution([.. groups.Select((_, i) => (float)(scores[^2] - scores[i]))], scores[^2], scores[^1]);
    }

    /// <summary>Every number by itself.</summary>
    public static IReadOnlyList<int[]> Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (int[])[i])];

    /// <summary>Squares of a picture [channels, height, width], all channels together, row by row; those at the edge may be cut off.</summary>
    /// <param name="size">Side of a square, 1 or more.</param>
    /// <param name="stride">From one square to the next, 1 or more; less than the size makes them overlap.</param>
    public static IReadOnlyList<int[]> Squares(int channels, int height, int width, int size, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        List<int[]> squares = [];
        for (int top = 0; top < height; top += stride)
        {
            for (int left = 0; left < width; left += stride)
            {
                squares.Add([.. from channel in Enumerable.Range(0, channels)
                                from y in Enumerable.Range(top, Math.Min(size, height - top))
                                from x in Enumerable.Range(left, Math.Min(size, width - left))
                                select (((channel * height) + y) * width) + x]);
            }
        }

        return squares;
    }
}
