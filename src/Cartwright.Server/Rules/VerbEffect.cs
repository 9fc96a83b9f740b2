using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Inventory = Cartwright.Commerce.Inventory;
using Pricing = Cartwright.Commerce.Pricing;

namespace Cartwright.Server.Rules;

/// <summary>What is asked of a verb before it does anything.</summary>
/// <param name="IsDry">True where no proposal may be kept either.</param>
internal sealed record ProposalQuestion(Shop Shop, Verb Verb, VerbCall Call, object Request, bool IsDry, IProgress<RunProgress>? Progress);

/// <summary>What a verb changes in a shop, told before it does.</summary>
/// <param name="CanUndo">Whether each change can be taken back.</param>
internal sealed record VerbEffect(bool CanUndo, Func<ProposalQuestion, CancellationToken, Task<Proposed>> ProposeAsync)
{
    public const string Price = "price";
    public const string Order = "order";
    public const string Version = "version";
    private const string Call = "call";

    /// <summary>Lists by which several calls of a verb are one.</summary>
    private static readonly Dictionary<(string Slice, string Verb), string> Lists = new()
    {
        [("pricing", "approve")] = "proposalIds",
        [("pricing", "reject")] = "proposalIds",
        [("pricing", "undo")] = "proposalIds",
        [("inventory", "order")] = "orders",
    };

    /// <summary>A verb that a line here knows; else what only reads changes nothing, and the rest is one change without a way back.</summary>
    public static VerbEffect Of(Verb verb) => (verb.Slice, verb.Name) switch
    {
        ("pricing", "reprice") => new VerbEffect(true, RepriceAsync),
        ("inventory", "replenish") => new VerbEffect(true, ReplenishAsync),
        (_, "train" or "activate") => new VerbEffect(true, ReplaceVersionAsync),
        _ when verb.Role == ApiRoles.Query || verb.Name.StartsWith("evaluate", StringComparison.Ordinal) => new VerbEffect(true, AskAsync),
        _ => new VerbEffect(false, DoOnceAsync),
    };

    public static string? Write(decimal? amount) => amount?.ToString("0.00######", CultureInfo.InvariantCulture);

    /// <summary>Units on their way of a product, "0" for none; null where there is no such product.</summary>
    public static string? OnOrder(Product? product) => product is null ? null
        : double.TryParse(product.Attributes.GetValueOrDefault("on_order"), NumberStyles.Float, CultureInfo.InvariantCulture, out double units) ? units.ToString(CultureInfo.InvariantCulture) : "0";

    /// <summary>The version of a slice that is in service; null where none is.</summary>
    public static async Task<string?> ActiveAsync(Shop shop, string slice, CancellationToken cancellationToken)
    {
        Verb? status = VerbTable.All.FirstOrDefault(verb => verb.Slice == slice && verb.Name == "status" && verb.ResponseType == typeof(KeptVersions));
        return status is null ? null : ((KeptVersions)await status.InvokeAsync(shop, Activator.CreateInstance(status.RequestType)!, progress: null, cancellationToken)).ActiveVersion;
    }

    /// <summary>Joins calls that one call can do.</summary>
    public static IReadOnlyList<VerbCall> Together(IReadOnlyList<VerbCall> calls)
    {
        if (calls.Count < 2 || calls.Any(call => (call.Slice, call.Verb) != (calls[0].Slice, calls[0].Verb)) || !Lists.TryGetValue((calls[0].Slice, calls[0].Verb), out string? list))
        {
            return calls;
        }

        var all = new JsonArray();
        foreach (JsonNode? item in calls.SelectMany(call => JsonNode.Parse(call.Request)![list]!.AsArray()))
        {
            all.Add(item!.DeepClone());
        }

        return [calls[0] with { Request = new JsonObject { [list] = all }.ToJsonString() }];
    }

    private static async Task<Proposed> RepriceAsync(ProposalQuestion asked, CancellationToken cancellationToken)
    {
        Pricing.RepriceResponse answer = await asked.Shop.PriceSetter.RepriceAsync((Pricing.RepriceRequest)asked.Request with { DryRun = asked.IsDry }, asked.Progress, cancellationToken);
        string currency = (await asked.Shop.Store.ReadInfoAsync(cancellationToken)).Currency;
        return new Proposed([.. answer.Proposals.Select(proposal => PriceChange(proposal, currency))],
            Say($"Prices were looked at: {answer.Proposals.Count:#,0} to change, {answer.Unchanged:#,0} best left, {answer.Skipped.Count:#,0} skipped."));
    }

    private static ProposedChange PriceChange(Pricing.PriceProposal proposal, string currency)
    {
        string ids = new JsonObject { ["proposalIds"] = new JsonArray(proposal.Id) }.ToJsonString();
        return new ProposedChange(Price, proposal.ProductId, Write(proposal.CurrentPrice), Write(proposal.ProposedPrice),
            Say($"Expected to bring {proposal.ExpectedChange:+0.00;-0.00;0.00} {currency} a day ({Range(proposal)}) at an elasticity of {proposal.Inputs.Elasticity:0.0} ± {proposal.Inputs.ElasticityDeviation:0.0}, from {proposal.Inputs.Sales:#,0} days of sales{(proposal.HeldBy is { } rule ? $"; held by the {rule}" : "")}. {proposal.ModelVersion}."),
            new VerbCall("pricing", "approve", ids))
        {
            Share = (double)((proposal.ProposedPrice / proposal.CurrentPrice) - 1),
            Undo = new VerbCall("pricing", "undo", ids),
        };
    }

    private static string Range(Pricing.PriceProposal proposal) => proposal.IsBoundByStock ? "the stock is the limit, however much is wanted"
        : Say($"80 %: {proposal.ExpectedLow:+0.00;-0.00;0.00} to {proposal.ExpectedHigh:+0.00;-0.00;0.00}");

    private static async Task<Proposed> ReplenishAsync(ProposalQuestion asked, CancellationToken cancellationToken)
    {
        Inventory.ReplenishResponse answer = await asked.Shop.Inventory.ReplenishAsync((Inventory.ReplenishRequest)asked.Request, cancellationToken);
        string currency = (await asked.Shop.Store.ReadInfoAsync(cancellationToken)).Currency;
        return new Proposed([.. answer.Results.Where(reorder => reorder.Action == Inventory.ReorderAction.Order).Select(OrderChange)],
            Say($"Stock was looked at: {answer.OrderCount:#,0} products to order for {answer.OrderValue:#,0.00} {currency}. {answer.Version}."));
    }

    private static ProposedChange OrderChange(Inventory.Reorder reorder) =>
        new(Order, reorder.ProductId, reorder.OnOrder.ToString(CultureInfo.InvariantCulture), (reorder.OnOrder + reorder.Quantity).ToString(CultureInfo.InvariantCulture),
            string.Join(' ', reorder.Reasons), OrderCall(reorder.ProductId, reorder.Quantity))
        {
            Amount = reorder.Value,
            Undo = OrderCall(reorder.ProductId, -reorder.Quantity),
        };

    private static VerbCall OrderCall(string product, int units) =>
        new("inventory", "order", new JsonObject { ["orders"] = new JsonArray(new JsonObject { ["productId"] = product, ["units"] = units }) }.ToJsonString());

    /// <summary>A training, or another version: the change is the version in service.</summary>
    private static async Task<Proposed> ReplaceVersionAsync(ProposalQuestion asked, CancellationToken cancellationToken)
    {
        string slice = asked.Verb.Slice;
        string? now = await ActiveAsync(asked.Shop, slice, cancellationToken);
        string? after = (asked.Request.GetType().GetProperty("Version")?.GetValue(asked.Request) as string);
        bool isTraining = asked.Verb.Name == "train";
        return new Proposed(
            [
                new ProposedChange(Version, slice, now, isTraining ? null : after,
                    isTraining ? $"A new {slice} model is trained and goes into service only if it is better than {now ?? "none"} on the same held-out data." : $"Version {after} goes into service in place of {now ?? "none"}.", asked.Call)
                {
                    Undo = now is null ? null : new VerbCall(slice, "activate", new JsonObject { ["version"] = now }.ToJsonString()),
                },
            ],
            now is null ? $"No {slice} model is in service." : $"In service is {now}.");
    }

    /// <summary>A question changes nothing; its answer is what there is to say.</summary>
    private static async Task<Proposed> AskAsync(ProposalQuestion asked, CancellationToken cancellationToken)
    {
        object answer = await asked.Verb.InvokeAsync(asked.Shop, asked.Request, asked.Progress, cancellationToken);
        string json = JsonSerializer.Serialize(answer, asked.Verb.ResponseType, WireJson.HttpOptions);
        const int Shown = 500;
        return new Proposed([], $"{asked.Verb.Slice} {asked.Verb.Name} answered {(json.Length <= Shown ? json : json[..Shown] + "…")}");
    }

    private static Task<Proposed> DoOnceAsync(ProposalQuestion asked, CancellationToken cancellationToken) => Task.FromResult(new Proposed(
        [new ProposedChange(Call, $"{asked.Verb.Slice} {asked.Verb.Name}", null, null, "What it does can't be taken back.", asked.Call)], ""));

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
