using System.CommandLine;
using Cartwright.Cli.Commands;
using Cartwright.Cli.Output;
using Cartwright.Cli.Requests;

namespace Cartwright.Cli.Help;

/// <summary>The page behind <c>--help</c>: what it does, how it is typed, each option with its limits, and a worked example.</summary>
internal static class HelpPage
{
    private const int MaxWidth = 110;
    private const string Indent = "  ";

    public static void Write(Terminal terminal, CliCommand command, CommandTree tree)
    {
        terminal.Line(command.Description ?? "");
        Section(terminal, "Usage");
        terminal.Line(Indent + Usage(command));
        if (command.Example.Length > 0)
        {
            Section(terminal, "Example");
            terminal.Line(Indent + command.Example);
        }

        Rows(terminal, "Commands", [.. command.Subcommands.OfType<CliCommand>().Select(sub => (sub.Word, sub.Description ?? ""))]);
        Rows(terminal, "Options", [.. OwnOptions(command, tree)]);
        Rows(terminal, "Everywhere", [.. tree.SharedBy(command).Select(option => (Label(option), option.Description ?? ""))]);
        if (command.Subcommands.Count > 0)
        {
            terminal.Line();
            terminal.Line($"'{command.Path} <command> --help' shows a command with an example.");
        }
    }

    private static string Usage(CliCommand command)
    {
        string words = command.Path;
        if (command.Subcommands.Count > 0)
        {
            return words + " <command>";
        }

        if (command.Form?.Positional is { } positional)
        {
            words += $" <{positional.OptionName[2..]}>";
        }

        foreach (RequestField field in command.Form?.Fields.Where(field => field.IsRequired && field != command.Form.Positional) ?? [])
        {
            words += field.Form == FieldForm.File ? " --file <json file>" : $" {field.OptionName} {field.Placeholder}";
        }

        return words + " [options]";
    }

    private static IEnumerable<(string Label, string Text)> OwnOptions(CliCommand command, CommandTree tree)
    {
        foreach (RequestField field in command.Form?.Fields ?? [])
        {
            string name = field.Form == FieldForm.File ? "--file" : field.OffName ?? field.OptionName;
            string limits = field.Limits.Length > 0 ? $" ({field.Limits})" : "";
            string off = field.OffName is null ? "" : "On by default, this turns it off: ";
            yield return ($"{name} {field.Placeholder}".TrimEnd(), (off + field.Summary + limits).Trim());
        }

        HashSet<string> shown = [.. command.Form?.OptionNames ?? [], .. tree.SharedBy(command).Select(option => option.Name)];
        foreach (Option option in command.Options.Where(option => !shown.Contains(option.Name) && !option.Recursive))
        {
            yield return (Label(option), option.Description ?? "");
        }
    }

    private static string Label(Option option) => option switch
    {
        { Name: "--shop" } => "--shop <folder>",
        _ => option.Name,
    };

    private static void Section(Terminal terminal, string title)
    {
        terminal.Line();
        terminal.Heading(title);
    }

    private static void Rows(Terminal terminal, string title, IReadOnlyList<(string Label, string Text)> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        Section(terminal, title);
        int width = Math.Min(terminal.Width, MaxWidth);
        int column = Math.Min(rows.Max(row => row.Label.Length), 28) + 2 * Indent.Length;
        foreach ((string label, string text) in rows)
        {
            string first = Indent + label;
            bool fits = first.Length + 2 <= column && width - column >= 30;
            int left = width - column >= 30 ? column : 2 * Indent.Length;
            List<string> lines = Wrap(text, width - left);
            terminal.Line(fits && lines.Count > 0 ? first.PadRight(left) + lines[0] : first);
            foreach (string line in lines.Skip(fits ? 1 : 0))
            {
                terminal.Line(new string(' ', left) + line);
            }
        }
    }

    private static List<string> Wrap(string text, int width)
    {
        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line += (line.Length > 0 ? " " : "") + word;
        }

        if (line.Length > 0)
        {
            lines.Add(line);
        }

        return lines;
    }
}
