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
        if (OperationTrace.Current is { } trace)
        {
            RecordAdaptive(trace, y, x, vertical, horizontal, isMax: true);
        }

        return y;
    }

    /// <summary>The mean of as many windows as asked for, which together cover the picture.</summary>
    /// <inheritdoc cref="AdaptiveMaxPool2d" path="/*[not(self::summary)]"/>
    public static Tensor AdaptiveAveragePool2d(this Tensor x, Extent size)
    {
        (PoolWindows vertical, PoolWindows horizontal) = Adaptive(x, size);
        Tensor y = Mean(x, vertical, horizontal);
        if (OperationTrace.Current is { } trace)
        {
            RecordAdaptive(trace, y, x, vertical, horizontal, isMax: false);
        }

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

    /// <summary>The largest number of as many windows as asked for, which together cover the sequence.</summary>
    /// <param name="x">[batch, channels, length]</param>
    /// <param name="size">Windows; 1 makes one number of each channel.</param>
    /// <returns>[batch, channels, size]</returns>
    public static Tensor AdaptiveMaxPool1d(this Tensor x, int size) => Sequence(x, picture => picture.AdaptiveMaxPool2d(new Extent(1, size)));

    /// <summary>The mean of as many windows as asked for, which together cover the sequence.</summary>
    /// <inheritdoc cref="AdaptiveMaxPool1d" path="/*[not(self::summary)]"/>
    public static Tensor AdaptiveAveragePool1d(this Tensor x, int size) => Sequence(x, picture => picture.AdaptiveAveragePool2d(new Extent(1, size)));

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

    private static void RecordAdaptive(OperationTrace trace, Tensor y, Tensor x, PoolWindows vertical, PoolWindows horizontal, bool isMax)
    {
        string type = isMax ? "MaxPool" : "AveragePool";
        if (vertical.Count == 1 && horizontal.Count == 1)
        {
            trace.Record(y, "Global" + type, [x]);
        }
        else if (vertical.Size % vertical.Count == 0 && horizontal.Size % horizontal.Count == 0)
        {
            var kernel = new Extent(vertical.Size / vertical.Count, horizontal.Size / horizontal.Count);
            trace.Record(y, type, [x], Attributes(kernel, kernel, default));
        }
        else if (isMax)
        {
            // A short window has its last place more often.
            trace.Record(y, "ReduceMax", [Places(trace.Node("ReduceMax", [Places(x, horizontal, 3), (int[])[4]], ("keepdims", 0L)), vertical, 2), (int[])[3]], ("keepdims", 0L));
        }
        else
        {
            // The mean of a rectangle is that of its lines' means: a product with the shares of each window from both sides.
            trace.Record(y, "MatMul", [Shares(vertical), trace.Node("MatMul", [x, trace.Node("Transpose", [Shares(horizontal)], ("perm", new long[] { 1, 0 }))])]);
        }

        TracedValue Places(TracedInput from, PoolWindows windows, int axis)
        {
            int longest = Enumerable.Range(0, windows.Count).Max(window => windows.End(window) - windows.Start(window));
            int[] places = [.. Enumerable.Range(0, windows.Count).SelectMany(window =>
                Enumerable.Range(windows.Start(window), longest).Select(place => Math.Min(place, windows.End(window) - 1)))];
            return trace.Node("Gather", [from, trace.Node("Reshape", [places, (int[])[windows.Count, longest]])], ("axis", (long)axis));
        }

        static Tensor Shares(PoolWindows windows) => Tensor.From([.. Enumerable.Range(0, windows.Count).SelectMany(window => Enumerable.Range(0, windows.Size)
            .Select(place => place >= windows.Start(window) && place < windows.End(window) ? 1f / windows.Divisor(window) : 0))], windows.Count, windows.Size);
    }

    private static (PoolWindows Vertical, PoolWindows Horizontal) Sliding(Tensor x, Extent kernel, Extent stride, Margins padding)
    {
        ShapeException.Require(x.Rank == 4, $"A pool over pictures takes [batch, channels, height, width]; found {x}.");
        return (PoolWindows.Sliding(x.Shape[2], kernel.Height, stride.Height, padding.Top, padding.Bottom),
            PoolWindows.Sliding(x.Shape[3], kernel.Width, stride.Width, padding.Left, padding.Right));
    }

    private static (PoolWindows Vertical, PoolWindows Horizontal) Adaptive(Tensor x, Extent size)
    {
        ShapeException.Require(x.Rank == 4, $"A pool over pictures takes [batch, channels, height, width]; found {x}.");
        return (PoolWindows.Adaptive(x.Shape[2], size.Height), PoolWindows.Adaptive(x.Shape[3], size.Width));
    }

    private static (int[] Shape, int Planes) OutShape(Tensor x, PoolWindows vertical, PoolWindows horizontal) =>
        ([x.Shape[0], x.Shape[1], vertical.Count, horizontal.Count], x.Shape[0] * x.Shape[1]);

    private static Tensor Sequence(Tensor x, Func<Tensor, Tensor> pool)
    {
        ShapeException.Require(x.Rank == 3, $"A pool over sequences takes [batch, channels, length]; found {x}.");
        Tensor y = pool(x.Reshape(x.Shape[0], x.Shape[1], 1, x.Shape[2]));
        return y.Reshape(y.Shape[0], y.Shape[1], y.Shape[3]);
    }

    private static Extent OneLine(int kernel, int stride) => new(1, stride == 0 ? kernel : stride);
}
