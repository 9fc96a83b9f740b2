using System.Runtime.InteropServices;

namespace Cartwright.Benchmarks.Peers;

/// <summary>The few functions of OpenBLAS that the comparison needs.</summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101;
    private const int NotTransposed = 111;
    private const int Transposed = 112;

    /// <summary>The build with OpenMP, where Debian puts it; the name the loader knows may stand for the one with threads of its own.</summary>
    private const string OpenMpLibrary = "/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblas.so.0";

    private static readonly nint Handle = Load();

    public static bool IsThere => Handle != 0;

    /// <summary>As the library describes itself, and the processor whose code it runs: "OpenBLAS 0.3.21 … MAX_THREADS=64, core SkylakeX".</summary>
    public static string Version =>
        $"{Marshal.PtrToStringUTF8(Configuration()) ?? "OpenBLAS of unknown version"}, core {Marshal.PtrToStringUTF8(CoreName())}";

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

    private static nint Load()
    {
        // The library reads the environment of the process, of which .NET keeps a copy.
        foreach ((string variable, string? value) in OpenBlasSettings.All)
        {
            _ = value is null ? UnsetVariable(variable) : SetVariable(variable, value, replace: 1);
        }

        NativeLibrary.SetDllImportResolver(typeof(OpenBlas).Assembly, (name, _, _) => name == Library ? Handle : 0);
        return NativeLibrary.TryLoad(OpenMpLibrary, out nint handle) || NativeLibrary.TryLoad(Library, out handle) ? handle : 0;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int replace);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetVariable(string name);

    [LibraryImport(Library, EntryPoint = "openblas_get_corename")]
    private static partial nint CoreName();

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    public static partial void SetThreadCount(int count);

    [LibraryImport(Library, EntryPoint = "openblas_get_config")]
    private static partial nint Configuration();

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    private static partial void Sgemm(
        int order, int transposeA, int transposeB, int m, int n, int k, float alpha, float* a, int aStride, float* b, int bStride,
        float beta, float* c, int cStride);
}
