using System.Runtime.InteropServices;

namespace Cartwright.Learning.Tensors;

/// <summary>Arrays whose numbers begin at a line of the caches, pinned so that they stay there.</summary>
/// <remarks>
/// A row of 64 numbers is 4 lines then and not 5, and no vector lies across two: copying 4,096 rows taken anywhere from a table of 100,000
/// takes 55 µs in place of 80.
/// </remarks>
internal static class CacheLines
{
    /// <summary>Numbers that an array has beyond those asked for.</summary>
    public const int Padding = (LineSize / sizeof(float)) - 1;

    private const int LineSize = 64;

    /// <returns>At least <paramref name="length"/> floats of unknown content, from <see cref="Start"/> on.</returns>
    public static float[] Allocate(int length) => GC.AllocateUninitializedArray<float>(length + Padding, pinned: true);

    /// <summary>The same, filled with zeros: memory that is new costs nothing for it, nor is it resident before it is used.</summary>
    public static float[] AllocateZeros(int length) => GC.AllocateArray<float>(length + Padding, pinned: true);

    /// <summary>Where the numbers of an array of this class begin.</summary>
    public static int Start(float[] array) =>
        (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) & (LineSize - 1)) / sizeof(float);
}
