namespace Cartwright.Learning.Kernels;

/// <summary>One axis of a correlation: which places of the source each place of the result sees.</summary>
/// <remarks>
/// Result t lies at <c>OutStart + OutStep * t</c> and sees, through tap i of the kernel, source <c>Step * t + Shifts[i]</c>,
/// which counts as 0 where it lies outside. A convolution is one such axis. The gradient of its input, and with it a
/// transposed convolution, is one for each remainder of the place divided by the stride: places with the same remainder
/// see the same taps of the kernel, so that no zeros have to be put between the numbers of the source.
/// </remarks>
internal sealed class ConvAxis
{
    private ConvAxis(int[] taps, int[] shifts, int step, int count, int outStart, int outStep)
    {
        (Taps, Shifts, Step, Count, OutStart, OutStep) = (taps, shifts, step, count, outStart, outStep);
        First = shifts.Min();
        Span = shifts.Max() - First;
    }

    /// <summary>Places of the kernel.</summary>
    public int[] Taps { get; }

    public int[] Shifts { get; }

    public int Step { get; }

    /// <summary>Places of the result.</summary>
    public int Count { get; }

    public int OutStart { get; }

    public int OutStep { get; }

    /// <summary>The first place of the source that result 0 sees; below 0 in the padding.</summary>
    public int First { get; }

    /// <summary>From the first to the last place that one result sees.</summary>
    public int Span { get; }

    /// <summary>The convolution itself.</summary>
    public static ConvAxis Forward(in ConvAxisSizes sizes)
    {
        int[] taps = [.. Enumerable.Range(0, sizes.Kernel)];
        ConvAxisSizes s = sizes;
        return new ConvAxis(taps, [.. taps.Select(tap => (tap * s.Dilation) - s.Before)], s.Stride, s.Out, 0, 1);
    }

    /// <summary>The way back, from places of the output to all places of the input that any of them saw.</summary>
    public static List<ConvAxis> Backward(in ConvAxisSizes sizes)
    {
        ConvAxisSizes s = sizes;
        List<ConvAxis> axes = [];

        // Only these have taps, and a stride may be far longer than the kernel.
        int[] remainders = [.. Enumerable.Range(0, s.Kernel).Select(tap => (int)((long)tap * s.Dilation % s.Stride)).Distinct().Order()];
        foreach (int remainder in remainders)
        {
            // Input i, with i + before = stride * t + remainder, was seen by output t - (tap * dilation - remainder) / stride.
            int first = CeilingOf(s.Before - remainder, s.Stride);
            int end = CeilingOf(s.In + s.Before - remainder, s.Stride);
            int[] taps = [.. Enumerable.Range(0, s.Kernel).Where(tap => ((tap * s.Dilation) - remainder) % s.Stride == 0)];
            if (taps.Length > 0 && end > first)
            {
                int[] shifts = [.. taps.Select(tap => first - (((tap * s.Dilation) - remainder) / s.Stride))];
                axes.Add(new ConvAxis(taps, shifts, 1, end - first, (s.Stride * first) + remainder - s.Before, s.Stride));
            }
        }

        return axes;
    }

    private static int CeilingOf(int x, int y) => (int)Math.Ceiling(x / (double)y);
}

/// <summary>Sizes of a convolution along one axis.</summary>
/// <param name="In">Places of the input.</param>
/// <param name="Out">Places of the output.</param>
/// <param name="Before">Zeros before the first place of the input.</param>
internal readonly record struct ConvAxisSizes(int In, int Out, int Kernel, int Stride, int Dilation, int Before);
