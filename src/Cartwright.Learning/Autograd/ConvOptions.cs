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
    /// <summary>Largest stride, dilation and padding: far beyond any picture, and what is computed from them stays a whole number.</summary>
    internal const int MostPlaces = 1 << 24;

    /// <summary>Places between two neighbors of the output, 1 to 16,777,216; larger gives a smaller picture.</summary>
    public Extent Stride { get; init; } = 1;

    /// <summary>Zeros around the input, 0 to 16,777,216 on each side; half the kernel keeps the size of the picture.</summary>
    public Margins Padding { get; init; }

    /// <summary>Places between two neighbors of the kernel, 1 to 16,777,216; larger sees further.</summary>
    public Extent Dilation { get; init; } = 1;

    /// <summary>Parts that the channels split into, each of which sees itself only; divides both counts of channels. As many as there are channels: depthwise.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Rows and columns that a transposed convolution adds at the end, where several sizes would come from the stride; below the stride.</summary>
    public Extent OutputPadding { get; init; }

    /// <summary>These options, where a layer of these sizes can work with them.</summary>
    /// <exception cref="ArgumentException">They can't, or a size is out of its range.</exception>
    internal ConvOptions CheckedFor(string layer, int inChannels, int outChannels, Extent kernel)
    {
        Validate();
        _ = Ranges.Size(inChannels, layer);
        _ = Ranges.Size(outChannels, layer);
        Refuse(kernel.Height < 1 || kernel.Width < 1, nameof(kernel), kernel.Height == kernel.Width ? kernel.Width : kernel, $"1 or more for {layer}");
        if (inChannels % Groups != 0 || outChannels % Groups != 0)
        {
            throw new ArgumentException($"{layer} can't split {inChannels} channels of input and {outChannels} of output into {Groups} groups: both have to be multiples of it.");
        }

        return this;
    }

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Validate()
    {
        Refuse(Math.Min(Stride.Height, Stride.Width) < 1 || Math.Max(Stride.Height, Stride.Width) > MostPlaces, nameof(Stride), Stride, $"1 to {MostPlaces}");
        Refuse(Math.Min(Dilation.Height, Dilation.Width) < 1 || Math.Max(Dilation.Height, Dilation.Width) > MostPlaces,
            nameof(Dilation), Dilation, $"1 to {MostPlaces}");
        int[] sides = [Padding.Top, Padding.Bottom, Padding.Left, Padding.Right];
        Refuse(sides.Min() < 0 || sides.Max() > MostPlaces, nameof(Padding), Padding, $"0 to {MostPlaces}");
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
        ShapeException.Require(
            weight[0] % Groups == 0, $"A convolution in {Groups} groups has a multiple of {Groups} kernels; found a weight of shape {weight}.");
        ShapeException.Require(
            x[1] == (long)weight[1] * Groups,
            $"A convolution with a kernel of shape {weight} in {Groups} groups takes pictures with {(long)weight[1] * Groups} channels; found {x}.");

        return Limited(new ConvShape(x[0], x[1], weight[0], Groups,
            Sizes(x[2], weight[2], Stride.Height, Dilation.Height, Padding.Top, Padding.Bottom),
            Sizes(x[3], weight[3], Stride.Width, Dilation.Width, Padding.Left, Padding.Right)));
    }

    /// <summary>The convolution whose input has the shape of the transposed one's output.</summary>
    /// <param name="x">[batch, channels, height, width]</param>
    /// <param name="weight">[channels, outChannels / groups, kernel height, kernel width]</param>
    /// <exception cref="ShapeException">The channels don't fit, or the padding takes all of the output away.</exception>
    internal ConvShape TransposedShapeOf(ReadOnlySpan<int> x, ReadOnlySpan<int> weight)
    {
        Validate();
        ThrowUnlessFourAxes(x, weight);
        ShapeException.Require(
            x[1] == weight[0] && weight[0] % Groups == 0,
            $"A transposed convolution with a kernel of shape {weight} takes pictures with {weight[0]} channels, a multiple of its {Groups} groups; found {x}.");

        return Limited(new ConvShape(x[0], checked(weight[1] * Groups), x[1], Groups,
            TransposedSizes(x[2], weight[2], Stride.Height, Dilation.Height, Padding.Top, Padding.Bottom, OutputPadding.Height),
            TransposedSizes(x[3], weight[3], Stride.Width, Dilation.Width, Padding.Left, Padding.Right, OutputPadding.Width)));
    }

    private static ConvAxisSizes Sizes(int size, int kernel, int stride, int dilation, int before, int after)
    {
        long room = (long)size + before + after - SpanOf(kernel, dilation);
        ShapeException.Require(
            room >= 0,
            $"A convolution with a kernel of {kernel} and dilation {dilation} doesn't fit into {size} places with {(long)before + after} of padding. Take a smaller kernel or more padding.");
        return new ConvAxisSizes(size, checked((int)(room / stride) + 1), kernel, Within(stride, (long)size + before + after), dilation, before);
    }

    private static ConvAxisSizes TransposedSizes(int size, int kernel, int stride, int dilation, int before, int after, int outputPadding)
    {
        long outSize = ((size - 1L) * stride) + SpanOf(kernel, dilation) + outputPadding - before - after;
        ShapeException.Require(
            outSize > 0,
            $"A transposed convolution with a kernel of {kernel} and {(long)before + after} of padding leaves nothing of {size} places. Take less padding or a larger kernel.");
        ShapeException.Require(
            outSize <= int.MaxValue,
            $"A transposed convolution with a stride of {stride} and a kernel of {kernel} with dilation {dilation} makes {outSize} places of {size}. Take a smaller stride or dilation.");
        return new ConvAxisSizes((int)outSize, size, kernel, Within(stride, outSize + before + after), dilation, before);
    }

    /// <summary>Places from the first to the last that a kernel sees.</summary>
    private static long SpanOf(int kernel, int dilation) => kernel > 0
        ? ((long)dilation * (kernel - 1)) + 1 : throw new ShapeException($"The kernel of a convolution has {kernel} places along an axis; 1 is the fewest.");

    /// <summary>A stride beyond all places says no more than one to their end, and would ask for room.</summary>
    private static int Within(int stride, long places) => (int)Math.Min(stride, places + 1);

    /// <summary>Refuses what would overflow: a channel is copied with all that the kernel sees around it.</summary>
    private static ConvShape Limited(in ConvShape shape)
    {
        long height = Seen(shape.Vertical), width = Seen(shape.Horizontal) + shape.Horizontal.Stride;
        ShapeException.Require(
            height * width <= int.MaxValue,
            $"A convolution with this padding, stride and dilation sees {height} × {width} places around each channel; {int.MaxValue} in all are the most. Take smaller ones.");
        return shape;

        static long Seen(in ConvAxisSizes axis) => Math.Max(axis.In, ((axis.Out - 1L) * axis.Stride) + SpanOf(axis.Kernel, axis.Dilation));
    }

    private static void ThrowUnlessFourAxes(ReadOnlySpan<int> x, ReadOnlySpan<int> weight)
    {
        ShapeException.Require(
            x.Length == 4 && weight.Length == 4,
            $"A convolution takes pictures [batch, channels, height, width] and a kernel with four axes; found {x} and {weight}.");
    }

    private static void Refuse(bool isWrong, string name, object value, string allowed)
    {
        if (isWrong)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} has to be {allowed}.");
        }
    }
}
