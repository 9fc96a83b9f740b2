using System.Runtime.Intrinsics.X86;

namespace Cartwright.Benchmarks.Peers;

/// <summary>What OpenBLAS 0.3.21 reads from the environment, as it is fastest on this processor.</summary>
internal static class OpenBlasSettings
{
    private const int GenuineIntel = 0x756E6547;

    /// <summary>Each variable and its value, or null to take it away: what a machine's owner set for other programs would slow the peer down.</summary>
    public static IReadOnlyList<(string Variable, string? Value)> All { get; } = [("OPENBLAS_CORETYPE", Core), ("OPENBLAS_L2_SIZE", null)];

    // Intel's processors newer than the library count as its oldest, without AVX; measured against that, ours looked 2.5
    // times as good as it is. AMD's are told apart by what they can do.
    private static string? Core =>
        Avx512F.IsSupported ? "SkylakeX"
        : Avx2.IsSupported && X86Base.CpuId(0, 0).Ebx == GenuineIntel ? "Haswell"
        : null;
}
