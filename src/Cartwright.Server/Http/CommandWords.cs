using System.Text.RegularExpressions;
using Cartwright.Commerce;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Http;

/// <summary>Finds the commands and options that a message names, for doors that say them in words of their own.</summary>
internal static partial class CommandWords
{
    // "file" is the whole request as a file.
    private static readonly HashSet<string> PathOptions = ["file", .. VerbTable.All.SelectMany(verb => verb.RequestType.GetProperties())
        .Where(property => property.IsDefined(typeof(PathFieldAttribute), inherit: true)).Select(WireJson.Name)];

    /// <param name="message">What is said at the command line.</param>
    /// <param name="command">Says a command, which comes without "cartwright": "recommendation train --model als".</param>
    /// <param name="option">Says an option, which comes as the field that it is in a request: "shopperId".</param>
    public static string Replace(string message, Func<string, string> command, Func<string, string> option) =>
        !message.Contains("--", StringComparison.Ordinal) && !message.Contains("'cartwright ", StringComparison.Ordinal) ? message
            : Words().Replace(message, found => found.Groups["words"].Success ? command(found.Groups["words"].Value) : OptionOf(NameOf(found.Groups["name"].Value), option));

    /// <summary>A command that has no other door.</summary>
    public static string OfCommandLine(string command) => $"'cartwright {command}' at the command line";

    /// <summary>"shopper-id" is "shopperId".</summary>
    public static string NameOf(string option) => Letter().Replace(option, after => after.Groups["letter"].Value.ToUpperInvariant());

    /// <summary>True for a field that names a file, which the command line alone takes.</summary>
    public static bool IsPath(string name) => PathOptions.Contains(name);

    private static string OptionOf(string name, Func<string, string> option) => IsPath(name) ? $"{option(name)} (a file, at the command line only)" : option(name);

    [GeneratedRegex("'cartwright\\s(?<words>[^']+)'|(?<![-\\w])--(?<name>[a-z]+(-[a-z]+)*)( <[^>]*>)?", RegexOptions.ExplicitCapture)]
    private static partial Regex Words();

    [GeneratedRegex("-(?<letter>[a-z])", RegexOptions.ExplicitCapture)]
    private static partial Regex Letter();
}
