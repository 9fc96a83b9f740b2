namespace Cartwright.Learning.Kernels;

/// <summary>The taps that a correlation looks through: their places in the kernel, and what each adds to a place of the copy.</summary>
internal sealed class TapOffsets
{
    public TapOffsets(in PaddedPlanes planes, ConvAxis vertical, ConvAxis horizontal, int kernelWidth)
    {
        Places = new int[vertical.Taps.Length * horizontal.Taps.Length];
        Offsets = new int[Places.Length];
        for (int i = 0; i < Places.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, horizontal.Taps.Length);
            Places[i] = (vertical.Taps[y] * kernelWidth) + horizontal.Taps[x];
            Offsets[i] = planes.TapOffset(vertical.Shifts[y], horizontal.Shifts[x]);
        }
    }

    public int Count => Places.Length;

    public int[] Places { get; }

    public int[] Offsets { get; }
}
