using Cartwright.Learning.Autograd;

namespace Cartwright.Learning.Kernels;

/// <summary>The windows of a pool along one axis.</summary>
internal sealed class PoolWindows
{
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly int[] _divisors;

    private PoolWindows(int size, int[] starts, int[] ends, int[] divisors)
    {
        (Size, _starts, _ends, _divisors) = (size, starts, ends, divisors);
        ArePairs = Enumerable.Range(0, Count).All(i => starts[i] == 2 * i && IsPair(i));
    }

    /// <summary>Places of the input.</summary>
    public int Size { get; }

    /// <summary>Windows, which are places of the output.</summary>
    public int Count => _starts.Length;

    /// <summary>Two places each, side by side from the first place on.</summary>
    public bool ArePairs { get; }

    /// <summary>Windows of one length, which may reach into the padding, where nothing is.</summary>
    /// <exception cref="ShapeException">The window is longer than the padded input, or padding is more than half of it.</exception>
    public static PoolWindows Sliding(int size, int kernel, int stride, int before, int after)
    {
        long room = (long)size + before + after;
        ShapeException.Require(
            AreSound(kernel, stride, before, after),
            $"A pool has a window and a stride of 1 or more and padding of 0 up to half the window; found {kernel}, {stride}, {before} and {after}.");
        ShapeException.Require(
            room >= kernel, $"A pool with a window of {kernel} doesn't fit into {size} places with {(long)before + after} of padding. Take a smaller one.");

        int[] places = [.. Enumerable.Range(0, (int)(((room - kernel) / stride) + 1)).Select(i => (i * stride) - before)];
        return new PoolWindows(size, [.. places.Select(p => Math.Max(0, p))], [.. places.Select(p => (int)Math.Min(size, (long)p + kernel))],
            [.. places.Select(_ => kernel)]);
    }

    /// <summary>Whether there is an input that <see cref="Sliding"/> can look at.</summary>
    public static bool AreSound(int kernel, int stride, int before, int after) =>
        kernel >= 1 && stride >= 1 && before >= 0 && after >= 0 && Math.Max(before, after) <= kernel / 2;

    /// <summary>The window of a layer, where there is an input that it can look at.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Extent Checked(string layer, Extent kernel, Extent stride, Margins padding) =>
        AreSound(kernel.Height, stride.Height, padding.Top, padding.Bottom) && AreSound(kernel.Width, stride.Width, padding.Left, padding.Right)
            ? kernel : throw new ArgumentException(
                $"{layer} has windows and strides of 1 or more and padding of 0 up to half a window; found windows of {Words(kernel)}, "
                + $"strides of {Words(stride)} and padding of {padding.Top} above, {padding.Bottom} below, {padding.Left} before and {padding.Right} behind.");

    private static string Words(Extent extent) => $"{extent.Height} by {extent.Width}";

    /// <summary>As many windows as asked for, of about the same length, which together cover everything.</summary>
    /// <exception cref="ShapeException">There are fewer places than windows.</exception>
    public static PoolWindows Adaptive(int size, int count)
    {
        ShapeException.Require(count >= 1 && size >= 1, $"An adaptive pool makes 1 window or more out of 1 place or more; found {count} and {size}.");

        int[] starts = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * size / count))];
        int[] ends = [.. Enumerable.Range(1, count).Select(i => (int)((((long)i * size) + count - 1) / count))];
        return new PoolWindows(size, starts, ends, [.. ends.Zip(starts, (end, start) => end - start)]);
    }

    public int Start(int window) => _starts[window];

    public int End(int window) => _ends[window];

    public bool IsPair(int window) => _ends[window] - _starts[window] == 2;

    /// <summary>What the sum of a window is divided by: its length, padding counted.</summary>
    public int Divisor(int window) => _divisors[window];
}
