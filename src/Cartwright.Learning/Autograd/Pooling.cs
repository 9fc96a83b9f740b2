using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Windows of a picture or a sequence, each made one number.</summary>
public static class Pooling
{
    /// <summary>The largest number of every window.</summary>
    /// <param name="x">[batch, channels, height, width]</param>
    /// <param name="kernel">Size of a window.</param>
    /// <param name="stride">Places from one window to the next; null for the size of a window.</param>
    /// <param name="padding">Places around the picture where nothing is, at most half a window.</param>
    /// <returns>[batch, channels, out height, out width], each size (size + padding − kernel) / stride + 1.</returns>
    /// <exception cref="ShapeException">A window is larger than the padded picture, or padding more than half a window.</exception>
    public static Tensor MaxPool2d(this Tensor x, Extent kernel, Extent? stride = null, Margins padding = default)
    {
        (PoolWindows vertical, PoolWindows horizontal) = Sliding(x, kernel, stride ?? kernel, padding);
        Tensor y = Max(x, vertical, horizontal);
        OperationTrace.Current?.Record(y, "MaxPool", [x], Attributes(kernel, stride ?? kernel, padding));
        return y;
    }

    /// <summary>The mean of every window; padding counts as zeros.</summary>
    /// <inheritdoc cref="MaxPool2d" path="/*[not(self::summary)]"/>
    public static Tensor AveragePool2d(this Tensor x, Extent kernel, Extent? stride = null, Margins padding = default)
    {
        (PoolWindows vertical, PoolWindows horizontal) = Sliding(x, kernel, stride ?? kernel, padding);
        Tensor y = Mean(x, vertical, horizontal);
        OperationTrace.Current?.Record(y, "AveragePool", [x], [.. Attributes(kernel, stride ?? kernel, padding), ("count_include_pad", 1L)]);
        return y;
    }

    /// <summary>The largest number of as many windows as asked for, which together cover the picture.</summary>
    /// <param name="x">[batch, channels, height, width]</param>
    /// <param name="size">Windows down and across; 1 makes one number of each channel.</param>
    /// <returns>[batch, channels, size.Height, size.Width]</returns>
    public static Tensor AdaptiveMaxPool2d(this Tensor x, Extent size)
    {
        (PoolWindows vertical, PoolWindows horizontal) = Adaptive(x, size);
        Tensor y = Max(x, vertical, horizontal);
        RecordAdaptive(y, "MaxPool", x, size);
        return y;
    }

    /// <summary>The mean of as many windows as asked for, which together cover the picture.</summary>
    /// <inheritdoc cref="AdaptiveMaxPool2d" path="/*[not(self::summary)]"/>
    public static Tensor AdaptiveAveragePool2d(this Tensor x, Extent size)
    {
        (PoolWindows vertical, PoolWindows horizontal) = Adaptive(x, size);
        Tensor y = Mean(x, vertical, horizontal);
        RecordAdaptive(y, "AveragePool", x, size);
        return y;
    }

    /// <summary>The largest number of every window of a sequence [batch, channels, length].</summary>
    /// <param name="kernel">Places in a window.</param>
    /// <param name="stride">Places from one window to the next; 0 for the length of a window.</param>
    /// <param name="padding">Places at both ends where nothing is, at most half a window.</param>
    public static Tensor MaxPool1d(this Tensor x, int kernel, int stride = 0, int padding = 0) =>
        Sequence(x, picture => picture.MaxPool2d(new Extent(1, kernel), OneLine(kernel, stride), new Margins(0, 0, padding, padding)));

    /// <summary>The mean of every window of a sequence [batch, channels, length]; padding counts as zeros.</summary>
    /// <inheritdoc cref="MaxPool1d" path="/*[not(self::summary)]"/>
    public static Tensor AveragePool1d(this Tensor x, int kernel, int stride = 0, int padding = 0) =>
        Sequence(x, picture => picture.AveragePool2d(new Extent(1, kernel), OneLine(kernel, stride), new Margins(0, 0, padding, padding)));

    /// <summary>All axes but the first as one: [batch, …] gives [batch, numbers].</summary>
    public static Tensor Flatten(this Tensor x) => x.Reshape(x.Shape[0], Tensor.Product(x.Dimensions[1..]));

    private static Tensor Max(Tensor x, PoolWindows vertical, PoolWindows horizontal)
    {
        (int[] shape, int planes) = OutShape(x, vertical, horizontal);
        Tensor places = Tensor.Uninitialized(shape);
        Tensor y = Tensor.Result(shape, [x], y =>
        {
            Span<float> gradX = x.Storage.GradientToFill(out bool isFresh);
            PoolKernel.MaxBackward(y.Gradient, places.Values, gradX, planes, vertical, horizontal, accumulates: !isFresh);
        });
        PoolKernel.Max(x.Values, y.Output, places.Output, planes, vertical, horizontal);
        return y;
    }

    private static Tensor Mean(Tensor x, PoolWindows vertical, PoolWindows horizontal)
    {
        (int[] shape, int planes) = OutShape(x, vertical, horizontal);
        Tensor y = Tensor.Result(shape, [x], y => PoolKernel.MeanBackward(y.Gradient, x.GradientSum, planes, vertical, horizontal));
        PoolKernel.Mean(x.Values, y.Output, planes, vertical, horizontal);
        return y;
    }

    private static (string, object)[] Attributes(Extent kernel, Extent stride, Margins padding) =>
    [
        ("kernel_shape", new long[] { kernel.Height, kernel.Width }),
        ("strides", new long[] { stride.Height, stride.Width }),
        ("pads", padding.ToOnnx()),
    ];

    // Windows of different lengths have no form in the standard, and leave no record.
    private static void RecordAdaptive(Tensor y, string type, Tensor x, Extent size)
    {
        if (size == 1)
        {
            OperationTrace.Current?.Record(y, "Global" + type, [x]);
        }
        else if (x.Shape[2] % size.Height == 0 && x.Shape[3] % size.Width == 0)
        {
            var kernel = new Extent(x.Shape[2] / size.Height, x.Shape[3] / size.Width);
            OperationTrace.Current?.Record(y, type, [x], Attributes(kernel, kernel, default));
        }
    }

    private static (PoolWindows Vertical, PoolWindows Horizontal) Sliding(Tensor x, Extent kernel, Extent stride, Margins padding)
    {
        ShapeException.ThrowUnlessEqual(x.Rank, 4);
        return (PoolWindows.Sliding(x.Shape[2], kernel.Height, stride.Height, padding.Top, padding.Bottom),
            PoolWindows.Sliding(x.Shape[3], kernel.Width, stride.Width, padding.Left, padding.Right));
    }

    private static (PoolWindows Vertical, PoolWindows Horizontal) Adaptive(Tensor x, Extent size)
    {
        ShapeException.ThrowUnlessEqual(x.Rank, 4);
        return (PoolWindows.Adaptive(x.Shape[2], size.Height), PoolWindows.Adaptive(x.Shape[3], size.Width));
    }

    private static (int[] Shape, int Planes) OutShape(Tensor x, PoolWindows vertical, PoolWindows horizontal) =>
        ([x.Shape[0], x.Shape[1], vertical.Count, horizontal.Count], x.Shape[0] * x.Shape[1]);

    private static Tensor Sequence(Tensor x, Func<Tensor, Tensor> pool)
    {
        ShapeException.ThrowUnlessEqual(x.Rank, 3);
        Tensor y = pool(x.Reshape(x.Shape[0], x.Shape[1], 1, x.Shape[2]));
        return y.Reshape(y.Shape[0], y.Shape[1], y.Shape[3]);
    }

    private static Extent OneLine(int kernel, int stride) => new(1, stride == 0 ? kernel : stride);
}
