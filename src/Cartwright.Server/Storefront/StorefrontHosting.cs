using Cartwright.Commerce.Access;
using Cartwright.Server.Access;
using Cartwright.Server.Dashboard;
using Cartwright.Server.Storefront.Pages;
using Cartwright.Server.Storefront.Parts;
using Cartwright.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Cartwright.Server.Storefront;

/// <summary>Puts a shop window into the server, where every answer of the program can be tried as a shopper meets it.</summary>
internal static class StorefrontHosting
{
    public const string Root = "/store";

    public static void AddStorefront(this IServiceCollection services)
    {
        services.AddSingleton<StoreShowings>();
        services.AddSingleton<StoreEvents>();
        services.AddSingleton<StoreFirstRow>();
        services.AddSingleton<StoreFacets>();
        services.AddKeyedSingleton(PhotoDesk.Store, (provider, _) => new PhotoDesk(provider.GetRequiredService<TimeProvider>(), PhotoDesk.StoreBudget));
    }

    /// <param name="isOpen">False asks for the dashboard's login, as every other page does.</param>
    public static void MapStorefront(this WebApplication app, bool isOpen)
    {
        RouteGroupBuilder store = app.MapGroup(Root).ExcludeFromDescription();
        if (!isOpen)
        {
            store.RequireAuthorization(AccessSetup.Policy(ApiRoles.Query));
        }

        store.AddEndpointFilter(RememberAsync);
        store.MapGet("", () => Page.Of<StoreHomePage>());
        store.MapGet("/search", StoreResultsPage.OpenAsync);
        store.MapGet("/complete", (string? query) => Page.Of<StoreCompletions>(new { Text = query ?? "" }));
        store.MapGet("/product", StoreProductPage.OpenAsync);
        store.MapGet("/basket", () => Page.Of<StoreBasketPage>());
        store.MapGet("/picture", Pictures.ServeAsync);
        store.MapGet("/photo", StorePhotoPage.Open);
        store.MapGet("/photo/picture", StorePhotoPage.Picture);

        store.MapPost(StoreAssistant.Path, StoreAssistant.ReplyAsync);   // JSON, which no other origin may send here with this visit's cookie

        RouteGroupBuilder act = store.MapGroup("").AddEndpointFilter<FormFilter>();
        act.MapPost("/photo", StorePhotoPage.TakeAsync).WithMetadata(new RequestSizeLimitAttribute(PhotoDesk.MaxBytes + 100_000));
        act.MapPost("/basket/add", StoreActions.AddAsync);
        act.MapPost("/basket/units", StoreActions.SetUnitsAsync);
        act.MapPost("/basket/buy", StoreActions.BuyAsync);
        act.MapPost("/block", (HttpContext http, Shop shop, StoreEvents events) => StoreActions.BlockAsync(http, shop, events, blocks: true));
        act.MapPost("/unblock", (HttpContext http, Shop shop, StoreEvents events) => StoreActions.BlockAsync(http, shop, events, blocks: false));
        act.MapPost("/as", StoreActions.ShopAsAsync).RequireAuthorization(AccessSetup.Policy(ApiRoles.Query));
    }

    /// <summary>Keeps a new visitor's session, so that the second page belongs to the same visit as the first.</summary>
    private static async ValueTask<object?> RememberAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        if (!http.Request.Cookies.ContainsKey(StoreVisit.Cookie) && !http.Request.Path.Value!.EndsWith("/picture", StringComparison.Ordinal))
        {
            StoreVisit.Of(http).Keep(http);
        }

        return await next(context);
    }
}
