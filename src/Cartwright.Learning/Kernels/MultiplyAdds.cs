namespace Cartwright.Learning.Kernels;

/// <summary>Counts the multiply-adds of products on a thread: what a model costs, whoever multiplies.</summary>
/// <remarks>Kernels of products count at their door, on the calling thread. Work that is linear in what it reads is not counted.</remarks>
internal static class MultiplyAdds
{
    [ThreadStatic]
    private static long _count;

    /// <summary>Of this thread, since it began.</summary>
    public static long SoFar => _count;

    public static void Count(long multiplyAdds) => _count += multiplyAdds;
}
