using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>Transforms the 8-bit weights of a 3 by 3 convolution for <see cref="Int8WinogradTile"/>.</summary>
internal static unsafe class Int8WinogradWeights
{
    private const int Taps = 9;

    /// <summary>Numbers of a step: a pair of channels for each column of the tile.</summary>
    private const int StepSize = 2 * Int8WinogradTile.Columns;

    /// <summary>Valid until the calling thread makes others.</summary>
    /// <param name="weights">As <see cref="Int8Convolution.Pack"/> makes them; whole tiles of outputs.</param>
    /// <returns>[16, outputs / 32, channels / 2, 32, 2], each number 4 times what the transform of floats has.</returns>
    public static short* Transform(Int8Matrix weights)
    {
        int channels = weights.Columns / Taps;
        nint matrixSize = (nint)channels * weights.Rows;
        short* transformed = (short*)Scratch.Take(Scratch.Use.ConvWeights, WinogradTransforms.Positions * matrixSize / 2);
        short* taps = stackalloc short[Taps * 2 * StepSize];
        short* to = transformed;
        for (int panel = 0; panel < weights.Panels; panel += 2)
        {
            for (int channel = 0; channel < channels; channel += Int8Matrix.ColumnsInStep, to += 2 * StepSize)
            {
                for (int tap = 0; tap < Taps; tap++)
                {
                    nint step = (((nint)tap * channels) + channel) * Int8Matrix.RowsInPanel;
                    short* ofTap = taps + (tap * 2 * StepSize);
                    Pair(weights.Panel(panel) + step, ofTap);
                    Pair(weights.Panel(panel + 1) + step, ofTap + (StepSize / 2));
                }

                WinogradTransforms.WholeWeights(taps, 2 * StepSize, to, matrixSize);
            }
        }

        return transformed;
    }

    // 16 columns of 4 numbers: the first two of each column, then, a step on, the other two.
    private static void Pair(sbyte* from, short* to)
    {
        for (int half = 0; half < 2; half++, from += 32, to += 16)
        {
            Vector256<float> low = Avx2.ConvertToVector256Int16(from).AsSingle();
            Vector256<float> high = Avx2.ConvertToVector256Int16(from + 16).AsSingle();
            InOrder(Avx.Shuffle(low, high, 0b10_00_10_00)).Store(to);
            InOrder(Avx.Shuffle(low, high, 0b11_01_11_01)).Store(to + StepSize);
        }
    }

    // A shuffle works in each half of a vector: columns 0, 1, 4, 5 come with 2, 3, 6, 7 behind them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> InOrder(Vector256<float> pairs) => Avx2.Permute4x64(pairs.AsInt64(), 0b11_01_10_00).AsInt16();
}
