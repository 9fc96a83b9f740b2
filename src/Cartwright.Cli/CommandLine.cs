using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using Cartwright.Cli.Commands;
using Cartwright.Cli.Help;
using Cartwright.Cli.Output;
using Cartwright.Cli.Requests;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Distributed;

namespace Cartwright.Cli;

/// <summary>From the words that were typed to an exit code.</summary>
internal static class CommandLine
{
    public static string Version { get; } = typeof(CommandLine).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static async Task<int> RunAsync(string[] args, Terminal terminal, TimeProvider clock, CancellationToken cancellationToken)
    {
        var tree = new CommandTree(terminal, clock);
        ParseResult parsed = tree.Parse(args);
        try
        {
            var command = (CliCommand)parsed.CommandResult.Command;
            if (tree.WantsHelp(parsed))
            {
                HelpPage.Write(terminal, command, tree);
                return 0;
            }

            if (tree.WantsVersion(parsed))
            {
                terminal.Line(Version);
                return 0;
            }

            ThrowIfNotUnderstood(parsed, command, tree);
            if (ProcessGroup.StartedRank is not null && !command.IsShared)
            {
                throw new UsageException($"'{command.Path}' runs in one process.",
                    $"Start it without mpirun. What processes can share: {string.Join(", ", tree.Shared().Select(shared => $"'{shared.Path}'"))}.");
            }

            if (command.Action is null)
            {
                HelpPage.Write(terminal, command, tree);
                return 0;
            }

            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Output,
                Error = terminal.Error,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception error)
        {
            var failure = Failure.Of(error);
            failure.Write(terminal, tree.IsJson(parsed), error);
            return failure.ExitCode;
        }
    }

    private static void ThrowIfNotUnderstood(ParseResult parsed, CliCommand command, CommandTree tree)
    {
        // An unknown option that a positional argument swallowed is still an unknown option, and worth more than the word behind it.
        string? option = parsed.CommandResult.Tokens.Select(token => token.Value).Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(token => token.Length > 1 && token[0] == '-');
        string? word = parsed.UnmatchedTokens is [var unmatched, ..] && (option is null || command.Subcommands.Count > 0) ? unmatched : option;
        if (word is not null)
        {
            bool isOption = word.StartsWith('-');
            string[] known = isOption
                ? [.. command.Options.Concat(tree.SharedBy(command)).Select(option => option.Name)]
                : [.. command.Subcommands.OfType<CliCommand>().Select(sub => sub.Word)];
            string what = isOption ? "option" : known.Length > 0 ? "command" : "argument";
            throw new UsageException($"'{command.Path}' has no {what} '{word}'.", SuggestVerb(word, command) ?? Suggest(word, known, command));
        }

        if (parsed.Errors is [var first, ..])
        {
            throw new UsageException(first.Message, $"See '{command.Path} --help'.");
        }
    }

    /// <summary>A verb without its slice: "train" means "recommendation train".</summary>
    private static string? SuggestVerb(string word, CliCommand command)
    {
        string[] paths = [.. command.Subcommands.SelectMany(sub => sub.Subcommands).OfType<CliCommand>().Where(verb => verb.Word == word).Select(verb => $"'{verb.Path}'")];
        return paths.Length > 0 ? $"Did you mean {string.Join(" or ", paths)}?" : null;
    }

    private static string Suggest(string word, string[] known, CliCommand command)
    {
        string all = known.Length > 0 && !word.StartsWith('-')
            ? $"There are: {string.Join(", ", known)}."
            : $"See '{command.Path} --help'.";
        string dashes = word.StartsWith('-') ? "--" : "";
        return NearMiss.Of(word.TrimStart('-'), known.Select(name => name.TrimStart('-'))) is { } guess
            ? $"Did you mean '{dashes}{guess}'? {all}"
            : all;
    }
}
