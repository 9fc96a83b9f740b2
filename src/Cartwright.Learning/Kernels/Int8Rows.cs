using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>How whole numbers lie in memory for a processor's integer products.</summary>
internal enum Int8Layout
{
    /// <summary>A signed byte each.</summary>
    Bytes,

    /// <summary>An unsigned byte each, 128 more than the number.</summary>
    OffsetBytes,

    /// <summary>16 bits each.</summary>
    Shorts,
}

/// <summary>Turns rows of floats into whole numbers from -127 to 127 and a scale.</summary>
internal static unsafe class Int8Rows
{
    public const int Offset = 128;

    /// <summary>Turns four signed bytes into the unsigned ones that are 128 more.</summary>
    private const int FourOffsets = unchecked((int)0x8080_8080);

    /// <summary>Bytes of a row of <paramref name="steps"/> times four numbers.</summary>
    public static nint RowSize(int steps, Int8Layout layout) =>
        (nint)steps * Int8Matrix.ColumnsInStep * NumberSize(layout);

    /// <summary>Bytes of a number.</summary>
    public static int NumberSize(Int8Layout layout) => layout == Int8Layout.Shorts ? sizeof(short) : 1;

    /// <summary>to[i] = round(x[i] / scale), half to even, with zeros up to a whole step.</summary>
    /// <param name="scale">What 1 stands for; 0 or less takes the row's largest magnitude / 127.</param>
    /// <returns>The scale taken.</returns>
    public static float Quantize(float* x, int count, float scale, int steps, Int8Layout layout, byte* to)
    {
        if (scale <= 0)
        {
            scale = LargestMagnitude(x, count) / Int8Matrix.Largest;
        }

        float inverse = scale == 0 ? 0 : 1 / scale;
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (int width = Vector<sbyte>.Count; i <= count - width; i += width)
            {
                QuantizeVector(x + i, inverse, layout, to + (layout == Int8Layout.Shorts ? 2 * i : i));
            }
        }

        for (; i < steps * Int8Matrix.ColumnsInStep; i++)
        {
            int whole = i < count ? Whole(x[i], inverse) : 0;
            switch (layout)
            {
                case Int8Layout.Shorts:
                    ((short*)to)[i] = (short)whole;
                    break;
                case Int8Layout.OffsetBytes:
                    to[i] = (byte)(whole + Offset);
                    break;
                default:
                    ((sbyte*)to)[i] = (sbyte)whole;
                    break;
            }
        }

        return scale;
    }

    /// <summary>The largest magnitude, 0 where there is no number; NaN where one of them is.</summary>
    public static float LargestMagnitude(float* x, int count)
    {
        // Magnitudes come in the order of their bits, and those of NaN above all.
        const int MagnitudeBits = int.MaxValue;
        int i = 0;
        int largest = 0;
        if (Vector.IsHardwareAccelerated && count >= Vector<int>.Count)
        {
            var mask = new Vector<int>(MagnitudeBits);
            Vector<int> all = Vector<int>.Zero;
            for (; i <= count - Vector<int>.Count; i += Vector<int>.Count)
            {
                all = Vector.Max(all, Vector.Load((int*)x + i) & mask);
            }

            for (int lane = 0; lane < Vector<int>.Count; lane++)
            {
                largest = Math.Max(largest, all[lane]);
            }
        }

        for (; i < count; i++)
        {
            largest = Math.Max(largest, ((int*)x)[i] & MagnitudeBits);
        }

        return BitConverter.Int32BitsToSingle(largest);
    }

    /// <summary>Rows of up to four channels, <paramref name="stride"/> apart, of which each place's numbers come to lie side by side.</summary>
    /// <param name="channels">1 to 4; what is missing to 4 is written as 0.</param>
    /// <param name="to">The first place, the others <paramref name="placeSize"/> bytes apart.</param>
    public static void QuantizeSideBySide(
        float* x, nint stride, int channels, int count, float scale, Int8Layout layout, byte* to, int placeSize)
    {
        float inverse = scale == 0 ? 0 : 1 / scale;
        int width = Vector<int>.Count;
        if (!Vector.IsHardwareAccelerated || count < width)
        {
            for (int i = 0; i < count; i++)
            {
                Write(
                    Whole(x[i], inverse),
                    channels > 1 ? Whole(x[i + stride], inverse) : 0,
                    channels > 2 ? Whole(x[i + (2 * stride)], inverse) : 0,
                    channels > 3 ? Whole(x[i + (3 * stride)], inverse) : 0,
                    layout,
                    to + ((nint)i * placeSize));
            }

            return;
        }

        int* first = stackalloc int[width];
        int* second = stackalloc int[width];
        for (int next = 0; next < count; next += width)
        {
            int i = Math.Min(next, count - width);              // the last vector overlaps the one before
            Vector<int> w0 = Wholes(x + i, inverse);
            Vector<int> w1 = channels > 1 ? Wholes(x + i + stride, inverse) : Vector<int>.Zero;
            Vector<int> w2 = channels > 2 ? Wholes(x + i + (2 * stride), inverse) : Vector<int>.Zero;
            Vector<int> w3 = channels > 3 ? Wholes(x + i + (3 * stride), inverse) : Vector<int>.Zero;
            byte* place = to + ((nint)i * placeSize);
            if (layout == Int8Layout.Shorts)
            {
                Vector<int> w01 = (w0 & new Vector<int>(0xFFFF)) | (w1 << 16);
                Vector<int> w23 = (w2 & new Vector<int>(0xFFFF)) | (w3 << 16);
                if (Avx2.IsSupported && width == Vector256<int>.Count)
                {
                    StoreEight(w01.AsVector256(), w23.AsVector256(), place, placeSize);
                    continue;
                }

                w01.Store(first);
                w23.Store(second);
                for (int j = 0; j < width; j++, place += placeSize)
                {
                    ((int*)place)[0] = first[j];
                    ((int*)place)[1] = second[j];
                }

                continue;
            }

            var lowest = new Vector<int>(0xFF);
            Vector<int> four = (w0 & lowest) | ((w1 & lowest) << 8) | ((w2 & lowest) << 16) | (w3 << 24);
            (layout == Int8Layout.OffsetBytes ? four ^ new Vector<int>(FourOffsets) : four).Store(first);
            for (int j = 0; j < width; j++, place += placeSize)
            {
                *(int*)place = first[j];
            }
        }
    }

    // From registers to places at once: through memory, numbers of 4 bytes wait for the vectors that were just written.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreEight(Vector256<int> w01, Vector256<int> w23, byte* place, nint placeSize)
    {
        Vector256<long> low = Avx2.UnpackLow(w01, w23).AsInt64();
        Vector256<long> high = Avx2.UnpackHigh(w01, w23).AsInt64();
        *(long*)place = low.GetElement(0);
        *(long*)(place + placeSize) = low.GetElement(1);
        *(long*)(place + (2 * placeSize)) = high.GetElement(0);
        *(long*)(place + (3 * placeSize)) = high.GetElement(1);
        place += 4 * placeSize;
        *(long*)place = low.GetElement(2);
        *(long*)(place + placeSize) = low.GetElement(3);
        *(long*)(place + (2 * placeSize)) = high.GetElement(2);
        *(long*)(place + (3 * placeSize)) = high.GetElement(3);
    }

    /// <summary>The definition. What is no number becomes 0, as with vectors.</summary>
    public static int Whole(float x, float inverseScale) =>
        float.ConvertToInteger<int>(MathF.Min(MathF.Max(MathF.Round(x * inverseScale), -Int8Matrix.Largest), Int8Matrix.Largest));

    // The definition.
    private static void Write(int w0, int w1, int w2, int w3, Int8Layout layout, byte* to)
    {
        ReadOnlySpan<int> wholes = [w0, w1, w2, w3];
        for (int i = 0; i < wholes.Length; i++)
        {
            switch (layout)
            {
                case Int8Layout.Shorts:
                    ((short*)to)[i] = (short)wholes[i];
                    break;
                case Int8Layout.OffsetBytes:
                    to[i] = (byte)(wholes[i] + Offset);
                    break;
                default:
                    ((sbyte*)to)[i] = (sbyte)wholes[i];
                    break;
            }
        }
    }

    private static void QuantizeVector(float* x, float inverse, Int8Layout layout, byte* to)
    {
        int width = Vector<float>.Count;
        Vector<short> low = Vector.Narrow(Wholes(x, inverse), Wholes(x + width, inverse));
        Vector<short> high = Vector.Narrow(Wholes(x + (2 * width), inverse), Wholes(x + (3 * width), inverse));
        if (layout == Int8Layout.Shorts)
        {
            low.Store((short*)to);
            high.Store((short*)to + Vector<short>.Count);
            return;
        }

        Vector<sbyte> bytes = Vector.Narrow(low, high);
        (layout == Int8Layout.OffsetBytes ? bytes ^ new Vector<sbyte>(sbyte.MinValue) : bytes).Store((sbyte*)to);
    }

    private static Vector<int> Wholes(float* x, float inverse)
    {
        // NaN becomes 0 first; then the processor's own orders do, in place of several each.
        Vector<float> value = Vector.Load(x) * inverse;
        value = Vector.ConditionalSelect(Vector.Equals(value, value), value, Vector<float>.Zero);
        value = Vector.MaxNative(Vector.MinNative(value, new Vector<float>(Int8Matrix.Largest)), new Vector<float>(-Int8Matrix.Largest));
        return Vector.ConvertToInt32Native(Vector.Round(value));
    }
}
