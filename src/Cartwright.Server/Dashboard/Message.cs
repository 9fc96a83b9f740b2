using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Cartwright.Server.Dashboard;

/// <summary>What an action did, carried over the redirect that follows it in a cookie that lives for one page.</summary>
/// <param name="Tone">"good", "bad", "warn" or "info": the color and the icon.</param>
public sealed record Message(string Tone, string Text)
{
    private const string Cookie = "cartwright-said";

    public string Text { get; } = PageWords.Of(Text);

    /// <summary>Sends the browser to <paramref name="path"/>, where the message is shown.</summary>
    internal IResult Then(HttpContext http, string path)
    {
        http.Response.Cookies.Append(Cookie, Protector(http).Protect(JsonSerializer.Serialize(this)), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            MaxAge = TimeSpan.FromMinutes(1),
        });
        return Results.LocalRedirect(path);
    }

    internal static Message? Take(HttpContext? http)
    {
        if (http?.Request.Cookies[Cookie] is not { Length: > 0 } kept)
        {
            return null;
        }

        if (!http.Response.HasStarted)
        {
            http.Response.Cookies.Delete(Cookie);
        }

        try
        {
            return JsonSerializer.Deserialize<Message>(Protector(http).Unprotect(kept));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;   // Written by another server, or by hand.
        }
    }

    private static IDataProtector Protector(HttpContext http) =>
        http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("Cartwright.Dashboard.Message");
}
