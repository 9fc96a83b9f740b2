using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Cartwright.Cli.Commands;

namespace Cartwright.Cli.Tests.House;

/// <summary>The pages are true: their code compiles, their commands exist, their links lead somewhere, their figures were measured.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string> Pages => [.. Markdown.Pages];

    [Fact]
    public void The_readme_shows_the_quick_start_that_the_samples_run()
    {
        string sample = string.Join('\n', File.ReadLines(Checkout.At("samples", "quickstart.cs")).Where(line => !line.StartsWith("#:", StringComparison.Ordinal))).Trim();

        Assert.Contains(sample, Markdown.Blocks("README.md", "csharp").Select(block => block.Trim()));
    }

    [Theory, MemberData(nameof(Pages))]
    public void Its_csharp_stands_in_a_file_that_compiles(string page)
    {
        string[] sources = [.. new[] { "samples", "src", "tests", "bench" }.SelectMany(folder => Checkout.Files(folder, "*.cs"))
            .Select(file => Squeeze(File.ReadAllText(Checkout.At(file))))];

        Assert.All(Markdown.Blocks(page, "csharp", "cs"), block => Assert.True(sources.Any(source => source.Contains(Squeeze(block), StringComparison.Ordinal)),
            $"{page} shows code that no file under samples/, src/, tests/ or bench/ has:\n{block}"));
    }

    /// <summary>What overrides a member of the library is shown as a project of one's own writes it, but for the page on adding to the library.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void Its_csharp_is_what_a_reader_writes(string page)
    {
        bool isInside = page == Path.Combine("docs", "add-a-layer.md");

        Assert.All(Markdown.Blocks(page, "csharp", "cs"), block => Assert.True(isInside || !block.Contains("protected internal override", StringComparison.Ordinal),
            $"{page} shows code that compiles inside of the library only; show what stands in a sample or in GuideTests:\n{block}"));
    }

    [Theory, MemberData(nameof(Pages))]
    public void Its_commands_exist(string page)
    {
        foreach (string line in Markdown.CommandLines(page))
        {
            Match own = OwnCommand().Match(line);
            if (own.Success)
            {
                string words = own.Groups["words"].Value.Split(" | ")[0];
                words = IntoFile().Replace(words, "");
                string[] understood = Understand(words);
                Assert.True(understood.Length == 0, $"{page}: '{line}': {string.Join(' ', understood)}");
            }
            else if (line.StartsWith("make ", StringComparison.Ordinal))
            {
                string target = line.Split(' ')[1];
                Assert.Contains(File.ReadLines(Checkout.At("Makefile")), rule => rule.StartsWith(target + ":", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Commands_that_messages_tell_to_type_exist()
    {
        string[] wrong = [.. Checkout.Files("src", "*.*").Where(file => Path.GetExtension(file) is ".cs" or ".razor")
            .SelectMany(file => Mentioned().Matches(File.ReadAllText(Checkout.At(file))).Select(mention => (file, words: mention.Groups["words"].Value)))
            .Where(mention => !Names(Cli.Tree().Root, mention.words.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Select(mention => $"{mention.file}: cartwright {mention.words}")];

        Assert.Empty(wrong);
    }

    [Theory, MemberData(nameof(Pages))]
    public void Its_links_to_files_lead_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Checkout.At(page))!;
        IEnumerable<string> links = Links().Matches(File.ReadAllText(Checkout.At(page))).Select(link => link.Groups["target"].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

        Assert.All(links, target => Assert.True(Path.Exists(Path.Combine(folder, target)), $"{page} links to {target}, which is not there."));
    }

    /// <summary>A row of a table that links to a file of results quotes figures of that file: the numbers of its second column.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void Its_figures_stand_in_the_results_that_it_links_to(string page)
    {
        string folder = Path.GetDirectoryName(Checkout.At(page))!;
        foreach (string row in File.ReadLines(Checkout.At(page)).Where(line => line.StartsWith('|')))
        {
            string[] targets = [.. Links().Matches(row).Select(link => link.Groups["target"].Value).Where(target => target.Contains("results/", StringComparison.Ordinal))];
            if (targets.Length > 0)
            {
                string results = string.Join('\n', targets.Select(target => File.ReadAllText(Path.Combine(folder, target))));
                string[] figures = [.. Figures().Matches(row.Split('|')[2]).Select(figure => figure.Value)];
                Assert.NotEmpty(figures);
                string[] known = [.. Figures().Matches(results).Select(figure => figure.Value)];
                Assert.All(figures, figure => Assert.True(known.Any(number => IsRounded(number, figure)),
                    $"{page} says {figure}; {string.Join(", ", targets)} does not."));
            }
        }
    }

    /// <summary>True for 0.098959 and 0.0990, not for 0.098959 and 0.0989.</summary>
    private static bool IsRounded(string number, string figure)
    {
        int decimals = figure.Contains('.', StringComparison.Ordinal) ? figure.Length - figure.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        decimal quoted = decimal.Parse(figure, NumberStyles.Number, CultureInfo.InvariantCulture);
        return decimal.TryParse(number, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal exact)
            && (decimals == 0 ? exact == quoted : Math.Abs(exact - quoted) <= 0.5m / (decimal)Math.Pow(10, decimals));
    }

    private static string[] Understand(string words)
    {
        CommandTree tree = Cli.Tree();
        ParseResult parsed = tree.Parse(CommandLineParser.SplitCommandLine(words).ToArray());
        return [.. parsed.UnmatchedTokens.Select(token => $"'{token}' is not known."), .. parsed.Errors.Select(error => error.Message)];
    }

    /// <summary>True where the words begin with a command: "catalog import ./folder". Words that are no command at all are prose.</summary>
    private static bool Names(Command command, string[] words) => words is [] || command.Subcommands.Count == 0
        || words[0][0] is '-' or '<' or '{' or '…'
        || (command.Subcommands.OfType<CliCommand>().FirstOrDefault(sub => sub.Word == words[0]) is { } next && Names(next, words[1..]));

    private static string Squeeze(string code) => Spaces().Replace(code, " ").Trim();

    /// <summary>What the shell writes into a file; a category path in quotes has the same sign.</summary>
    [GeneratedRegex("""\s>\s(?=(?:[^"]*"[^"]*")*[^"]*$).*$""")]
    private static partial Regex IntoFile();

    [GeneratedRegex(@"^(cartwright|dotnet run --project src/Cartwright\.Cli( -c Release)? --)( (?<words>.*))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnCommand();

    [GeneratedRegex("""['">`]cartwright (?<words>[^'"<>`\\{\n]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mentioned();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Links();

    [GeneratedRegex(@"\d[\d,]*(\.\d+)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Figures();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
