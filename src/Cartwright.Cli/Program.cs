using System.Runtime.InteropServices;
using Cartwright.Cli;
using Cartwright.Cli.Output;

// The first Ctrl-C stops cleanly; the second one ends at once, as it would without us.
using var stopping = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return await CommandLine.RunAsync(args, Terminal.OfProcess(), TimeProvider.System, stopping.Token);
