using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Cosines and sines of the angles by which positions are turned: position · base^(−2i / size) for pair i.</summary>
/// <remarks>Grows with the longest sequence it is asked for; what was handed out before stays valid.</remarks>
internal sealed class RotaryAngles(int headSize)
{
    private const double Base = 10_000;

    private float[] _angles = [];

    /// <summary>Pairs of numbers in a head.</summary>
    public int PairCount => headSize / 2;

    /// <summary>Radians by which a step turns a pair.</summary>
    public double Frequency(int pair) => Math.Pow(Base, -2.0 * pair / headSize);

    /// <returns>For every position below <paramref name="length"/> the cosines of all pairs, then their sines.</returns>
    public float[] UpTo(int length)
    {
        float[] angles = _angles;
        if (angles.Length >= length * 2 * PairCount)
        {
            return angles;
        }

        int positions = (int)BitOperations.RoundUpToPowerOf2((uint)length);
        angles = new float[positions * 2 * PairCount];
        for (int position = 0; position < positions; position++)
        {
            for (int i = 0; i < PairCount; i++)
            {
                (double sine, double cosine) = Math.SinCos(position * Frequency(i));
                angles[(position * 2 * PairCount) + i] = (float)cosine;
                angles[(position * 2 * PairCount) + PairCount + i] = (float)sine;
            }
        }

        _angles = angles;
        return angles;
    }
}

/// <summary>Turns pairs of numbers by angles that grow with the position.</summary>
/// <remarks>
/// Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021. Pair i is the numbers i and i + pairs of a head, as
/// published models keep their weights; the paper pairs neighbors, which is the same but for the order of the weights' rows.
/// </remarks>
internal static unsafe class RotaryKernel
{
    /// <summary>Writes the turned rows, or adds them.</summary>
    /// <param name="x">[tokens, heads · 2 · pairs]</param>
    /// <param name="angles">What <see cref="RotaryAngles.UpTo"/> gave for the longest sequence.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1]; positions count from its start.</param>
    /// <param name="isBack">Turns the other way, which undoes it: the backward.</param>
    /// <param name="adds">True where y is added to.</param>
    public static void Turn(
        ReadOnlySpan<float> x, ReadOnlySpan<float> angles, int[] offsets, Span<float> y, int pairs, int columns, bool isBack, bool adds)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)SequenceOffsets.TotalOf(offsets) * columns);
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        ShapeException.Require(
            columns % (2 * pairs) == 0,
            $"Rotary positions turn heads of {2 * pairs} numbers; tokens of {columns} numbers are no whole number of heads.");
        fixed (float* px = x, pa = angles, py = y)
        {
            ParallelWork.For(offsets.Length - 1, new Sequence(px, pa, offsets, py, pairs, columns, isBack, adds));
        }
    }

    private readonly struct Sequence(float* x, float* angles, int[] offsets, float* y, int pairs, int columns, bool isBack, bool adds)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int token = offsets[index]; token < offsets[index + 1]; token++)
            {
                float* cosines = angles + ((nint)(token - offsets[index]) * 2 * pairs);
                for (int column = 0; column < columns; column += 2 * pairs)
                {
                    nint at = ((nint)token * columns) + column;
                    Head(x + at, cosines, cosines + pairs, y + at);
                }
            }
        }

        private void Head(float* x, float* cosines, float* sines, float* y)
        {
            float sign = isBack ? -1 : 1;
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= pairs - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> cosine = Vector.Load(cosines + i), sine = Vector.Load(sines + i) * sign;
                    Vector<float> a = Vector.Load(x + i), b = Vector.Load(x + i + pairs);
                    Vector<float> left = (a * cosine) - (b * sine), right = (b * cosine) + (a * sine);
                    (adds ? left + Vector.Load(y + i) : left).Store(y + i);
                    (adds ? right + Vector.Load(y + i + pairs) : right).Store(y + i + pairs);
                }
            }

            for (; i < pairs; i++)
            {
                (float cosine, float sine) = (cosines[i], sines[i] * sign);
                (float left, float right) = ((x[i] * cosine) - (x[i + pairs] * sine), (x[i + pairs] * cosine) + (x[i] * sine));
                y[i] = adds ? y[i] + left : left;
                y[i + pairs] = adds ? y[i + pairs] + right : right;
            }
        }
    }
}
