using System.Diagnostics;
using System.Globalization;

namespace Cartwright.Benchmarks.Peers;

/// <summary>PyTorch in a process of its own, which times a sample when it is told to.</summary>
/// <remarks>
/// It is given what suits it best. OpenBLAS's OpenMP build shares PyTorch's threads; those of the pthread build would fight
/// them. OpenBLAS 0.3.21 doesn't know newer processors and falls back to kernels for very old ones, so it is told
/// which it has. The C allocator keeps large buffers, as ours does.
/// </remarks>
internal sealed class TorchProcess : IDisposable
{
    public const string Python = "/usr/bin/python3";
    private readonly Process _process;

    private TorchProcess(Process process, string description)
    {
        _process = process;
        Description = description;
    }

    /// <summary>Versions and threads, as the process tells them.</summary>
    public string Description { get; }

    /// <returns>Null, and a line on <paramref name="output"/>, where PyTorch is not to be had.</returns>
    public static TorchProcess? Start(int threads, TextWriter output)
    {
        if (!File.Exists(Python))
        {
            output.WriteLine($"{Python} is not there (Debian: python3-torch): our figures stand alone.");
            return null;
        }

        var start = new ProcessStartInfo(Python)
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "torch_peers.py"), threads.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (!SetEnvironment(start, threads))
        {
            output.WriteLine("OpenBLAS's OpenMP build is not there (Debian: libopenblas0-openmp): on 2 threads PyTorch is slower than it could be.");
        }

        Process process = Process.Start(start)!;
        if (process.StandardOutput.ReadLine() is { } description)
        {
            return new TorchProcess(process, description);
        }

        process.Dispose();
        output.WriteLine("PyTorch did not start (Debian: python3-torch): our figures stand alone.");
        return null;
    }

    /// <summary>Gives a process that will use PyTorch what suits it best.</summary>
    /// <returns>False where OpenBLAS's OpenMP build is not to be had.</returns>
    public static bool SetEnvironment(ProcessStartInfo start, int threads)
    {
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "1073741824";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "4294967296";
        start.Environment["MALLOC_TOP_PAD_"] = "268435456";
        foreach ((string variable, string? value) in OpenBlasSettings.All)
        {
            start.Environment[variable] = value;
        }

        string? folder = OpenMpBuild();
        if (folder is not null)
        {
            start.Environment["LD_LIBRARY_PATH"] = folder;
        }

        return folder is not null;
    }

    /// <summary>Builds and warms up a row, which the next samples are of.</summary>
    /// <param name="row">Its name in the script.</param>
    /// <param name="sampleSeconds">How long a sample should take.</param>
    public void Prepare(string row, double sampleSeconds)
    {
        string answer = Ask($"prepare\t{row}\t{sampleSeconds.ToString(CultureInfo.InvariantCulture)}");
        if (answer != "ready")
        {
            throw new InvalidOperationException($"torch_peers.py has no row '{row}'.");
        }
    }

    /// <summary>Builds a row and calls it so many times. Ask a process that did nothing before.</summary>
    /// <returns>Most bytes that were in memory.</returns>
    public double Peak(string row, int calls) =>
        double.Parse(Ask($"peak\t{row}\t{calls.ToString(CultureInfo.InvariantCulture)}"), CultureInfo.InvariantCulture);

    /// <returns>Seconds of one call.</returns>
    public double Sample() => double.Parse(Ask("sample"), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Ask(string order)
    {
        _process.StandardInput.WriteLine(order);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("torch_peers.py ended early; its error stands above.");
    }

    private static string? OpenMpBuild() =>
        Directory.Exists("/usr/lib")
            ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Select(f => Path.Combine(f, "openblas-openmp")).FirstOrDefault(Directory.Exists)
            : null;
}
