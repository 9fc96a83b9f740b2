using System.CommandLine;
using Cartwright.Cli.Requests;

namespace Cartwright.Cli.Commands;

/// <summary>A command with all that its help page shows.</summary>
internal sealed class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>The word that is typed: <see cref="Symbol.Name"/> but for a verb that is called as its slice.</summary>
    public string Word { get; init; } = name;

    /// <summary>The request record that its options come from.</summary>
    public RequestForm? Form { get; set; }

    /// <summary>A worked command line.</summary>
    public string Example { get; set; } = "";

    /// <summary>False where the command has no use for <c>--shop</c>.</summary>
    public bool UsesShop { get; set; } = true;

    /// <summary>True where <c>mpirun -np N</c> may start it.</summary>
    public bool IsShared { get; init; }

    /// <summary>"cartwright recommendation train".</summary>
    public string Path => Parents.OfType<CliCommand>().FirstOrDefault() is { } parent ? $"{parent.Path} {Word}" : Word;
}
