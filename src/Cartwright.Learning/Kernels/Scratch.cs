using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Working memory of a thread, 64-byte aligned and kept from call to call.</summary>
internal static unsafe class Scratch
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static float[]?[]? _ofThread;

    /// <summary>Who uses it: two uses at one time never share memory.</summary>
    public enum Use
    {
        Scores,
        GradScores,
        LossRows,
        PackedA,
        PackedB,
        PanelOfB,
        Products,
        RecurrentWeights,
        RecurrentStates,
        RecurrentProducts,
        Alignments,
        ConvWeights,
        ConvBias,
        ConvPlanes,
        ConvPatches,
        ConvSums,
        ConvPixels,
        ConvGradients,
        Quantized,
        Patches,
        Scales,
        Widened,
        AffineWeights,
        AffineGradients,
        BranchInWeights,
        BranchOutWeights,
        BranchPartials,
        BranchRows,
        BranchOutputs,
        BranchDropped,
    }

    /// <summary>Room for <paramref name="count"/> numbers of any value, valid until the same use takes again.</summary>
    public static float* Take(Use use, nint count)
    {
        float[]?[] ofThread = _ofThread ??= new float[Enum.GetValues<Use>().Length][];
        float[]? memory = ofThread[(int)use];
        int needed = checked((int)count) + (Alignment / sizeof(float));
        if (memory is null || memory.Length < needed)
        {
            // Pinned, so that the address stays; grown in powers of two, so that it soon stops growing.
            int size = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)needed), (uint)Array.MaxLength);
            memory = GC.AllocateUninitializedArray<float>(size, pinned: true);
            ofThread[(int)use] = memory;
        }

        fixed (float* start = memory)
        {
            return (float*)(((nint)start + Alignment - 1) & -Alignment);
        }
    }
}
