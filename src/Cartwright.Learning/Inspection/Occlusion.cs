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
        ShapeException.Require(
            baseline.Dimensions.SequenceEqual(input.Dimensions),
            $"Occlusion needs a baseline of the input's shape; found input {input} and baseline {baseline}.");
        for (int group = 0; group < groups.Count; group++)
        {
            ThrowUnlessWithin(groups[group], group, input.Length);
        }

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
    /// <param name="count">Numbers of the input, 0 or more.</param>
    public static IReadOnlyList<int[]> Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (int[])[i])];

    /// <summary>Squares of a picture [channels, height, width], all channels together, row by row; those at the edge may be cut off.</summary>
    /// <param name="size">Side of a square, from 1 to the longer side of the picture.</param>
    /// <param name="stride">From one square to the next, 1 or more; less than the size makes them overlap.</param>
    public static IReadOnlyList<int[]> Squares(int channels, int height, int width, int size, int stride)
    {
        ShapeException.Require(
            channels > 0 && height > 0 && width > 0,
            $"Squares are parts of a picture with channels, height and width of 1 or more; found {channels}, {height} and {width}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ShapeException.Require(
            size <= Math.Max(height, width), $"A square with sides of {size} hides more than a whole picture of {height} by {width}. Take a smaller one.");
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

    internal static void ThrowUnlessWithin(int[] part, int number, int length)
    {
        foreach (int position in part)
        {
            ShapeException.Require(
                (uint)position < (uint)length, $"Part {number} holds position {position}; the numbers of the input have the positions 0 to {length - 1}.");
        }
    }
}
