using System.Text.Json;
using Cartwright.Learning.Distributed;
using Cartwright.Server.Verbs;
using Spectre.Console;

namespace Cartwright.Cli.Output;

/// <summary>Where answers and progress go: tables and color for people, plain lines for pipes, one document for <c>--json</c>.</summary>
internal sealed class Terminal
{
    /// <summary>Columns that plain text is wrapped at where nobody says how wide the screen is.</summary>
    public const int PlainWidth = 100;

    /// <summary>Under this many columns a table's rows are written one under the other.</summary>
    private const int NarrowWidth = 60;

    private static readonly JsonSerializerOptions Indented = new(WireJson.Options) { WriteIndented = true };

    private readonly IAnsiConsole? _console;

    /// <param name="watchedWidth">Columns of the screen that shows <paramref name="output"/>; null where it goes to a pipe.</param>
    /// <param name="isErrorWatched">True where a person sees <paramref name="error"/>, so that a line may be repainted.</param>
    public Terminal(TextWriter output, TextWriter error, int? watchedWidth, bool isErrorWatched, bool hasColor)
    {
        Output = output;
        Error = error;
        Width = watchedWidth ?? PlainWidth;
        IsErrorWatched = isErrorWatched;
        HasColor = hasColor;
        if (watchedWidth is { } width)
        {
            _console = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = hasColor ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = hasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
            });
            _console.Profile.Width = width;
            _console.Profile.Capabilities.Unicode = true;
        }
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public int Width { get; }

    public bool IsErrorWatched { get; }

    public bool HasColor { get; }

    /// <summary>The process's own streams. NO_COLOR and TERM=dumb are respected.</summary>
    public static Terminal OfProcess()
    {
        if (ProcessGroup.StartedRank is not null)
        {
            // mpirun gives its processes terminals of their own and passes on what they write: nobody watches there, and
            // the console would begin with control characters.
            Environment.SetEnvironmentVariable("TERM", "dumb");
            return new Terminal(Console.Out, Console.Error, watchedWidth: null, isErrorWatched: false, hasColor: false);
        }

        bool hasColor = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new Terminal(Console.Out, Console.Error,
            Console.IsOutputRedirected ? null : Math.Max(20, Console.WindowWidth), !Console.IsErrorRedirected, hasColor);
    }

    public void Line(string text = "") => Output.WriteLine(text);

    /// <summary>The answer as one JSON document.</summary>
    public void Json(object value) => Output.WriteLine(JsonSerializer.Serialize(value, value.GetType(), Indented));

    /// <summary>A line that is seen first.</summary>
    public void Heading(string text)
    {
        if (_console is null)
        {
            Output.WriteLine(text);
        }
        else
        {
            _console.MarkupLineInterpolated($"[bold]{text}[/]");
        }
    }

    public void Write(TextTable table)
    {
        if (_console is not null && Width >= NarrowWidth)
        {
            WriteFramed(_console, table);
        }
        else if (_console is not null)
        {
            WriteStacked(table);
        }
        else
        {
            WriteAligned(table);
        }
    }

    /// <summary>A bar of up to 20 letters, for a share from 0 to 1; empty where the output is a pipe.</summary>
    public string Bar(double share) => _console is null ? "" : new string('█', (int)Math.Round(Math.Clamp(share, 0, 1) * 20));

    private static void WriteFramed(IAnsiConsole console, TextTable table)
    {
        var framed = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        for (int column = 0; column < table.Headings.Count; column++)
        {
            var heading = new TableColumn(new Markup($"[bold]{Markup.Escape(table.Headings[column])}[/]"));
            framed.AddColumn(table.IsNumber(column) ? heading.RightAligned() : heading);
        }

        foreach (string[] row in table.Rows)
        {
            framed.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        console.Write(framed);
    }

    private void WriteStacked(TextTable table)
    {
        foreach (string[] row in table.Rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                Output.WriteLine($"{table.Headings[column]}: {row[column]}");
            }

            Output.WriteLine();
        }
    }

    private void WriteAligned(TextTable table)
    {
        int[] widths = [.. table.Headings.Select((heading, column) =>
            table.Rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        foreach (IReadOnlyList<string> row in table.Rows.Prepend([.. table.Headings]))
        {
            Output.WriteLine(string.Join("  ", row.Select((cell, column) => table.IsNumber(column)
                ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
