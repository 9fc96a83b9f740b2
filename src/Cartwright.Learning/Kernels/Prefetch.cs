using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>Asks memory for a row of a table ahead of its turn: rows by id lie anywhere, so the processor can't guess them.</summary>
internal static unsafe class Prefetch
{
    /// <summary>How many rows ahead pays: about what memory can fetch at once.</summary>
    public const int RowsAhead = 4;

    private const int NumbersPerLine = 64 / sizeof(float);

    /// <summary>Does nothing where the processor has no such order; .NET knows it on x86 only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* row, int columns)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < columns; i += NumbersPerLine)
            {
                Sse.Prefetch0(row + i);
            }
        }
    }
}
