using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Http;
using Cartwright.Server.Runs;
using Cartwright.Storage;

namespace Cartwright.Server.Resources;

/// <summary>A shopper and what they did lately.</summary>
/// <param name="Interactions">How many of theirs are about a product.</param>
/// <param name="History">The latest of them, oldest first, at most 100.</param>
public sealed record ShopperView(string Id, DateTimeOffset? CreatedAt, IReadOnlyDictionary<string, string> Attributes, int Interactions,
    IReadOnlyList<ShopperAct> History);

/// <summary>One thing the shopper did with a product.</summary>
public sealed record ShopperAct(DateTimeOffset At, InteractionKind Kind, string ProductId, string Title);

internal static class ShopperEndpoints
{
    private const int MaxHistory = 100;

    public static void MapShoppers(this IEndpointRouteBuilder app)
    {
        const string tag = "shoppers";
        app.MapGet("/v1/shoppers/{id}", async (string id, Shop shop, CancellationToken stop) => View(await shop.Catalog.LiveAsync(stop), id))
            .Describe(tag, "shoppers.get", "A shopper with the latest of what they did.", ApiRoles.Query);

        app.MapDelete("/v1/shoppers/{id}", (string id, Relearning relearning, CancellationToken stop) => relearning.ForgetAsync(id, cancellationToken: stop))
            .Describe(tag, "shoppers.forget", "Forgets a shopper: they and all they did are removed, and models that learned from them are trained anew without. The answer is a receipt.", ApiRoles.Admin);
    }

    private static ShopperView View(LiveShop live, string id)
    {
        int index = live.Snapshot.ShopperIndex(id);
        IReadOnlyList<LiveInteraction> history = live.ShopperHistory(id);
        Shopper? shopper = index == Snapshot.None ? null : live.Snapshot.Shoppers[index];
        if (shopper is null && history.Count == 0)
        {
            throw new NotFoundException($"There is no shopper '{id}'.");
        }

        var acts = history.Skip(Math.Max(0, history.Count - MaxHistory)).Where(act => act.Product != Snapshot.None)
            .Select(act => new ShopperAct(act.At, act.Kind, live.Products[act.Product].Id, live.Products[act.Product].Title));
        return new ShopperView(id, shopper?.CreatedAt, shopper?.Attributes ?? new Dictionary<string, string>(StringComparer.Ordinal),
            history.Count, [.. acts]);
    }
}
