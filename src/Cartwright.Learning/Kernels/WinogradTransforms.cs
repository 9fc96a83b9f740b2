using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>The transforms of F(2 × 2, 3 × 3) on one tile: 16 sums or differences in place of 16 numbers, for all channels side by side.</summary>
/// <remarks>
/// Along one axis, with four places d of the input, three weights g and two places y of the output:
/// input v = (d0 − d2, d1 + d2, d2 − d1, d3 − d1), weights u = (g0, (g0 + g1 + g2) / 2, (g0 − g1 + g2) / 2, g2) and
/// output y = (m0 + m1 + m2, m1 − m2 + m3) of the products m = u · v. Gradients go through the transposes of these.
/// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, section 4.1, with the sign of v3 and m3
/// turned. Channels are whole vectors.
/// </remarks>
internal static unsafe class WinogradTransforms
{
    /// <summary>Numbers of a tile in the space where the products are.</summary>
    public const int Positions = 16;

    /// <param name="from">The first of 4 by 4 places, its channels side by side.</param>
    /// <param name="line">Numbers from one line of places to the next.</param>
    /// <param name="to">Where position 0 of the tile goes.</param>
    /// <param name="position">Numbers from one position to the next.</param>
    public static void Input<T>(T* from, nint line, int channels, T* to, nint position)
        where T : unmanaged
    {
        for (int c = 0; c < channels; c += Vector<T>.Count)
        {
            T* d0 = from + c;
            T* d1 = d0 + line;
            T* d2 = d1 + line;
            T* d3 = d2 + line;
            T* v = to + c;
            InputLine(
                Difference(d0, d2, 0), Difference(d0, d2, channels), Difference(d0, d2, 2 * channels), Difference(d0, d2, 3 * channels), v, position);
            InputLine(
                Sum(d1, d2, 0), Sum(d1, d2, channels), Sum(d1, d2, 2 * channels), Sum(d1, d2, 3 * channels), v + (4 * position), position);
            InputLine(
                Difference(d2, d1, 0), Difference(d2, d1, channels), Difference(d2, d1, 2 * channels), Difference(d2, d1, 3 * channels),
                v + (8 * position), position);
            InputLine(
                Difference(d3, d1, 0), Difference(d3, d1, channels), Difference(d3, d1, 2 * channels), Difference(d3, d1, 3 * channels),
                v + (12 * position), position);
        }
    }

    /// <summary>The transpose of <see cref="Input{T}"/>, added to the 4 by 4 places.</summary>
    public static void AddInputGradient(float* from, nint position, int channels, float* to, nint line)
    {
        for (int c = 0; c < channels; c += Vector<float>.Count)
        {
            float* v = from + c;
            float* d = to + c;
            InputGradientOfColumn(v, position, out Vector<float> a0, out Vector<float> a1, out Vector<float> a2, out Vector<float> a3);
            InputGradientOfColumn(v + position, position, out Vector<float> b0, out Vector<float> b1, out Vector<float> b2, out Vector<float> b3);
            InputGradientOfColumn(v + (2 * position), position, out Vector<float> c0, out Vector<float> c1, out Vector<float> c2, out Vector<float> c3);
            InputGradientOfColumn(v + (3 * position), position, out Vector<float> d0, out Vector<float> d1, out Vector<float> d2, out Vector<float> d3);
            AddLine(a0, b0, c0, d0, d, channels);
            AddLine(a1, b1, c1, d1, d + line, channels);
            AddLine(a2, b2, c2, d2, d + (2 * line), channels);
            AddLine(a3, b3, c3, d3, d + (3 * line), channels);
        }
    }

    /// <param name="from">Position 0 of the tile.</param>
    /// <param name="end">What a sum becomes.</param>
    /// <param name="to">The first of 2 by 2 places.</param>
    /// <param name="line">Numbers from one line of places to the next.</param>
    /// <param name="isWhole">Whether the tile has a second column and a second line.</param>
    public static void Output<T, TEnd>(T* from, nint position, int channels, TEnd end, float* to, nint line, (bool Across, bool Down) isWhole)
        where T : unmanaged
        where TEnd : struct, IWinogradEnd<T>
    {
        for (int c = 0; c < channels; c += Vector<T>.Count)
        {
            T* m = from + c;
            float* y = to + c;
            OutputOfColumn(m, position, out Vector<T> a0, out Vector<T> a1);
            OutputOfColumn(m + position, position, out Vector<T> b0, out Vector<T> b1);
            OutputOfColumn(m + (2 * position), position, out Vector<T> c0, out Vector<T> c1);
            OutputOfColumn(m + (3 * position), position, out Vector<T> d0, out Vector<T> d1);
            end.Of(a0 + b0 + c0, c).Store(y);
            if (isWhole.Across)
            {
                end.Of(b0 - c0 + d0, c).Store(y + channels);
            }

            if (isWhole.Down)
            {
                end.Of(a1 + b1 + c1, c).Store(y + line);
                if (isWhole.Across)
                {
                    end.Of(b1 - c1 + d1, c).Store(y + line + channels);
                }
            }
        }
    }

    /// <summary>The transpose of <see cref="Output{T, TEnd}"/>.</summary>
    /// <param name="from">The first of 2 by 2 places.</param>
    public static void OutputGradient(float* from, nint line, int channels, float* to, nint position)
    {
        for (int c = 0; c < channels; c += Vector<float>.Count)
        {
            float* m = to + c;
            Vector<float> left = Vector.Load(from + c);
            Vector<float> right = Vector.Load(from + c + channels);
            Vector<float> leftBelow = Vector.Load(from + c + line);
            Vector<float> rightBelow = Vector.Load(from + c + line + channels);
            OutputGradientLine(left, right, m, position);
            OutputGradientLine(left + leftBelow, right + rightBelow, m + (4 * position), position);
            OutputGradientLine(left - leftBelow, right - rightBelow, m + (8 * position), position);
            OutputGradientLine(leftBelow, rightBelow, m + (12 * position), position);
        }
    }

    /// <param name="from">The 9 weights of an input channel, those of all output channels side by side.</param>
    public static void Weights(float* from, int channels, float* to, nint position)
    {
        for (int c = 0; c < channels; c += Vector<float>.Count)
        {
            float* g = from + c;
            float* u = to + c;
            nint line = 3 * (nint)channels;
            WeightsOfColumn(g, line, out Vector<float> a0, out Vector<float> a1, out Vector<float> a2, out Vector<float> a3);
            WeightsOfColumn(g + channels, line, out Vector<float> b0, out Vector<float> b1, out Vector<float> b2, out Vector<float> b3);
            WeightsOfColumn(g + (2 * channels), line, out Vector<float> c0, out Vector<float> c1, out Vector<float> c2, out Vector<float> c3);
            WeightsLine(a0, b0, c0, u, position);
            WeightsLine(a1, b1, c1, u + (4 * position), position);
            WeightsLine(a2, b2, c2, u + (8 * position), position);
            WeightsLine(a3, b3, c3, u + (12 * position), position);
        }
    }

    /// <summary>Four times what <see cref="Weights"/> writes, which for whole weights is whole.</summary>
    public static void WholeWeights(short* from, int channels, short* to, nint position)
    {
        for (int c = 0; c < channels; c += Vector<short>.Count)
        {
            short* g = from + c;
            short* u = to + c;
            nint line = 3 * (nint)channels;
            WholeWeightsOfColumn(g, line, out Vector<short> a0, out Vector<short> a1, out Vector<short> a2, out Vector<short> a3);
            WholeWeightsOfColumn(g + channels, line, out Vector<short> b0, out Vector<short> b1, out Vector<short> b2, out Vector<short> b3);
            WholeWeightsOfColumn(g + (2 * channels), line, out Vector<short> c0, out Vector<short> c1, out Vector<short> c2, out Vector<short> c3);
            WholeWeightsLine(a0, b0, c0, u, position);
            WholeWeightsLine(a1, b1, c1, u + (4 * position), position);
            WholeWeightsLine(a2, b2, c2, u + (8 * position), position);
            WholeWeightsLine(a3, b3, c3, u + (12 * position), position);
        }
    }

    /// <summary>The transpose of <see cref="Weights"/>.</summary>
    public static void WeightsGradient(float* from, nint position, int channels, float* to)
    {
        for (int c = 0; c < channels; c += Vector<float>.Count)
        {
            float* u = from + c;
            float* g = to + c;
            WeightsGradientOfColumn(u, position, out Vector<float> a0, out Vector<float> a1, out Vector<float> a2);
            WeightsGradientOfColumn(u + position, position, out Vector<float> b0, out Vector<float> b1, out Vector<float> b2);
            WeightsGradientOfColumn(u + (2 * position), position, out Vector<float> c0, out Vector<float> c1, out Vector<float> c2);
            WeightsGradientOfColumn(u + (3 * position), position, out Vector<float> d0, out Vector<float> d1, out Vector<float> d2);
            WeightsGradientLine(a0, b0, c0, d0, g, channels);
            WeightsGradientLine(a1, b1, c1, d1, g + (3 * channels), channels);
            WeightsGradientLine(a2, b2, c2, d2, g + (6 * channels), channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Sum<T>(T* x, T* y, nint at)
        where T : unmanaged => Vector.Load(x + at) + Vector.Load(y + at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Difference<T>(T* x, T* y, nint at)
        where T : unmanaged => Vector.Load(x + at) - Vector.Load(y + at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine<T>(Vector<T> d0, Vector<T> d1, Vector<T> d2, Vector<T> d3, T* to, nint position)
        where T : unmanaged
    {
        (d0 - d2).Store(to);
        (d1 + d2).Store(to + position);
        (d2 - d1).Store(to + (2 * position));
        (d3 - d1).Store(to + (3 * position));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputGradientOfColumn(
        float* from, nint position, out Vector<float> d0, out Vector<float> d1, out Vector<float> d2, out Vector<float> d3)
    {
        d0 = Vector.Load(from);
        Vector<float> v1 = Vector.Load(from + (4 * position));
        Vector<float> v2 = Vector.Load(from + (8 * position));
        d3 = Vector.Load(from + (12 * position));
        d1 = v1 - v2 - d3;
        d2 = v1 + v2 - d0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLine(Vector<float> v0, Vector<float> v1, Vector<float> v2, Vector<float> v3, float* to, nint place)
    {
        (Vector.Load(to) + v0).Store(to);
        (Vector.Load(to + place) + (v1 - v2 - v3)).Store(to + place);
        (Vector.Load(to + (2 * place)) + (v1 + v2 - v0)).Store(to + (2 * place));
        (Vector.Load(to + (3 * place)) + v3).Store(to + (3 * place));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputOfColumn<T>(T* from, nint position, out Vector<T> y0, out Vector<T> y1)
        where T : unmanaged
    {
        Vector<T> m1 = Vector.Load(from + (4 * position));
        Vector<T> m2 = Vector.Load(from + (8 * position));
        y0 = Vector.Load(from) + m1 + m2;
        y1 = m1 - m2 + Vector.Load(from + (12 * position));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputGradientLine(Vector<float> y0, Vector<float> y1, float* to, nint position)
    {
        y0.Store(to);
        (y0 + y1).Store(to + position);
        (y0 - y1).Store(to + (2 * position));
        y1.Store(to + (3 * position));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightsOfColumn(
        float* from, nint line, out Vector<float> u0, out Vector<float> u1, out Vector<float> u2, out Vector<float> u3)
    {
        u0 = Vector.Load(from);
        Vector<float> g1 = Vector.Load(from + line);
        u3 = Vector.Load(from + (2 * line));
        u1 = (u0 + g1 + u3) * 0.5f;
        u2 = (u0 - g1 + u3) * 0.5f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightsLine(Vector<float> g0, Vector<float> g1, Vector<float> g2, float* to, nint position)
    {
        g0.Store(to);
        ((g0 + g1 + g2) * 0.5f).Store(to + position);
        ((g0 - g1 + g2) * 0.5f).Store(to + (2 * position));
        g2.Store(to + (3 * position));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WholeWeightsOfColumn(
        short* from, nint line, out Vector<short> u0, out Vector<short> u1, out Vector<short> u2, out Vector<short> u3)
    {
        Vector<short> g0 = Vector.Load(from);
        Vector<short> g1 = Vector.Load(from + line);
        Vector<short> g2 = Vector.Load(from + (2 * line));
        u0 = g0 + g0;
        u1 = g0 + g1 + g2;
        u2 = g0 - g1 + g2;
        u3 = g2 + g2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WholeWeightsLine(Vector<short> g0, Vector<short> g1, Vector<short> g2, short* to, nint position)
    {
        (g0 + g0).Store(to);
        (g0 + g1 + g2).Store(to + position);
        (g0 - g1 + g2).Store(to + (2 * position));
        (g2 + g2).Store(to + (3 * position));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightsGradientOfColumn(float* from, nint position, out Vector<float> g0, out Vector<float> g1, out Vector<float> g2)
    {
        Vector<float> u1 = Vector.Load(from + (4 * position));
        Vector<float> u2 = Vector.Load(from + (8 * position));
        Vector<float> half = (u1 + u2) * 0.5f;
        g0 = Vector.Load(from) + half;
        g1 = (u1 - u2) * 0.5f;
        g2 = half + Vector.Load(from + (12 * position));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightsGradientLine(Vector<float> u0, Vector<float> u1, Vector<float> u2, Vector<float> u3, float* to, nint place)
    {
        Vector<float> half = (u1 + u2) * 0.5f;
        (u0 + half).Store(to);
        ((u1 - u2) * 0.5f).Store(to + place);
        (half + u3).Store(to + (2 * place));
    }
}
