namespace Cartwright.Server.Tests.Dashboard;

/// <summary>A test in a real browser; skipped with a word where Debian's chromium is not installed.</summary>
internal static class Browser
{
    public const string Path = "/usr/bin/chromium";

    public static string? Missing { get; } = File.Exists(Path) ? null : $"{Path} is not there: apt-get install chromium";
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Missing;
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Browser.Missing;
}
