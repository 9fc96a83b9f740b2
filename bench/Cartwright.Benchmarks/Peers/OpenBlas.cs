using System.Runtime.InteropServices;

namespace Cartwright.Benchmarks.Peers;

/// <summary>The few functions of OpenBLAS that the comparison needs.</summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101;
    private const int NotTransposed = 111;
    private const int Transposed = 112;

    public static bool IsThere { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>As the library describes itself: "OpenBLAS 0.3.21 … Zen MAX_THREADS=64".</summary>
    public static string Version => Marshal.PtrToStringUTF8(Configuration()) ?? "OpenBLAS of unknown version";

    /// <summary>C = op(A)·op(B), row-major and contiguous.</summary>
    public static void Multiply(
        ReadOnlySpan<float> a, bool transposeA, ReadOnlySpan<float> b, bool transposeB, Span<float> c, int m, int n, int k)
    {
        fixed (float* pa = a, pb = b, pc = c)
        {
            Sgemm(
                RowMajor, transposeA ? Transposed : NotTransposed, transposeB ? Transposed : NotTransposed, m, n, k,
                1, pa, transposeA ? m : k, pb, transposeB ? k : n, 0, pc, n);
        }
    }

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    public static partial void SetThreadCount(int count);

    [LibraryImport(Library, EntryPoint = "openblas_get_config")]
    private static partial nint Configuration();

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    private static partial void Sgemm(
        int order, int transposeA, int transposeB, int m, int n, int k, float alpha, float* a, int aStride, float* b, int bStride,
        float beta, float* c, int cStride);
}
