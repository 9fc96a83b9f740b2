using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Autograd;

/// <summary>A number for each axis of a picture. An int stands for both: <c>Stride = 2</c>.</summary>
public readonly record struct Extent(int Height, int Width)
{
    public static implicit operator Extent(int both) => new(both, both);
}

/// <summary>Places around a picture. An int stands for all four sides: <c>Padding = 1</c>.</summary>
public readonly record struct Margins(int Top, int Bottom, int Left, int Right)
{
    public static implicit operator Margins(int all) => new(all, all, all, all);

    /// <summary>The beginnings of both axes, then their ends.</summary>
    internal long[] ToOnnx() => [Top, Left, Bottom, Right];
}

/// <summary>How a kernel moves over a picture.</summary>
public sealed record ConvOptions
{
    /// <summary>Places between two neighbors of the output, 1 or more; larger gives a smaller picture.</summary>
    public Extent Stride { get; init; } = 1;

    /// <summary>Zeros around the input, 0 or more; half the kernel keeps the size of the picture.</summary>
    public Margins Padding { get; init; }

    /// <summary>Places between two neighbors of the kernel, 1 or more; larger sees further.</summary>
    public Extent Dilation { get; init; } = 1;

    /// <summary>Parts that the channels split into, each of which sees itself only; divides both counts of channels. As many as there are channels: depthwise.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Rows and columns that a transposed convolution adds at the end, where several sizes would come from the stride; below the stride.</summary>
    public Extent OutputPadding { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Validate()
    {
        Refuse(Stride.Height < 1 || Stride.Width < 1, nameof(Stride), Stride, "1 or more");
        Refuse(Dilation.Height < 1 || Dilation.Width < 1, nameof(Dilation), Dilation, "1 or more");
        Refuse(Padding.Top < 0 || Padding.Bottom < 0 || Padding.Left < 0 || Padding.Right < 0, nameof(Padding), Padding, "0 or more");
        Refuse(Groups < 1, nameof(Groups), Groups, "1 or more");
        Refuse(
            OutputPadding.Height < 0 || OutputPadding.Width < 0
                || OutputPadding.Height >= Math.Max(Stride.Height, Dilation.Height) || OutputPadding.Width >= Math.Max(Stride.Width, Dilation.Width),
            nameof(OutputPadding), OutputPadding, "0 or more and below the stride or the dilation");
    }

    /// <param name="x">[batch, channels, height, width]</param>
    /// <param name="weight">[outChannels, channels / groups, kernel height, kernel width]</param>
    /// <exception cref="ShapeException">The channels don't fit, or the kernel is larger than the padded picture.</exception>
    internal ConvShape ShapeOf(ReadOnlySpan<int> x, ReadOnlySpan<int> weight)
    {
        Validate();
        ThrowUnlessFourAxes(x, weight);
        if (x[1] != weight[1] * Groups || weight[0] % Groups != 0)
        {
            throw new ShapeException(
                $"A kernel of shape {Text(weight)} in {Groups} groups takes {weight[1] * Groups} channels and {Groups} has to divide its {weight[0]}; the input is {Text(x)}.");
        }

        return new ConvShape(x[0], x[1], weight[0], Groups,
            Sizes(x[2], weight[2], Stride.Height, Dilation.Height, Padding.Top, Padding.Bottom),
            Sizes(x[3], weight[3], Stride.Width, Dilation.Width, Padding.Left, Padding.Right));
    }

    /// <summary>The convolution whose input has the shape of the transposed one's output.</summary>
    /// <param name="x">[batch, channels, height, width]</param>
    /// <param name="weight">[channels, outChannels / groups, kernel height, kernel width]</param>
    /// <exception cref="ShapeException">The channels don't fit, or the padding takes all of the output away.</exception>
    internal ConvShape TransposedShapeOf(ReadOnlySpan<int> x, ReadOnlySpan<int> weight)
    {
        Validate();
        ThrowUnlessFourAxes(x, weight);
        if (x[1] != weight[0] || weight[0] % Groups != 0)
        {
            throw new ShapeException($"A transposed kernel of shape {Text(weight)} in {Groups} groups takes {weight[0]} channels; the input is {Text(x)}.");
        }

        return new ConvShape(x[0], weight[1] * Groups, x[1], Groups,
            TransposedSizes(x[2], weight[2], Stride.Height, Dilation.Height, Padding.Top, Padding.Bottom, OutputPadding.Height),
            TransposedSizes(x[3], weight[3], Stride.Width, Dilation.Width, Padding.Left, Padding.Right, OutputPadding.Width));
    }

    private static ConvAxisSizes Sizes(int size, int kernel, int stride, int dilation, int before, int after)
    {
        int room = size + before + after - ((dilation * (kernel - 1)) + 1);
        if (room < 0)
        {
            throw new ShapeException(
                $"A kernel of {kernel} with dilation {dilation} doesn't fit into {size} places with {before + after} of padding. Take a smaller kernel or more padding.");
        }

        return new ConvAxisSizes(size, (room / stride) + 1, kernel, stride, dilation, before);
    }

    private static ConvAxisSizes TransposedSizes(int size, int kernel, int stride, int dilation, int before, int after, int outputPadding)
    {
        int outSize = ((size - 1) * stride) + (dilation * (kernel - 1)) + 1 + outputPadding - before - after;
        if (outSize < 1)
        {
            throw new ShapeException($"Padding of {before + after} leaves nothing of {size} places. Take less padding or a larger kernel.");
        }

        return new ConvAxisSizes(outSize, size, kernel, stride, dilation, before);
    }

    private static void ThrowUnlessFourAxes(ReadOnlySpan<int> x, ReadOnlySpan<int> weight)
    {
        if (x.Length != 4 || weight.Length != 4)
        {
            throw new ShapeException($"A convolution takes pictures [batch, channels, height, width] and a kernel with four axes; found {Text(x)} and {Text(weight)}.");
        }
    }

    private static string Text(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    private static void Refuse(bool isWrong, string name, object value, string allowed)
    {
        if (isWrong)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} has to be {allowed}.");
        }
    }
}
