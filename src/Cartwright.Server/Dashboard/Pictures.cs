using Cartwright.Commerce.Catalog;
using Cartwright.Storage;
using Microsoft.AspNetCore.StaticFiles;

namespace Cartwright.Server.Dashboard;

/// <summary>The pictures that products name, read from the shop's folder and from nowhere else.</summary>
internal static class Pictures
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    public static async Task<IResult> ServeAsync(string id, Shop shop, HttpContext http)
    {
        LiveShop live = await shop.Catalog.LiveAsync(http.RequestAborted);
        int index = live.ProductIndex(id);
        if (index < 0 || shop.Catalog.Pictures.FileOf(live.Products[index]) is not { } file
            || !ContentTypes.TryGetContentType(file, out string? type) || !type.StartsWith("image/", StringComparison.Ordinal))
        {
            return Results.NotFound();
        }

        // A picture may be SVG, from whoever made the catalog: it must not run anything here.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        http.Response.Headers.CacheControl = "private, max-age=3600";
        return Results.File(file, type);
    }
}
