using Cartwright.Commerce.Access;
using Cartwright.Server.Access;
using Microsoft.AspNetCore.Authorization;

namespace Cartwright.Server.Widget;

/// <summary>Whose pages may talk to the assistant: those of the origins that the merchant lists, and this server's own where the store is open or somebody is logged in.</summary>
internal static class WidgetAccess
{
    public static async Task<bool> MayAsync(HttpContext http, ServeOptions options)
        => IsListed(http.Request, options) || (IsFromHere(http.Request) && await IsLetInAsync(http, options));

    /// <summary>Whether the page is of one of <see cref="ServeOptions.WidgetOrigins"/>.</summary>
    public static bool IsListed(HttpRequest request, ServeOptions options)
        => request.Headers.Origin.ToString() is { Length: > 0 } origin && options.WidgetOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    /// <summary>A program sends no origin, a browser that of the page. The scheme is not compared: a proxy may have ended TLS.</summary>
    public static bool IsFromHere(HttpRequest request)
        => request.Headers.Origin.ToString() is var origin && (origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority == request.Host.Value));

    /// <summary>Whether the store is open to all, or the caller has the role to ask.</summary>
    public static async Task<bool> IsLetInAsync(HttpContext http, ServeOptions options)
        => options.OpenStore || (await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(http.User, AccessSetup.Policy(ApiRoles.Query))).Succeeded;
}
