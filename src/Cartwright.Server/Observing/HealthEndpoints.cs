using Cartwright.Storage;

namespace Cartwright.Server.Observing;

/// <summary>What load balancers and monitors ask. Nobody needs a key for it, and it names nobody.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Ok(new Health("live")))
            .WithName("health.live").WithTags("health").WithSummary("The process runs.").DisableRateLimiting();
        app.MapGet("/health/ready", ReadyAsync).Produces<Health>().Produces<Health>(StatusCodes.Status503ServiceUnavailable)
            .WithName("health.ready").WithTags("health").WithSummary("The shop answers, and the server takes requests.").DisableRateLimiting();
        app.MapGet("/metrics", (MetricsPage page) => Results.Text(page.Write(), MetricsPage.ContentType))
            .WithName("metrics").WithTags("health").WithSummary("Figures of the server in Prometheus' text format.").DisableRateLimiting();
    }

    private static async Task<IResult> ReadyAsync(Shop shop, IHostApplicationLifetime host, CancellationToken stop)
    {
        if (host.ApplicationStopping.IsCancellationRequested)
        {
            return Results.Json(new Health("stopping"), statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        await shop.Store.ReadInfoAsync(stop);   // a store that is away becomes a 503 like everywhere
        return Results.Ok(new Health("ready"));
    }
}

/// <param name="Status">"live", "ready" or "stopping".</param>
public sealed record Health(string Status);
