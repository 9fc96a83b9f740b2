using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Dashboard.Pages;
using Cartwright.Server.Dashboard.Parts;
using Cartwright.Server.Rules;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>What the forms of the page of automation do. Each ends by sending the browser to the page that shows the result.</summary>
internal static class AutomationActions
{
    private const string Path = "/automation";

    private static Verb RunVerb { get; } = VerbTable.All.Single(verb => verb.RequestType == typeof(RunRequest));

    public static Task<IResult> StopAsync(HttpContext http, Shop shop) => DoAsync(http, async form =>
    {
        await shop.Automation.StopAsync(new StopRequest { Why = form["why"].ToString() }, http.RequestAborted);
        return "Everything is stopped.";
    });

    public static Task<IResult> ResumeAsync(HttpContext http, Shop shop) => DoAsync(http, async _ =>
    {
        await shop.Automation.ResumeAsync(new ResumeRequest(), http.RequestAborted);
        return "It goes on.";
    });

    /// <summary>Sets the default rules that are not there yet, as dry runs.</summary>
    public static Task<IResult> SetDefaultsAsync(HttpContext http, Shop shop) => DoAsync(http, async _ =>
    {
        int count = await shop.Automation.SetDefaultsAsync(new VerbCaller(shop), http.RequestAborted);
        return $"{Figures.Count(count, "rule")} set as dry runs. Each writes down what it would do; make it live when you like what you read.";
    });

    /// <summary>A dry run, as a run that the page watches and then shows.</summary>
    public static async Task<IResult> RunAsync(HttpContext http, RunService runs)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        try
        {
            Run run = await runs.StartAsync(RunVerb, new RunRequest { RuleId = form["rule"].ToString(), Mode = RuleMode.DryRun, HistoryDays = DryRunCard.Days }, cancellationToken: http.RequestAborted);
            return Results.LocalRedirect($"{Path}?run={Uri.EscapeDataString(run.Id)}");
        }
        catch (ValidationException refused)
        {
            return new Message("bad", refused.Message).Then(http, Path);
        }
    }

    public static Task<IResult> PutRuleAsync(HttpContext http, Shop shop) => PutAsync<PutRuleRequest>(http, "rule", async request =>
    {
        await shop.Automation.PutRuleAsync(request, new VerbCaller(shop), http.RequestAborted);
        return $"“{request.Rule.Name}” is kept{(request.Rule.Mode == RuleMode.Live ? " and changes the shop from its next time on" : "")}.";
    });

    public static Task<IResult> PutExperimentAsync(HttpContext http, Shop shop) => PutAsync<PutExperimentRequest>(http, "experiment", async request =>
    {
        await shop.Experiments.PutExperimentAsync(request, http.RequestAborted);
        return $"“{request.Experiment.Name}” is kept{(request.Experiment.Enabled ? ": shoppers are assigned from now on" : "")}.";
    });

    public static Task<IResult> PutSlotAsync(HttpContext http, Shop shop) => PutAsync<PutSlotRequest>(http, "slot", async request =>
    {
        await shop.Experiments.PutSlotAsync(request, http.RequestAborted);
        return $"“{request.Slot.Name}” is kept: it chooses from now on.";
    });

    /// <summary>Keeps what was written as JSON; what can't be kept comes back with what is wrong.</summary>
    private static async Task<IResult> PutAsync<T>(HttpContext http, string kind, Func<T, Task<string>> keep)
        where T : class
    {
        string text = (await http.Request.ReadFormAsync(http.RequestAborted))["text"].ToString();
        try
        {
            return new Message("good", await keep(AutomationText.Read<T>(text))).Then(http, Path);
        }
        catch (Exception refused) when (refused is ValidationException or NotFoundException)
        {
            return Page.Of<AutomationPage>(new { WrittenKind = kind, Written = text, Refused = PageWords.Of(refused.Message) }, StatusCodes.Status400BadRequest);
        }
    }

    public static Task<IResult> SetModeAsync(HttpContext http, Shop shop) => DoAsync(http, async form =>
    {
        string id = form["rule"].ToString();
        AutomationRule rule = (await shop.Automation.RulesAsync(new RulesRequest(), http.RequestAborted)).Rules.FirstOrDefault(status => status.Rule.Id == id)?.Rule
            ?? throw new NotFoundException($"There is no rule '{id}' any more.");
        rule = form["mode"].ToString() switch
        {
            "live" => rule with { Mode = RuleMode.Live },
            "dryRun" => rule with { Mode = RuleMode.DryRun },
            "off" => rule with { Enabled = false },
            _ => rule with { Enabled = true },
        };
        await shop.Automation.PutRuleAsync(new PutRuleRequest { Rule = rule }, new VerbCaller(shop), http.RequestAborted);
        return $"“{rule.Name}” {(!rule.Enabled ? "rests" : rule.Mode == RuleMode.Live ? "changes the shop from its next time on" : "only writes down what it would do")}.";
    });

    public static Task<IResult> ApproveAsync(HttpContext http, Shop shop) => DecideAsync(http, async ids =>
    {
        IReadOnlyList<AutomationChange> ended = (await shop.Automation.ApproveAsync(new ApproveRequest { ChangeIds = ids }, new VerbCaller(shop), http.RequestAborted)).Changes;
        int made = ended.Count(change => change.State == ChangeState.Done);
        return made == ended.Count ? $"{Figures.Count(made, "change")} made." : $"{Figures.Count(made)} of {Figures.Count(ended.Count, "change")} made; the list says why the others were not.";
    });

    public static Task<IResult> RejectAsync(HttpContext http, Shop shop) => DecideAsync(http, async ids =>
        $"{Figures.Count((await shop.Automation.RejectAsync(new RejectRequest { ChangeIds = ids }, http.RequestAborted)).Changes.Count, "change")} rejected.");

    public static Task<IResult> UndoAsync(HttpContext http, Shop shop) => DecideAsync(http, async ids =>
        $"{Figures.Count((await shop.Automation.UndoAsync(new UndoRequest { ChangeIds = ids }, new VerbCaller(shop), http.RequestAborted)).Changes.Count, "change")} undone: all is as it was before.");

    private static Task<IResult> DecideAsync(HttpContext http, Func<string[], Task<string>> decide) => DoAsync(http, async form =>
    {
        string[] ids = [.. form["id"].OfType<string>()];
        return ids.Length == 0 ? throw new ValidationException("No change is ticked. Tick those that are meant.") : await decide(ids);
    });

    private static async Task<IResult> DoAsync(HttpContext http, Func<IFormCollection, Task<string>> act)
    {
        try
        {
            return new Message("good", await act(await http.Request.ReadFormAsync(http.RequestAborted))).Then(http, Path);
        }
        catch (Exception refused) when (refused is ValidationException or NotFoundException or ModelNotTrainedException)
        {
            return new Message("bad", refused.Message).Then(http, Path);
        }
    }
}
