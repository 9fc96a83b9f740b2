using System.Globalization;
using System.Text.Json.Nodes;
using Cartwright.Commerce.Automation;
using Cartwright.Server.Rules;
using Cartwright.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Cartwright.Server.Tests.Rules;

public sealed class DriftTests(TrainedShop trained, ITestOutputHelper output) : IClassFixture<TrainedShop>
{
    private readonly HandClock _clock = new(TrainedShop.TrainedAt);

    [Fact]
    public async Task Shoppers_who_go_on_as_before_are_no_drift()
    {
        foreach (ModelDrift drift in await DriftAsync(21, row => row))
        {
            Assert.NotNull(drift.Quality);
            Assert.False(drift.Quality.IsWorse, drift.Why);
            Assert.False(drift.HasDrifted, drift.Why);
        }
    }

    [Fact]
    public async Task Shoppers_who_want_what_others_wanted_are_drift_though_all_together_want_the_same()
    {
        ModelDrift drift = (await DriftAsync(21, AsAnother)).Single(model => model.Slice == "recommendation");

        Assert.All(drift.Inputs, input => Assert.InRange(input.Stability, 0, 0.25));
        Assert.True(drift.Quality!.IsWorse, drift.Quality.Words);
        Assert.True(drift.HasDrifted);
        Assert.Equal(drift.Quality.Words, drift.Why);
    }

    [Fact]
    public async Task Visits_that_no_longer_end_with_a_purchase_are_drift_of_the_model_of_sessions()
    {
        ModelDrift drift = (await DriftAsync(21, row => row[4] == "purchase" ? null : row)).Single(model => model.Slice == "behavior");

        Assert.True(drift.Quality!.IsWorse, drift.Quality.Words);
        Assert.True(drift.HasDrifted);
    }

    [Fact]
    public async Task Few_visits_say_nothing_however_odd_they_are()
    {
        int count = 0;
        foreach (ModelDrift drift in await DriftAsync(21, row => string.CompareOrdinal(row[1], "2025-04-03") > 0 && count++ < 400 ? AsAnother(row) : null))
        {
            Assert.Null(drift.Quality);
        }
    }

    [Fact]
    public async Task A_drift_rule_trains_the_model_anew_as_a_run_once_in_a_week()
    {
        string folder = await trained.GoOnAsync(_clock, 21, AsAnother);
        await using WebApplication app = await CartwrightServer.BuildAsync(TestServer.Defaults with { Shop = folder }, _clock);
        Shop shop = app.Services.GetRequiredService<Shop>();
        string? before = (await shop.Recommendation.StatusAsync(new())).ActiveVersion;
        await shop.Automation.PutRuleAsync(new PutRuleRequest
        {
            Rule = new AutomationRule
            {
                Id = "retrain",
                Name = "Learn anew when shoppers have changed",
                When = new RuleTrigger { Drift = "recommendation" },
                Do = new RuleAction { Slice = "recommendation", Verb = "train", Request = new JsonObject { ["model"] = "item-knn" } },
                Approval = new RuleApproval { Kind = ApprovalKind.Never },
                Mode = RuleMode.Live,
            },
        }, new VerbCaller(shop));

        await app.StartAsync();
        RuleRun run = await RunOfAsync(shop);

        Assert.Equal(RuleOutcome.Done, run.Outcome);
        Assert.Equal($"drift of {before}, week 3", run.Firing);
        AutomationChange change = Assert.Single((await shop.Automation.ChangesAsync(new ChangesRequest { RunId = run.Id })).Changes);
        Assert.Equal((ChangeState.Done, "version", before), (change.State, change.Kind, change.Before));
        Assert.Equal(2, (await shop.Recommendation.StatusAsync(new())).Versions.Count);
        Assert.Contains(await shop.Store.ListRunsAsync(10), one => one is { Slice: "automation", Verb: "run" } && one.Request.Contains("retrain", StringComparison.Ordinal));

        _clock.Now += TimeSpan.FromDays(1);
        await app.Services.GetRequiredService<RuleSchedule>().LookAsync();
        Assert.Single(await shop.Automation.ListRunsAsync(10));
        await app.StopAsync();
    }

    /// <summary>The shopper of a number far away does it instead: as many of each thing, by others.</summary>
    private static string[] AsAnother(string[] row) =>
        row[2].Length == 0 ? row : [row[0], row[1], string.Create(CultureInfo.InvariantCulture, $"u{(int.Parse(row[2][1..], CultureInfo.InvariantCulture) + 411) % TrainedShop.Shoppers:000000}"), .. row[3..]];

    private async Task<IReadOnlyList<ModelDrift>> DriftAsync(int days, Func<string[], string[]?> change)
    {
        await using Shop shop = await Shop.OpenAsync(await trained.GoOnAsync(_clock, days, change), _clock);
        IReadOnlyList<ModelDrift> models = (await shop.Drift.DriftAsync(new DriftRequest(), new VerbCaller(shop))).Models;
        Assert.Equal(["behavior", "recommendation"], models.Select(model => model.Slice));
        foreach (ModelDrift model in models)
        {
            output.WriteLine($"{model.Slice}: {model.Why} | {model.Quality?.Words}");
        }

        return models;
    }

    private static async Task<RuleRun> RunOfAsync(Shop shop)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await shop.Automation.ListRunsAsync(10, limit.Token) is [{ Outcome: not RuleOutcome.Running } run])
            {
                return run;
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
