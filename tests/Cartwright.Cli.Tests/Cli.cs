using Cartwright.Cli.Commands;
using Cartwright.Cli.Output;

namespace Cartwright.Cli.Tests;

/// <summary>Runs the command in this process, with its output caught.</summary>
internal static class Cli
{
    public static CommandTree Tree() => new(Caught().Terminal, TimeProvider.System);

    /// <summary>Every command there is, each before those below it.</summary>
    public static IReadOnlyList<CliCommand> Commands()
    {
        static IEnumerable<CliCommand> Below(CliCommand command) => command.Subcommands.OfType<CliCommand>().SelectMany(Below).Prepend(command);
        return [.. Below(Tree().Root)];
    }

    /// <param name="width">Columns of the screen; null where the output goes to a pipe.</param>
    public static async Task<CliResult> RunAsync(string[] args, int? width = null, CancellationToken cancellationToken = default)
    {
        (Terminal terminal, StringWriter output, StringWriter error) = Caught(width);
        int exitCode = await CommandLine.RunAsync(args, terminal, TimeProvider.System, cancellationToken);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    public static (Terminal Terminal, StringWriter Output, StringWriter Error) Caught(int? width = null)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        return (new Terminal(output, error, width, isErrorWatched: width is not null, hasColor: false), output, error);
    }
}

internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>Empty where the command ended well.</summary>
    public string Failure => ExitCode == 0 ? "" : $"exit code {ExitCode}: {Error}";
}
