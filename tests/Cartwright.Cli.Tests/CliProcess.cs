using System.Diagnostics;

namespace Cartwright.Cli.Tests;

/// <summary>The built command as a process of its own, with both streams caught.</summary>
internal sealed class CliProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly List<string> _errorLines = [];
    private readonly TaskCompletionSource _firstErrorLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CliProcess(string folder, string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "cartwright.dll"));
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

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

    public static CliProcess Start(string folder, params string[] args) => new(folder, args);

    public static async Task<CliResult> RunAsync(string folder, params string[] args)
    {
        using CliProcess process = Start(folder, args);
        return await process.EndAsync();
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
