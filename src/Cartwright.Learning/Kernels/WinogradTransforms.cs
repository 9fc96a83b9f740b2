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
    public static void Input(float* from, nint line, int channels, float* to, nint position)
    {
        for (int c = 0; c < channels; c += Vector<float>.Count)
        {
            float* d0 = from + c;
            float* d1 = d0 + line;
            float* d2 = d1 + line;
            float* d3 = d2 + line;
            float* v = to + c;
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

    /// <summary>The transpose of <see cref="Input"/>, added to the 4 by 4 places.</summary>
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
    /// <param name="bias">A number for each channel, or null.</param>
    /// <param name="rectifies">Writes max(0, y).</param>
    /// <param name="to">The first of 2 by 2 places.</param>
    /// <param name="line">Numbers from one line of places to the next.</param>
    /// <param name="isWhole">Whether the tile has a second column and a second line.</param>
    public static void Output(
        float* from, nint position, int channels, float* bias, bool rectifies, float* to, nint line, (bool Across, bool Down) isWhole)
    {
        for (int c = 0; c < channels; c += Vector<float>.Count)
        {
            float* m = from + c;
            float* y = to + c;
            OutputOfColumn(m, position, out Vector<float> a0, out Vector<float> a1);
            OutputOfColumn(m + position, position, out Vector<float> b0, out Vector<float> b1);
            OutputOfColumn(m + (2 * position), position, out Vector<float> c0, out Vector<float> c1);
            OutputOfColumn(m + (3 * position), position, out Vector<float> d0, out Vector<float> d1);
            Vector<float> plus = bias == null ? Vector<float>.Zero : Vector.Load(bias + c);
            Rectified(a0 + b0 + c0 + plus, rectifies).Store(y);
            if (isWhole.Across)
            {
                Rectified(b0 - c0 + d0 + plus, rectifies).Store(y + channels);
            }

            if (isWhole.Down)
            {
                Rectified(a1 + b1 + c1 + plus, rectifies).Store(y + line);
                if (isWhole.Across)
                {
                    Rectified(b1 - c1 + d1 + plus, rectifies).Store(y + line + channels);
                }
            }
        }
    }

    /// <summary>The transpose of <see cref="Output"/>.</summary>
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
    private static Vector<float> Sum(float* x, float* y, nint at) => Vector.Load(x + at) + Vector.Load(y + at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Difference(float* x, float* y, nint at) => Vector.Load(x + at) - Vector.Load(y + at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Rectified(Vector<float> x, bool rectifies) =>
        rectifies ? Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x) : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine(Vector<float> d0, Vector<float> d1, Vector<float> d2, Vector<float> d3, float* to, nint position)
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
    private static void OutputOfColumn(float* from, nint position, out Vector<float> y0, out Vector<float> y1)
    {
        Vector<float> m1 = Vector.Load(from + (4 * position));
        Vector<float> m2 = Vector.Load(from + (8 * position));
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
