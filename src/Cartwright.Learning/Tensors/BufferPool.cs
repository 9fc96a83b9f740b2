namespace Cartwright.Learning.Tensors;

/// <summary>Float arrays that are used again from one step to the next.</summary>
/// <remarks>
/// The numbers of a buffer begin at a line of the caches (<see cref="CacheLines"/>): vectors across two lines took up to a third longer.
/// Sizes are rounded up to a quarter of a power of two, so at most a fifth of a buffer is unused. The pool keeps at most
/// <see cref="MaxRetainedBytes"/>; what comes back beyond that is left to the garbage collector.
/// </remarks>
public static class BufferPool
{
    private const int SmallestLength = 64;
    private const int SizesPerPower = 4;
    private static readonly int LargestLength = Array.MaxLength - CacheLines.Padding;
    private static readonly Lock Gate = new();
    private static readonly Stack<float[]>?[] Free = new Stack<float[]>?[SizesPerPower * 32];
    private static long _retainedBytes;

    /// <summary>Upper bound of what the pool keeps, in bytes; 2 GiB unless set.</summary>
    public static long MaxRetainedBytes { get; set; } = 2L << 30;

    /// <summary>What the pool keeps now, in bytes, buffers in use not counted.</summary>
    public static long RetainedBytes => Interlocked.Read(ref _retainedBytes);

    /// <returns>At least <paramref name="length"/> floats of unknown content, from <see cref="CacheLines.Start"/> on.</returns>
    internal static float[] Rent(int length)
    {
        int size = RoundUp(length);
        lock (Gate)
        {
            if (Free[Index(size)] is { } stack && stack.TryPop(out float[]? buffer))
            {
                _retainedBytes -= size * (long)sizeof(float);
                return buffer;
            }
        }

        return CacheLines.Allocate(size);
    }

    internal static void Return(float[] buffer)
    {
        int size = buffer.Length - CacheLines.Padding;
        long bytes = size * (long)sizeof(float);
        lock (Gate)
        {
            if (_retainedBytes + bytes <= MaxRetainedBytes)
            {
                (Free[Index(size)] ??= new Stack<float[]>()).Push(buffer);
                _retainedBytes += bytes;
            }
        }
    }

    // Sizes are quarters of a power of two, so the two bits below the first tell them apart; all but the largest.
    private static int Index(int size)
    {
        if (size == LargestLength)
        {
            return Free.Length - 1;
        }

        int power = int.Log2(size);
        return (power * SizesPerPower) + ((size >> (power - 2)) & (SizesPerPower - 1));
    }

    /// <summary>The next of ..., 64, 80, 96, 112, 128, 160, 192, ...</summary>
    internal static int RoundUp(int length)
    {
        if (length <= SmallestLength)
        {
            return SmallestLength;
        }

        int quarter = 1 << (int.Log2(length - 1) - 2);
        return (int)Math.Min((length + (long)quarter - 1) / quarter * quarter, LargestLength);
    }
}
