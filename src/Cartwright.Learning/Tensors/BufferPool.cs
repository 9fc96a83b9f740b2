namespace Cartwright.Learning.Tensors;

/// <summary>Float arrays that are used again from one step to the next.</summary>
/// <remarks>
/// Sizes are rounded up to a quarter of a power of two, so at most a fifth of a buffer is unused. The pool keeps at most
/// <see cref="MaxRetainedBytes"/>; what comes back beyond that is left to the garbage collector.
/// </remarks>
public static class BufferPool
{
    private const int SmallestLength = 64;
    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, Stack<float[]>> Free = [];
    private static long _retainedBytes;

    /// <summary>Upper bound of what the pool keeps, in bytes; 2 GiB unless set.</summary>
    public static long MaxRetainedBytes { get; set; } = 2L << 30;

    /// <summary>What the pool keeps now, in bytes, buffers in use not counted.</summary>
    public static long RetainedBytes => Interlocked.Read(ref _retainedBytes);

    /// <returns>At least <paramref name="length"/> floats of unknown content.</returns>
    internal static float[] Rent(int length)
    {
        int size = RoundUp(length);
        lock (Gate)
        {
            if (Free.TryGetValue(size, out Stack<float[]>? stack) && stack.TryPop(out float[]? buffer))
            {
                _retainedBytes -= size * (long)sizeof(float);
                return buffer;
            }
        }

        return GC.AllocateUninitializedArray<float>(size);
    }

    internal static void Return(float[] buffer)
    {
        long bytes = buffer.Length * (long)sizeof(float);
        lock (Gate)
        {
            if (_retainedBytes + bytes > MaxRetainedBytes)
            {
                return;
            }

            if (!Free.TryGetValue(buffer.Length, out Stack<float[]>? stack))
            {
                Free[buffer.Length] = stack = new Stack<float[]>();
            }

            stack.Push(buffer);
            _retainedBytes += bytes;
        }
    }

    /// <summary>The next of ..., 64, 80, 96, 112, 128, 160, 192, ...</summary>
    internal static int RoundUp(int length)
    {
        if (length <= SmallestLength)
        {
            return SmallestLength;
        }

        int quarter = 1 << (int.Log2(length - 1) - 2);
        return (int)Math.Min((length + (long)quarter - 1) / quarter * quarter, Array.MaxLength);
    }
}
