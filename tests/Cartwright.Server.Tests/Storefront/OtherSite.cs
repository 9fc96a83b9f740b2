using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cartwright.Server.Tests.Storefront;

/// <summary>A site of the merchant's on a server of its own, whose one page embeds the chat by a script tag.</summary>
public sealed class OtherSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtherSite(WebApplication app) => _app = app;

    /// <summary>What the merchant lists.</summary>
    public string Origin => $"http://localhost:{new Uri(NumberedOrigin).Port}";

    /// <summary>The same page at another origin, which nobody lists.</summary>
    public string NumberedOrigin => _app.Urls.Single();

    /// <param name="shop">The shop's address, asked for when the page is.</param>
    public static async Task<OtherSite> StartAsync(Func<string> shop)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.Run(http =>
        {
            http.Response.ContentType = "text/html; charset=utf-8";
            return http.Response.WriteAsync($"""
                <!doctype html>
                <html lang="en">
                <head><title>Another site</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><script src="{shop()}/widget.js" defer></script></head>
                <body style="font-family: serif"><h1>Another site</h1><p>Its styles are its own.</p></body>
                </html>
                """);
        });
        await app.StartAsync();
        return new OtherSite(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
