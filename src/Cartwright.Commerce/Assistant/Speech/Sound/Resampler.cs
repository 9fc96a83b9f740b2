using System.Numerics.Tensors;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Changes the rate of a sound: a low-pass by a sinc under a Hann window, laid at the place of every new sample.</summary>
/// <remarks>Smith, "Digital Audio Resampling", 2002: the window widens where the rate falls, so that what would fold back is taken away.</remarks>
internal static class Resampler
{
    private const int ZeroCrossings = 12;
    private const double Keep = 0.95;                            // of the band, so that the filter's slope ends before the fold

    /// <param name="from">Rate of <paramref name="samples"/>; 1 or more.</param>
    /// <param name="to">Rate of the answer; 1 or more. Only the ratio of the two counts: (11, 10) is speech a tenth faster.</param>
    public static float[] Resample(float[] samples, int from, int to)
    {
        int common = Gcd(from, to);
        (int step, int phases) = (from / common, to / common);
        if (step == phases || samples.Length == 0)
        {
            return samples;
        }

        (float[] filters, int width) = Filters(step, phases);
        float[] padded = new float[samples.Length + (2 * width)];
        samples.CopyTo(padded, width);
        float[] answer = new float[(int)(((long)samples.Length * phases / step) is var count && count > 0 ? count : 1)];
        for (int i = 0; i < answer.Length; i++)
        {
            long place = (long)i * step;
            int whole = (int)(place / phases);
            answer[i] = TensorPrimitives.Dot(padded.AsSpan(whole + (width / 2) + 1, width), filters.AsSpan((int)(place % phases) * width, width));
        }

        return answer;
    }

    /// <summary>One filter for each fraction of a sample that a new one can lie at: [phases, width], tap width / 2 - 1 on the sample before.</summary>
    private static (float[] Filters, int Width) Filters(int step, int phases)
    {
        double cutoff = Keep * Math.Min(1, (double)phases / step);
        int half = (int)Math.Ceiling(ZeroCrossings / cutoff);
        int width = 2 * half;
        float[] filters = new float[phases * width];
        for (int phase = 0; phase < phases; phase++)
        {
            Span<float> filter = filters.AsSpan(phase * width, width);
            for (int tap = 0; tap < width; tap++)
            {
                double x = tap - (half - 1) - ((double)phase / phases);
                double window = Math.Abs(x) >= half ? 0 : 0.5 + (0.5 * Math.Cos(Math.PI * x / half));
                filter[tap] = (float)(window * (x == 0 ? cutoff : Math.Sin(Math.PI * cutoff * x) / (Math.PI * x)));
            }

            TensorPrimitives.Divide(filter, TensorPrimitives.Sum<float>(filter), filter);   // silence and a steady level stay what they are
        }

        return (filters, width);
    }

    private static int Gcd(int x, int y) => y == 0 ? x : Gcd(y, x % y);
}
