using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Cartwright.Server.Http;

/// <summary>Reads the ids in an address as the client wrote them, each escape decoded once: <c>team%2F7</c> is <c>team/7</c>, <c>team%252F7</c> is <c>team%2F7</c>.</summary>
/// <remarks>
/// The server's own path keeps <c>%2F</c> and decodes all else, so that both of these arrive as <c>team%2F7</c> and a request about one
/// shopper would be answered for another. Only the target as it was sent tells them apart.
/// </remarks>
internal static class AddressIds
{
    public static void UseAddressIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint() is RouteEndpoint { RoutePattern: var pattern } && pattern.Parameters.Count > 0
            && context.Features.Get<IHttpRequestFeature>()?.RawTarget is { } target)
        {
            Read(context.Request, pattern, target);
        }

        return next(context);
    });

    private static void Read(HttpRequest request, RoutePattern pattern, string target)
    {
        string[] sent = target.Split('?', 2)[0].Split('/');
        // A target may name the host too, and have dots that the path no longer has: then its segments are not the path's.
        if (!target.StartsWith('/') || sent.Length != request.Path.Value!.Split('/').Length)
        {
            return;
        }

        for (int i = 0; i < pattern.PathSegments.Count; i++)
        {
            if (pattern.PathSegments[i] is { IsSimple: true, Parts: [RoutePatternParameterPart { IsCatchAll: false, Name: var name }] }
                && request.RouteValues.ContainsKey(name))
            {
                request.RouteValues[name] = Uri.UnescapeDataString(sent[i + 1]);
            }
        }
    }
}
