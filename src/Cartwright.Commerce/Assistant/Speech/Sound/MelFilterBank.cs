using System.Numerics.Tensors;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Triangles over a spectrum, evenly spaced as the ear hears: mel = 2595 log10(1 + f / 700).</summary>
/// <remarks>
/// O'Shaughnessy, "Speech Communication", 1987, as in HTK (Young et al., "The HTK Book", section 5.4): each triangle rises from the center before
/// its own and falls to the one behind, with the height 1, straight over frequency in hertz.
/// </remarks>
internal sealed class MelFilterBank
{
    private readonly int[] _starts;
    private readonly float[][] _triangles;

    /// <param name="bandCount">Triangles; 1 or more.</param>
    /// <param name="transformSize">Length of the transform that gave the spectrum.</param>
    /// <param name="rate">Samples a second of the sound.</param>
    /// <param name="lowest">Where the first triangle begins, in hertz.</param>
    /// <param name="highest">Where the last one ends, in hertz; half of the rate at most.</param>
    public MelFilterBank(int bandCount, int transformSize, int rate, double lowest, double highest)
    {
        double[] edges = [.. Enumerable.Range(0, bandCount + 2).Select(i => ToHertz(ToMel(lowest) + ((ToMel(highest) - ToMel(lowest)) * i / (bandCount + 1))))];
        (_starts, _triangles) = (new int[bandCount], new float[bandCount][]);
        for (int band = 0; band < bandCount; band++)
        {
            float[] weights = [.. Enumerable.Range(0, (transformSize / 2) + 1).Select(i => (float)Weight(edges, band, (double)i * rate / transformSize))];
            int start = Math.Max(0, Array.FindIndex(weights, weight => weight > 0));
            _starts[band] = start;
            _triangles[band] = weights[start..(Array.FindLastIndex(weights, weight => weight > 0) + 1)];
        }
    }

    public int BandCount => _triangles.Length;

    public static double ToMel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

    public static double ToHertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);

    /// <param name="powers">[transform size / 2 + 1]</param>
    /// <param name="energies">The sum under each triangle: [bands].</param>
    public void Apply(ReadOnlySpan<float> powers, Span<float> energies)
    {
        for (int band = 0; band < _triangles.Length; band++)
        {
            energies[band] = TensorPrimitives.Dot(powers.Slice(_starts[band], _triangles[band].Length), _triangles[band]);
        }
    }

    private static double Weight(double[] edges, int band, double hertz)
    {
        (double low, double center, double high) = (edges[band], edges[band + 1], edges[band + 2]);
        return Math.Max(0, Math.Min((hertz - low) / (center - low), (high - hertz) / (high - center)));
    }
}
