using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Channel by channel, y = (x − mean) / sqrt(variance + epsilon) · gain + bias, over all pictures of a batch.</summary>
/// <remarks>Ioffe and Szegedy, "Batch Normalization", ICML 2015. Channels are the pieces of work.</remarks>
internal static unsafe class BatchNormKernel
{
    /// <summary>Products that are added in float before the sum goes on in double.</summary>
    private const int ChunkSize = 4096;

    /// <param name="x">[batch, channels, size]</param>
    /// <param name="mean">[channels]: the mean of each.</param>
    /// <param name="variance">[channels]: the mean square of what is left, over batch · size numbers.</param>
    public static void Measure(ReadOnlySpan<float> x, Span<float> mean, Span<float> variance, int size)
    {
        Sizes sizes = Sizes.Of(x.Length, mean.Length, size);
        ShapeException.ThrowUnlessLength(variance.Length, mean.Length);
        fixed (float* px = x, pm = mean, pv = variance)
        {
            ParallelWork.For(sizes.Channels, new MeasureChannel(sizes, px, pm, pv));
        }
    }

    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias,
        Span<float> y, int size, float epsilon)
    {
        Sizes sizes = Sizes.Of(x.Length, mean.Length, size);
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        ThrowUnlessChannels(sizes, variance, gain, bias);
        fixed (float* px = x, pm = mean, pv = variance, pg = gain, pb = bias, py = y)
        {
            ParallelWork.For(sizes.Channels, new ForwardChannel(sizes, px, pm, pv, pg, pb, py, epsilon));
        }
    }

    /// <summary>Adds the gradients of input, gain and bias to what <paramref name="gradX"/> and the others hold.</summary>
    /// <param name="gradX">Nothing where it isn't asked for.</param>
    /// <param name="isMeasured">True where mean and variance came from x itself, and depend on it.</param>
    public static void Backward(
        ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, ReadOnlySpan<float> gain,
        Span<float> gradX, Span<float> gradGain, Span<float> gradBias, int size, float epsilon, bool isMeasured)
    {
        Sizes sizes = Sizes.Of(x.Length, mean.Length, size);
        ShapeException.ThrowUnlessLength(gradY.Length, x.Length);
        ShapeException.ThrowUnlessLength(gradX.IsEmpty ? x.Length : gradX.Length, x.Length);
        ThrowUnlessChannels(sizes, variance, gain, gradGain);
        ShapeException.ThrowUnlessLength(gradBias.Length, sizes.Channels);
        fixed (float* pgy = gradY, px = x, pm = mean, pv = variance, pg = gain, pgx = gradX, pgg = gradGain, pgb = gradBias)
        {
            ParallelWork.For(sizes.Channels, new BackwardChannel(sizes, pgy, px, pm, pv, pg, pgx, pgg, pgb, epsilon, isMeasured));
        }
    }

    private static void ThrowUnlessChannels(Sizes sizes, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z)
    {
        ShapeException.ThrowUnlessLength(x.Length, sizes.Channels);
        ShapeException.ThrowUnlessLength(y.Length, sizes.Channels);
        ShapeException.ThrowUnlessLength(z.Length, sizes.Channels);
    }

    private readonly record struct Sizes(int Batch, int Channels, int Size)
    {
        public int Count => Batch * Size;

        public static Sizes Of(int length, int channels, int size)
        {
            int picture = Math.Max(1, channels * size);
            ShapeException.Require(length % picture == 0, $"{length} numbers are no whole number of examples with {channels} channels of {size} numbers each.");
            return new Sizes(length / picture, channels, size);
        }

        public nint At(int picture, int channel) => (((nint)picture * Channels) + channel) * Size;
    }

    private readonly struct MeasureChannel(Sizes sizes, float* x, float* means, float* variances) : IWorkItem
    {
        public void Run(int index)
        {
            // Sums of pictures are added in double: a batch may hold millions of numbers.
            double sum = 0;
            for (int picture = 0; picture < sizes.Batch; picture++)
            {
                sum += Reduce.SumInDouble(x + sizes.At(picture, index), sizes.Size);
            }

            float mean = (float)(sum / Math.Max(1, sizes.Count));
            double squares = 0;
            for (int picture = 0; picture < sizes.Batch; picture++)
            {
                squares += Reduce.SumOfSquaredDeviations<UsualLanes>(x + sizes.At(picture, index), mean, sizes.Size);
            }

            means[index] = mean;
            variances[index] = (float)(squares / Math.Max(1, sizes.Count));
        }
    }

    private readonly struct ForwardChannel(
        Sizes sizes, float* x, float* means, float* variances, float* gain, float* bias, float* y, float epsilon) : IWorkItem
    {
        public void Run(int index)
        {
            float mean = means[index];
            float scale = gain[index] / MathF.Sqrt(variances[index] + epsilon);
            float shift = bias[index];
            for (int picture = 0; picture < sizes.Batch; picture++)
            {
                float* from = x + sizes.At(picture, index);
                float* to = y + sizes.At(picture, index);
                int i = 0;
                if (Vector.IsHardwareAccelerated)
                {
                    for (; i <= sizes.Size - Vector<float>.Count; i += Vector<float>.Count)
                    {
                        (((Vector.Load(from + i) - new Vector<float>(mean)) * scale) + new Vector<float>(shift)).Store(to + i);
                    }
                }

                for (; i < sizes.Size; i++)
                {
                    to[i] = ((from[i] - mean) * scale) + shift;
                }
            }
        }
    }

    private readonly struct BackwardChannel(
        Sizes sizes, float* gradY, float* x, float* means, float* variances, float* gain,
        float* gradX, float* gradGain, float* gradBias, float epsilon, bool isMeasured) : IWorkItem
    {
        // With n = (x − mean) · inverse, over all numbers of the channel: gradBias = Σ gradY, gradGain = Σ gradY · n, and
        // gradX = gain · inverse · (gradY − mean(gradY) − n · mean(gradY · n)), without the means where nothing was measured.
        public void Run(int index)
        {
            float mean = means[index];
            float inverse = 1 / MathF.Sqrt(variances[index] + epsilon);
            double sum = 0;
            double sumByDeviation = 0;
            for (int picture = 0; picture < sizes.Batch; picture++)
            {
                nint at = sizes.At(picture, index);
                sum += Reduce.SumInDouble(gradY + at, sizes.Size);
                for (int start = 0; start < sizes.Size; start += ChunkSize)
                {
                    sumByDeviation += SumByDeviation(gradY + at + start, x + at + start, mean, Math.Min(ChunkSize, sizes.Size - start));
                }
            }

            gradBias[index] += (float)sum;
            gradGain[index] += (float)(sumByDeviation * inverse);
            if (gradX == null)
            {
                return;
            }

            float factor = gain[index] * inverse;
            float offset = isMeasured ? (float)(sum / sizes.Count) : 0;
            float slope = isMeasured ? (float)(sumByDeviation * inverse * inverse / sizes.Count) : 0;
            for (int picture = 0; picture < sizes.Batch; picture++)
            {
                nint at = sizes.At(picture, index);
                AddGradX(gradY + at, x + at, gradX + at, mean, factor, offset, slope);
            }
        }

        private static float SumByDeviation(float* g, float* from, float mean, int count)
        {
            int i = 0;
            float sum = 0;
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> sums = Vector<float>.Zero;
                for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                {
                    sums = Vector.MultiplyAddEstimate(Vector.Load(g + i), Vector.Load(from + i) - new Vector<float>(mean), sums);
                }

                sum = Vector.Sum(sums);
            }

            for (; i < count; i++)
            {
                sum += g[i] * (from[i] - mean);
            }

            return sum;
        }

        private void AddGradX(float* g, float* from, float* to, float mean, float factor, float offset, float slope)
        {
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= sizes.Size - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> deviation = Vector.Load(from + i) - new Vector<float>(mean);
                    Vector<float> gradient = (Vector.Load(g + i) - new Vector<float>(offset) - (deviation * slope)) * factor;
                    (Vector.Load(to + i) + gradient).Store(to + i);
                }
            }

            for (; i < sizes.Size; i++)
            {
                to[i] += (g[i] - offset - ((from[i] - mean) * slope)) * factor;
            }
        }
    }
}
