namespace Cartwright.Learning.Kernels;

/// <summary>Sums over all pictures of a batch, channel by channel.</summary>
internal static unsafe class ChannelSums
{
    /// <summary>Adds to <paramref name="sums"/> what each channel of x sums up to.</summary>
    /// <param name="x">[batch, channels, size]</param>
    /// <param name="sums">[channels]</param>
    public static void Add(ReadOnlySpan<float> x, Span<float> sums, int size)
    {
        ShapeException.Require(
            x.Length % Math.Max(1, (long)sums.Length * size) == 0,
            $"{x.Length} numbers are no whole number of pictures with {sums.Length} channels of {size} numbers each.");
        fixed (float* px = x, ps = sums)
        {
            ParallelWork.For(x.IsEmpty ? 0 : sums.Length, new OfChannel(px, ps, x.Length / size / Math.Max(1, sums.Length), sums.Length, size));
        }
    }

    private readonly struct OfChannel(float* x, float* sums, int batch, int channels, int size) : IWorkItem
    {
        public void Run(int index)
        {
            double sum = 0;
            for (int picture = 0; picture < batch; picture++)
            {
                sum += Reduce.SumInDouble(x + ((((nint)picture * channels) + index) * size), size);
            }

            sums[index] += (float)sum;
        }
    }
}
