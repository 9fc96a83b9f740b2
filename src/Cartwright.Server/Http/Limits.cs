using System.Globalization;
using System.Net;
using System.Net.Sockets;
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
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
                CallerOf(context), _ => Bucket(KeyOf(context) is null ? Math.Max(1, options.RequestsPerSecond / ShareWithoutKey) : options.RequestsPerSecond)));
        });
    }

    /// <summary>Id of the caller's key; null for a caller without one.</summary>
    public static string? KeyOf(HttpContext context) => context.User.FindFirst(Identities.KeyId)?.Value;

    /// <summary>Who is limited: a key, or an address where there is none.</summary>
    public static string CallerOf(HttpContext context) => KeyOf(context) ?? "from " + NetworkOf(context.Connection.RemoteIpAddress);

    /// <summary>Of IPv6 the first 64 bits: who has one address of a network has all of them.</summary>
    private static string? NetworkOf(IPAddress? address) => address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
        ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address?.ToString();

    private static TokenBucketRateLimiterOptions Bucket(int perSecond) => new()
    {
        TokenLimit = 2 * perSecond,
        TokensPerPeriod = Math.Max(1, perSecond / 10),
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(perSecond >= 10 ? 100 : 1000),
        QueueLimit = 0,
    };
}
