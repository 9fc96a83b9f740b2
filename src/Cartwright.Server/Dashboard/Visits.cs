using Cartwright.Commerce.Access;
using Cartwright.Server.Access;
using Cartwright.Server.Dashboard.Pages;

namespace Cartwright.Server.Dashboard;

/// <summary>Who comes and goes, and how they like to see the dashboard.</summary>
internal static class Visits
{
    public static async Task<IResult> LogInAsync(HttpContext http, KeyRing keys)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string returnUrl = LocalPath(form["returnUrl"]);
        ApiKey? key = await keys.FindAsync(form["key"].ToString().Trim(), http.RequestAborted);
        string? error = key switch
        {
            null => "This key is not known. It may be mistyped, or it was revoked.",
            { Roles: var roles } when (roles & (ApiRoles.Query | ApiRoles.Admin)) == ApiRoles.None =>
                $"The key “{key.Name}” may only post interactions. Log in with a key that may ask questions or administer.",
            _ => null,
        };
        if (error is not null)
        {
            return Page.Of<LoginPage>(new { ReturnUrl = returnUrl, Error = error }, StatusCodes.Status401Unauthorized);
        }

        await Identities.SignInAsync(http, key!);
        return Results.LocalRedirect(returnUrl);
    }

    public static async Task<IResult> LogOutAsync(HttpContext http)
    {
        await Identities.SignOutAsync(http);
        return Results.LocalRedirect(AccessSetup.LoginPath);
    }

    public static async Task<IResult> SetThemeAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string theme = form["theme"] == "light" ? "light" : form["theme"] == "dark" ? "dark" : "auto";
        http.Response.Cookies.Append(Themes.Cookie, theme, new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Strict });
        return Results.LocalRedirect(LocalPath(form["back"]));
    }

    /// <summary>A path of this server; home where it is none, so that a link can't send anybody elsewhere after the login.</summary>
    internal static string LocalPath(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.AsSpan().ContainsAny('\r', '\n', '\t') ? path : "/";
}
