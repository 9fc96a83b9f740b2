using System.Numerics;
using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Kernels;

/// <summary>Copies of short runs of numbers. The last vector overlaps the one before, since rows of pictures are seldom whole vectors.</summary>
internal static unsafe class MaskedCopy
{
    public static void Copy(float* from, float* to, int count)
    {
        int width = Vector<float>.Count;
        if (Vector.IsHardwareAccelerated && count >= width)
        {
            for (int i = 0; i < count - width; i += width)
            {
                Vector.Load(from + i).Store(to + i);
            }

            Vector.Load(from + count - width).Store(to + count - width);
            return;
        }

        if (Vector128.IsHardwareAccelerated && count >= 4)
        {
            Vector128<float> last = Vector128.Load(from + count - 4);
            Vector128.Load(from).Store(to);
            last.Store(to + count - 4);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            to[i] = from[i];
        }
    }

    /// <summary>Writes to[i] = mask[i] > 0 ? from[i] : 0.</summary>
    public static void Copy(float* from, float* mask, float* to, int count)
    {
        int width = Vector<float>.Count;
        if (Vector.IsHardwareAccelerated && count >= width)
        {
            for (int i = 0; i < count - width; i += width)
            {
                Masked(Vector.Load(from + i), Vector.Load(mask + i)).Store(to + i);
            }

            Masked(Vector.Load(from + count - width), Vector.Load(mask + count - width)).Store(to + count - width);
            return;
        }

        if (Vector128.IsHardwareAccelerated && count >= 4)
        {
            int last = count - 4;
            Masked(Vector128.Load(from), Vector128.Load(mask)).Store(to);
            Masked(Vector128.Load(from + last), Vector128.Load(mask + last)).Store(to + last);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            to[i] = mask[i] > 0 ? from[i] : 0;
        }
    }

    private static Vector<float> Masked(Vector<float> numbers, Vector<float> mask) =>
        Vector.ConditionalSelect(Vector.GreaterThan(mask, Vector<float>.Zero), numbers, Vector<float>.Zero);

    private static Vector128<float> Masked(Vector128<float> numbers, Vector128<float> mask) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(mask, Vector128<float>.Zero), numbers, Vector128<float>.Zero);
}
