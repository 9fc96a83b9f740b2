using Cartwright.Learning.Kernels;

namespace Cartwright.Learning;

/// <summary>How much of the machine the kernels take.</summary>
public static class Compute
{
    private static int _threadCount = Environment.ProcessorCount;

    [ThreadStatic]
    private static int _confinements;

    /// <summary>
    /// Threads that share the work of one kernel, the calling one among them; at least 1. By default one per
    /// processor. Results have the same bits for every value.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    /// <remarks>
    /// The other threads live in the background for the life of the process and sleep when there is nothing to do.
    /// They serve one caller at a time: a call that finds them taken does its work alone.
    /// </remarks>
    public static int ThreadCount
    {
        get => Volatile.Read(ref _threadCount);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Volatile.Write(ref _threadCount, value);
        }
    }

    /// <summary>Until it is disposed, kernels called on this thread work on this thread alone.</summary>
    /// <remarks>
    /// For answering many small questions at once: there each question has a thread already, and sharing one's work only
    /// makes the others wait. Results have the same bits with and without it.
    /// </remarks>
    public static Confinement OnThisThread()
    {
        _confinements++;
        return new Confinement(hasBegun: true);
    }

    internal static bool IsConfined => _confinements > 0;

    /// <summary>What <see cref="OnThisThread"/> gives; dispose it on the same thread.</summary>
    public readonly ref struct Confinement
    {
        private readonly bool _hasBegun;

        internal Confinement(bool hasBegun) => _hasBegun = hasBegun;

        public void Dispose() => _confinements -= _hasBegun ? 1 : 0;
    }
}
