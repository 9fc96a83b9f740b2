using System.Text.RegularExpressions;

namespace Cartwright.Cli.Tests.House;

/// <summary>What the project's pages say: blocks of code, commands, and figures with the file they come from.</summary>
internal static partial class Markdown
{
    /// <summary>README and everything under docs/, the approved decisions included.</summary>
    public static IReadOnlyList<string> Pages { get; } =
        [.. new[] { "README.md", "CONTRIBUTING.md" }.Where(page => File.Exists(Checkout.At(page))), .. Directory.Exists(Checkout.At("docs")) ? Checkout.Files("docs", "*.md") : []];

    /// <summary>The blocks of a language in a page, without their fences.</summary>
    public static IEnumerable<string> Blocks(string page, params string[] languages) => Fences()
        .Matches(File.ReadAllText(Checkout.At(page)).ReplaceLineEndings("\n"))
        .Where(block => languages.Contains(block.Groups["language"].Value, StringComparer.Ordinal))
        .Select(block => block.Groups["code"].Value);

    /// <summary>The command lines in a page's shell blocks, without prompts and comments; a line that ends with \ goes on.</summary>
    public static IEnumerable<string> CommandLines(string page) => Blocks(page, "sh", "bash", "shell", "console")
        .SelectMany(block => block.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        .Select(line => line.TrimStart('$', ' ').Split(" #")[0].Trim())
        .Where(line => line.Length > 0 && line[0] != '#');

    [GeneratedRegex(@"^```(?<language>\w+)[^\n]*\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Fences();
}
