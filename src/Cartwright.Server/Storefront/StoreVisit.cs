using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Cartwright.Server.Storefront;

/// <summary>What the storefront remembers of a browser, in a cookie that only this server can read and write.</summary>
/// <param name="Session">The session that events are posted under.</param>
/// <param name="Basket">Product ids and their units, in the order they were put in.</param>
/// <param name="Shopper">Whom somebody with a key shops as; null for a guest.</param>
internal sealed record StoreVisit(string Session, IReadOnlyList<BasketLine> Basket, string? Shopper)
{
    /// <summary>Lines in a basket and units in a line: a cookie holds 4 kB.</summary>
    public const int MaxLines = 40;
    public const int MaxUnits = 99;

    public const string Cookie = "cartwright-store";

    /// <summary>Browsers drop a cookie of more than 4 kB, name and all.</summary>
    private const int MaxCookieLength = 3_800;

    public int UnitCount => Basket.Sum(line => line.Units);

    /// <summary>The visit that a request belongs to; a new one where it belongs to none.</summary>
    public static StoreVisit Of(HttpContext http)
    {
        if (http.Items[typeof(StoreVisit)] is StoreVisit known)
        {
            return known;
        }

        StoreVisit visit = Read(http) ?? New(shopper: null);
        http.Items[typeof(StoreVisit)] = visit;
        return visit;
    }

    public static StoreVisit New(string? shopper) =>
        new($"store-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}", [], shopper);

    /// <summary>Keeps the visit in the answer's cookie, from now on this request's own.</summary>
    public StoreVisit Keep(HttpContext http)
    {
        http.Items[typeof(StoreVisit)] = this;
        http.Response.Cookies.Append(Cookie, Protector(http).Protect(JsonSerializer.Serialize(this)), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = StorefrontHosting.Root,
            Secure = http.Request.IsHttps,
        });
        return this;
    }

    /// <param name="units">Units from now on; 0 takes the line out.</param>
    public StoreVisit WithUnits(string product, int units)
    {
        int at = Basket.ToList().FindIndex(line => line.Product == product);
        BasketLine[] basket = at switch
        {
            < 0 => units > 0 && Basket.Count < MaxLines ? [.. Basket, new BasketLine(product, units)] : [.. Basket],
            _ => [.. Basket.Select(line => line.Product == product ? line with { Units = Math.Min(units, MaxUnits) } : line).Where(line => line.Units > 0)],
        };
        return this with { Basket = basket };
    }

    /// <summary>False where a browser would not keep so large a basket.</summary>
    public bool FitsCookie(HttpContext http) => Protector(http).Protect(JsonSerializer.Serialize(this)).Length <= MaxCookieLength;

    public int UnitsOf(string product) => Basket.FirstOrDefault(line => line.Product == product)?.Units ?? 0;

    private static StoreVisit? Read(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } kept)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<StoreVisit>(Protector(http).Unprotect(kept));
        }
        catch (CryptographicException)
        {
            return null;   // Written by another server, or by hand: this browser begins anew.
        }
    }

    private static IDataProtector Protector(HttpContext http) =>
        http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("Cartwright.Storefront.Visit");
}

internal sealed record BasketLine(string Product, int Units);
