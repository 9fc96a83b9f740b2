using System.Numerics;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>The fast Fourier transform of a fixed length. Cooley and Tukey, "An Algorithm for the Machine Calculation of Complex Fourier Series", 1965.</summary>
/// <param name="size">A power of two.</param>
internal sealed class FourierTransform(int size)
{
    private readonly int[] _places = [.. Enumerable.Range(0, size).Select(i => Reversed(i, BitOperations.Log2((uint)size)))];
    private readonly Complex32[] _turns = [.. Enumerable.Range(0, size / 2).Select(i => Complex32.Turn(-2 * Math.PI * i / size))];

    public int Size => size;

    /// <summary>Power of two real signals at once: one is the real part, the other the imaginary part, and symmetry takes them apart.</summary>
    /// <param name="first">[size]</param>
    /// <param name="second">[size]</param>
    /// <param name="powers">|X|² of the first at frequencies 0 to size / 2: [size / 2 + 1].</param>
    /// <param name="others">The same of the second.</param>
    public void Powers(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> powers, Span<float> others)
    {
        Span<Complex32> x = stackalloc Complex32[size];
        for (int i = 0; i < size; i++)
        {
            x[_places[i]] = new Complex32(first[i], second[i]);
        }

        for (int half = 1; half < size; half *= 2)
        {
            int stride = size / (2 * half);
            for (int start = 0; start < size; start += 2 * half)
            {
                for (int i = 0; i < half; i++)
                {
                    Complex32 turned = x[start + half + i].Times(_turns[i * stride]);
                    Complex32 kept = x[start + i];
                    x[start + i] = new Complex32(kept.Real + turned.Real, kept.Imaginary + turned.Imaginary);
                    x[start + half + i] = new Complex32(kept.Real - turned.Real, kept.Imaginary - turned.Imaginary);
                }
            }
        }

        for (int i = 0; i <= size / 2; i++)
        {
            (Complex32 a, Complex32 b) = (x[i], x[(size - i) % size]);
            (float real, float imaginary) = ((a.Real + b.Real) / 2, (a.Imaginary - b.Imaginary) / 2);
            powers[i] = (real * real) + (imaginary * imaginary);
            (real, imaginary) = ((a.Imaginary + b.Imaginary) / 2, (b.Real - a.Real) / 2);
            others[i] = (real * real) + (imaginary * imaginary);
        }
    }

    private static int Reversed(int number, int bits)
    {
        int reversed = 0;
        for (int i = 0; i < bits; i++)
        {
            reversed = (reversed << 1) | ((number >> i) & 1);
        }

        return reversed;
    }

    private readonly record struct Complex32(float Real, float Imaginary)
    {
        public static Complex32 Turn(double angle) => new((float)Math.Cos(angle), (float)Math.Sin(angle));

        public Complex32 Times(Complex32 y) => new((Real * y.Real) - (Imaginary * y.Imaginary), (Real * y.Imaginary) + (Imaginary * y.Real));
    }
}
