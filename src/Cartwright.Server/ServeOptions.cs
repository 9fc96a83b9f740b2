using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Server;

/// <summary>How a shop is served.</summary>
public sealed record ServeOptions
{
    /// <summary>The shop's folder; made where there is none.</summary>
    public string Shop { get; init; } = "shop";

    /// <summary>Address to listen at. Port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://localhost:5080";

    /// <summary>Lets anybody into the storefront at <c>/store</c>, and counts what they do there; else it asks for the dashboard's login.</summary>
    public bool OpenStore { get; init; }

    /// <summary>Origins of the web pages that may embed the chat widget, each as a browser says it: "https://shop.example". Anybody may talk to the assistant there.</summary>
    [ItemCount(0, 50), WebOrigins]
    public IReadOnlyList<string> WidgetOrigins { get; init; } = [];

    /// <summary>Largest body of a request, in bytes; uploads of shop folders have <see cref="MaxUploadBytes"/>.</summary>
    [Range(1024, 100_000_000)]
    public int MaxBodyBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Largest zipped shop folder that may be uploaded, in bytes.</summary>
    [Range(1024L, 1L << 40)]
    public long MaxUploadBytes { get; init; } = 1L << 30;

    /// <summary>Largest size of an uploaded shop folder once it is unpacked, in bytes.</summary>
    [Range(1024L, 1L << 42)]
    public long MaxUnpackedBytes { get; init; } = 1L << 33;

    /// <summary>Requests a second that one key may make over time; twice as many at once.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 5000;

    /// <summary>Seconds after which a short request is given up with 503. Runs, uploads and event streams have no limit.</summary>
    [Range(1, 3600)]
    public int RequestTimeoutSeconds { get; init; } = 30;

    /// <summary>Seconds that requests and runs get to end when the server stops.</summary>
    [Range(1, 3600)]
    public int ShutdownSeconds { get; init; } = 20;

    /// <summary>Least important messages that reach the log.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}

/// <summary>Each is a scheme, a host and perhaps a port, and nothing behind them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WebOriginsAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
        => (value as IEnumerable<string> ?? []).FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong
            ? new ValidationResult($"'{wrong}' is no origin; write a scheme and a host and nothing else, such as https://shop.example")
            : ValidationResult.Success;

    public override bool RequiresValidationContext => true;

    private static bool IsOrigin(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && (uri.Scheme is "http" or "https")
        && origin.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);
}
