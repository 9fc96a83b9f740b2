using System.Text.Json;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Http;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Behavior = Cartwright.Commerce.Behavior;
using Recommendation = Cartwright.Commerce.Recommendation;

namespace Cartwright.Server.Resources;

/// <summary>A shopper and what they did lately.</summary>
/// <param name="Interactions">How many of theirs are about a product.</param>
/// <param name="History">The latest of them, oldest first, at most 100.</param>
public sealed record ShopperView(string Id, DateTimeOffset? CreatedAt, IReadOnlyDictionary<string, string> Attributes, int Interactions,
    IReadOnlyList<ShopperAct> History);

/// <summary>One thing the shopper did with a product.</summary>
public sealed record ShopperAct(DateTimeOffset At, InteractionKind Kind, string ProductId, string Title);

/// <summary>What is gone after a shopper was forgotten, and what may still hold a trace of them.</summary>
/// <param name="Interactions">Interactions that were removed.</param>
/// <param name="ExportsRemoved">Exports kept for download that were removed, because the shopper was in them.</param>
/// <param name="ResultsRemoved">Results of runs that named the shopper, such as segments; they are worked out again by another run.</param>
/// <param name="ModelsThatLearned">Model versions trained while the shopper's interactions were there. Training again makes one without them.</param>
public sealed record ForgetReceipt(string ShopperId, long Interactions, long Reviews, long Searches, long Orders, long HandOvers, int ExportsRemoved, int ResultsRemoved, IReadOnlyList<string> ModelsThatLearned,
    string Summary);

internal static class ShopperEndpoints
{
    private const int MaxHistory = 100;

    public static void MapShoppers(this IEndpointRouteBuilder app)
    {
        const string tag = "shoppers";
        app.MapGet("/v1/shoppers/{id}", async (string id, Shop shop, CancellationToken stop) => View(await shop.Catalog.LiveAsync(stop), id))
            .Describe(tag, "shoppers.get", "A shopper with the latest of what they did.", ApiRoles.Query);

        app.MapDelete("/v1/shoppers/{id}", ForgetAsync)
            .Describe(tag, "shoppers.forget", "Forgets a shopper: they and all they did are removed. The answer is a receipt.", ApiRoles.Admin);
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

    private static async Task<ForgetReceipt> ForgetAsync(string id, Shop shop, Dashboard.TalkDesk talks, RunRecorder recorder, RunService runs, CancellationToken stop)
    {
        LiveShop live = await shop.Catalog.LiveAsync(stop);
        DateTimeOffset since = live.ShopperHistory(id).Select(act => act.At).DefaultIfEmpty(DateTimeOffset.MinValue).Min();
        ForgottenShopper removed = await shop.Catalog.DeleteShopperAsync(id, stop);

        talks.Forget(id);

        // From here on nothing stops half-way: the shopper is gone, so must be the copies.
        int exports = 0;
        int results = 0;
        string named = JsonSerializer.Serialize(id, WireJson.Options);
        foreach (var run in await runs.ListAsync(count: 1000, CancellationToken.None))
        {
            string files = ShopFolderEndpoints.FilesOf(recorder.FolderOf(run.Id));
            if (Directory.Exists(files))
            {
                Directory.Delete(files, recursive: true);
                exports++;
            }

            if (run.Result?.Contains(named, StringComparison.Ordinal) == true)
            {
                await shop.Store.SaveRunAsync(run with { Result = null }, CancellationToken.None);
                results++;
            }
        }

        // Where times only keep an order they can't be compared with the clock: every version may have learned.
        bool hasTimes = live.Snapshot.Info.HasRealTimes;
        Commerce.Runs.ModelVersion[] kept =
        [
            .. (await shop.Recommendation.StatusAsync(new Recommendation.StatusRequest(), CancellationToken.None)).Versions,
            .. (await shop.Sessions.StatusAsync(new Behavior.StatusRequest { Predict = Behavior.Foretold.Purchase }, CancellationToken.None)).Versions,
            .. (await shop.Sessions.StatusAsync(new Behavior.StatusRequest { Predict = Behavior.Foretold.Returns }, CancellationToken.None)).Versions,
        ];
        string[] versions = [.. kept.Where(v => removed.Interactions > 0 && (!hasTimes || v.TrainedAt >= since)).Select(v => v.Version)];
        string summary = $"The shopper and {removed.Interactions:N0} interactions are gone."
            + (versions.Length == 0 ? " No kept model learned from them." : $" {versions.Length} kept model versions learned from them; train again to have one that did not.");
        return new ForgetReceipt(id, removed.Interactions, removed.Reviews, removed.Searches, removed.Orders, removed.HandOvers, exports, results, versions, summary);
    }
}
