namespace Cartwright.Cli.Requests;

/// <summary>What was typed can't be understood. Ends with exit code 2.</summary>
/// <param name="message">What was asked, what was found, what is allowed.</param>
/// <param name="suggestion">What was probably meant.</param>
internal sealed class UsageException(string message, string? suggestion = null) : Exception(message)
{
    public string? Suggestion { get; } = suggestion;
}
