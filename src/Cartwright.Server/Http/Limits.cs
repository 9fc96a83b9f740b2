using System.Globalization;
using System.Threading.RateLimiting;
using Cartwright.Server.Access;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Cartwright.Server.Http;

/// <summary>How much one caller may ask, and how long an answer may take.</summary>
internal static class Limits
{
    /// <summary>A caller without a key, who can only be refused or ask for health, gets this share of a key's rate.</summary>
    private const int ShareWithoutKey = 10;

    public static void AddLimits(this IServiceCollection services, ServeOptions options)
    {
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = TimeSpan.FromSeconds(options.RequestTimeoutSeconds),
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) =>
            {
                double seconds = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? Math.Ceiling(wait.TotalSeconds) : 1;
                context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, seconds).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            {
                string? key = context.User.FindFirst(Identities.KeyId)?.Value;
                return key is not null
                    ? RateLimitPartition.GetTokenBucketLimiter(key, _ => Bucket(options.RequestsPerSecond))
                    : RateLimitPartition.GetTokenBucketLimiter("from " + context.Connection.RemoteIpAddress,
                        _ => Bucket(Math.Max(1, options.RequestsPerSecond / ShareWithoutKey)));
            });
        });
    }

    private static TokenBucketRateLimiterOptions Bucket(int perSecond) => new()
    {
        TokenLimit = 2 * perSecond,
        TokensPerPeriod = Math.Max(1, perSecond / 10),
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(perSecond >= 10 ? 100 : 1000),
        QueueLimit = 0,
    };
}
