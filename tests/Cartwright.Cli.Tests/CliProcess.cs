using System.Diagnostics;

namespace Cartwright.Cli.Tests;

/// <summary>The built command as a process of its own, with both streams caught.</summary>
internal sealed class CliProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly List<string> _errorLines = [];
    private readonly TaskCompletionSource _firstErrorLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CliProcess(string folder, int ranks, string[] args)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "cartwright.dll"), .. args];
        if (ranks > 1)
        {
            command = ["mpirun", "-np", $"{ranks}", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            Environment =
            {
                ["OMPI_MCA_btl_vader_single_copy_mechanism"] = "none",       // containers often forbid it
                ["OMPI_MCA_btl"] = "self,vader",
                ["OMPI_MCA_mpi_yield_when_idle"] = "1",
            },
        };

        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                lock (_errorLines)
                {
                    _errorLines.Add(text);
                }

                _firstErrorLine.TrySetResult();
            }
        };
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public static CliProcess Start(string folder, params string[] args) => new(folder, 1, args);

    /// <summary>Starts the command in several processes by mpirun.</summary>
    public static CliProcess StartTogether(string folder, int ranks, params string[] args) => new(folder, ranks, args);

    public static async Task<CliResult> RunAsync(string folder, params string[] args)
    {
        using CliProcess process = Start(folder, args);
        return await process.EndAsync();
    }

    /// <summary>Runs the command in several processes by mpirun.</summary>
    public static async Task<CliResult> RunTogetherAsync(string folder, int ranks, params string[] args)
    {
        using CliProcess process = StartTogether(folder, ranks, args);
        return await process.EndAsync();
    }

    /// <summary>Waits until a line on standard error holds some words.</summary>
    public async Task LineWithAsync(string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!HasLineWith(words))
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private bool HasLineWith(string words)
    {
        lock (_errorLines)
        {
            return _errorLines.Exists(line => line.Contains(words, StringComparison.Ordinal));
        }
    }

    /// <summary>Waits until something stands on standard error.</summary>
    public Task FirstErrorLineAsync() => _firstErrorLine.Task.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt()
    {
        using Process kill = Process.Start("kill", ["-INT", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    public async Task<CliResult> EndAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await _process.WaitForExitAsync(patience.Token);
        string output = await _output;
        lock (_errorLines)
        {
            return new CliResult(_process.ExitCode, output, string.Join('\n', _errorLines));
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
