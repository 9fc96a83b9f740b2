namespace Cartwright.Server.Tests.Dashboard;

/// <summary>A test in a real browser; skipped with a word where Debian's chromium is not installed, or the build had no npm assets.</summary>
internal static class Browser
{
    public const string Path = "/usr/bin/chromium";

    public static string? Missing { get; } = !File.Exists(Path) ? $"{Path} is not there: apt-get install chromium"
        : typeof(CartwrightServer).Assembly.GetManifestResourceInfo("wwwroot/lib/htmx.min.js") is null
            ? "The dashboard was built without its npm assets: run 'make setup' and build again."
            : null;
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

/// <summary>Somebody speaks into the browser's microphone.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SpeakingBrowserFactAttribute : FactAttribute
{
    public SpeakingBrowserFactAttribute() => Skip = Browser.Missing ?? SystemSpeech.Missing;
}
