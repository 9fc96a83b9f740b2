using System.CommandLine;
using Cartwright.Cli.Demo;
using Cartwright.Cli.Output;
using Cartwright.Server.Verbs;

namespace Cartwright.Cli.Commands;

/// <summary>Every command there is: one per verb of the table, and those that are no verb of a shop.</summary>
internal sealed class CommandTree
{
    public const string DefaultShop = "shop";

    private readonly Option<string> _shop = new("--shop")
    {
        Description = "Folder of the shop; default ./shop",
        DefaultValueFactory = _ => DefaultShop,
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Write one JSON document to standard output; progress goes to standard error",
        Recursive = true,
    };

    private readonly Option<bool> _help = new("--help", "-h", "-?") { Description = "Show this page", Recursive = true };
    private readonly Option<bool> _version = new("--version") { Description = "Show the version" };

    /// <summary>What a slice is about, in a sentence. A slice that is missing here shows its verbs.</summary>
    private static readonly Dictionary<string, string> Slices = new(StringComparer.Ordinal)
    {
        ["assistant"] = "What shoppers ask, said or typed, and what the shop answers.",
        ["automation"] = "What is done without being asked, within which limits, and what came of it.",
        ["catalog"] = "What the shop sells, who shops there, and what they did.",
        ["pricing"] = "What things should cost, and how demand answers to it.",
        ["recommendation"] = "What a shopper wants next, what is similar, and why.",
        ["search"] = "Which products answer a shopper's words, in which order, and why.",
        ["vision"] = "What pictures show, what looks like them, and how they would be listed.",
    };

    public CommandTree(Terminal terminal, TimeProvider clock)
    {
        Root = new CliCommand("cartwright", "The intelligence of an online shop in one program.");
        Invocation At(ParseResult parsed) => new(terminal, clock, parsed.GetValue(_shop)!, parsed.GetValue(_json));

        Root.SetAction((parsed, stop) => OverviewCommand.RunAsync(At(parsed), stop));
        foreach (IGrouping<string, Verb> slice in VerbTable.All.GroupBy(verb => verb.Slice, StringComparer.Ordinal))
        {
            var command = new CliCommand(slice.Key, Slices.GetValueOrDefault(slice.Key, string.Join(", ", slice.Select(verb => verb.Name))));
            foreach (Verb verb in slice)
            {
                command.Subcommands.Add(VerbCommand.Of(verb, At));
            }

            Root.Subcommands.Add(command);
        }

        Root.Subcommands.Add(DemoCommand.Build(At, parsed => parsed.GetResult(_shop) is { Implicit: false }));
        Root.Subcommands.Add(ServeCommand.Build(At));
        Root.Subcommands.Add(SampleCommand.Build(At));
        Root.Subcommands.Add(RunsCommand.Build(At));
        Root.Subcommands.Add(KeysCommand.Build(At));
        Root.Options.Add(_shop);
        Root.Options.Add(_json);
        Root.Options.Add(_help);
        Root.Options.Add(_version);
    }

    public CliCommand Root { get; }

    /// <summary>Understands what was typed.</summary>
    public ParseResult Parse(IReadOnlyList<string> words)
    {
        string[] named = [.. words];
        foreach (Verb verb in VerbTable.All.Where(verb => verb.Name == verb.Slice))
        {
            int slice = Array.IndexOf(named, verb.Slice);
            if (slice >= 0 && slice + 1 < named.Length && named[slice + 1] == verb.Name)
            {
                named[slice + 1] = VerbCommand.NameOf(verb);
            }
        }

        return Root.Parse(named);
    }

    /// <summary>The commands that <c>mpirun -np N</c> may start.</summary>
    public IEnumerable<CliCommand> Shared() =>
        Root.Subcommands.SelectMany(slice => slice.Subcommands).OfType<CliCommand>().Where(command => command.IsShared);

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public bool WantsHelp(ParseResult parsed) => parsed.GetValue(_help);

    public bool WantsVersion(ParseResult parsed) => parsed.GetValue(_version);

    /// <summary>The options that every command has.</summary>
    public IEnumerable<Option> SharedBy(CliCommand command) => command.UsesShop ? [_shop, _json, _help] : [_json, _help];
}
