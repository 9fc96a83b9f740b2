using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>What the forms of the page of prices do. Each ends by sending the browser to the page that shows the result.</summary>
internal static class PriceActions
{
    private const string Approved = "set as proposed. It can be undone under Approved";

    private static Verb RepriceVerb { get; } = VerbTable.All.Single(verb => verb.RequestType == typeof(RepriceRequest));

    public static async Task<IResult> RepriceAsync(HttpContext http, RunService runs)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        var defaults = new RepriceRequest();
        try
        {
            Run run = await runs.StartAsync(RepriceVerb, defaults with
            {
                LeastMargin = Share(form["leastMargin"], "The least margin") ?? defaults.LeastMargin,
                MostStep = Share(form["mostStep"], "The largest step") ?? defaults.MostStep,
                MostAboveUsual = Share(form["mostAboveUsual"], "The most above the usual price") ?? defaults.MostAboveUsual,
            }, cancellationToken: http.RequestAborted);
            return Results.LocalRedirect(Links.Run(run.Id));
        }
        catch (ValidationException exception)
        {
            return new Message("bad", exception.Message).Then(http, "/prices");
        }
    }

    public static Task<IResult> ApproveAsync(HttpContext http, Shop shop) => DecideAsync(
        http, ids => shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = ids }, http.RequestAborted), Approved);

    /// <summary>Approves what waits and fits the filters of the list, leaving out prices that were changed meanwhile.</summary>
    public static async Task<IResult> ApproveAllAsync(HttpContext http, Shop shop, ShopReading reading)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        var question = new PriceQuestion(form["search"], form["category"], nameof(ProposalStatus.Waiting), Proposal: null, Page: null);
        LiveShop live = await reading.LiveAsync(http.RequestAborted);
        ProposalsResponse waiting = await shop.PriceSetter.ProposalsAsync(new ProposalsRequest { Status = ProposalStatus.Waiting, Count = PriceQuestion.MostListed }, http.RequestAborted);
        string[] ids = [.. waiting.Proposals.Where(proposal => question.Fits(proposal, PriceQuestion.ProductOf(live, proposal)) && PriceQuestion.ProductOf(live, proposal)?.Price == proposal.CurrentPrice)
            .Select(proposal => proposal.Id)];
        return await DecideAsync(http, ids, "/prices", ids => shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = ids }, http.RequestAborted), Approved);
    }

    public static Task<IResult> RejectAsync(HttpContext http, Shop shop) => DecideAsync(
        http, ids => shop.PriceSetter.RejectAsync(new RejectRequest { ProposalIds = ids }, http.RequestAborted), "left as before");

    public static Task<IResult> UndoAsync(HttpContext http, Shop shop) => DecideAsync(
        http, ids => shop.PriceSetter.UndoAsync(new UndoRequest { ProposalIds = ids }, http.RequestAborted), "set back");

    private static async Task<IResult> DecideAsync(HttpContext http, Func<string[], Task<ProposalsResponse>> decide, string done)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string back = form["back"].ToString() is var path && path.StartsWith("/prices?", StringComparison.Ordinal) ? Visits.LocalPath(path) : "/prices";
        return await DecideAsync(http, [.. (form["only"] is { Count: > 0 } only ? only : form["id"]).OfType<string>()], back, decide, done);
    }

    private static async Task<IResult> DecideAsync(HttpContext http, string[] ids, string back, Func<string[], Task<ProposalsResponse>> decide, string done)
    {
        if (ids.Length == 0)
        {
            return new Message("warn", "No price is ticked. Tick those that are meant, or use the buttons of one.").Then(http, back);
        }

        try
        {
            ProposalsResponse decided = await decide(ids);
            return new Message("good", $"{Figures.Count(decided.Proposals.Count, "price")} {done}.").Then(http, back);
        }
        catch (Exception refused) when (refused is ValidationException or NotFoundException)
        {
            return new Message("bad", refused.Message).Then(http, back);
        }
    }

    /// <summary>A field in percent as a share.</summary>
    private static double? Share(string? text, string what) => RecommendationQuestion.Text(text) switch
    {
        null => null,
        { } given when double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out double percent) && double.IsFinite(percent) => percent / 100,
        { } given => throw new ValidationException($"{what} must be a number of percent; “{given}” is none."),
    };
}
