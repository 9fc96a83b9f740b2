using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>Where sequences of different lengths begin that lie one after the other: sequence s is rows offsets[s] up to offsets[s + 1].</summary>
internal static class SequenceOffsets
{
    /// <summary>The end of the last sequence. Every kernel that takes offsets asks for it first: what follows trusts each of them.</summary>
    /// <exception cref="ShapeException">They don't start at 0, or they fall.</exception>
    public static int TotalOf(ReadOnlySpan<int> offsets, [CallerArgumentExpression(nameof(offsets))] string name = "")
    {
        if (offsets.IsEmpty || offsets[0] != 0)
        {
            throw new ShapeException($"'{name}' starts with 0 and has one number more than there are sequences; found {(offsets.IsEmpty ? "none" : offsets[0])}.");
        }

        for (int s = 1; s < offsets.Length; s++)
        {
            if (offsets[s] < offsets[s - 1])
            {
                throw new ShapeException($"'{name}' falls from {offsets[s - 1]} to {offsets[s]} at position {s}; no sequence ends before it starts.");
            }
        }

        return offsets[^1];
    }
}
