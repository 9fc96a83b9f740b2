using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Rules;
using Cartwright.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Cartwright.Server.Tests.Rules;

public sealed class RuleScheduleTests
{
    [Fact]
    public async Task After_a_restart_a_rule_fires_once_for_what_was_missed_and_nothing_twice()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);
        await shop.Shop.DisposeAsync();
        shop.Clock.Now += TimeSpan.FromHours(2.5);                     // 13:00, and nobody was there at 11, 12 and 13

        await ServeAsync(shop, runs => runs.Count == 1);
        await ServeAsync(shop, runs => runs.Count == 1);               // the same moment again
        shop.Clock.Now += TimeSpan.FromHours(1);
        IReadOnlyList<RuleRun> runs = await ServeAsync(shop, runs => runs.Count == 2);

        Assert.Equal(["at 2026-03-01T14:00Z", "at 2026-03-01T13:00Z"], runs.Select(run => run.Firing));
        Assert.Contains("stands for 2 more", runs[1].Summary, StringComparison.Ordinal);
        Assert.All(runs, run => Assert.Equal(RuleOutcome.Done, run.Outcome));
    }

    [Fact]
    public async Task What_comes_due_while_stopped_runs_once_when_it_goes_on()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);
        await shop.Automation.StopAsync(new StopRequest());
        await shop.Shop.DisposeAsync();
        shop.Clock.Now += TimeSpan.FromHours(3);
        await using WebApplication app = await StartAsync(shop);
        var schedule = app.Services.GetRequiredService<RuleSchedule>();
        Automator automation = app.Services.GetRequiredService<Shop>().Automation;

        Assert.Equal(0, await schedule.LookAsync());
        await automation.ResumeAsync(new ResumeRequest());
        await schedule.LookAsync();
        await schedule.LookAsync();

        IReadOnlyList<RuleRun> runs = await WaitAsync(automation, runs => runs.Count == 1 && runs[0].Outcome == RuleOutcome.Done);
        Assert.Equal("at 2026-03-01T13:00Z", Assert.Single(runs).Firing);
        await app.StopAsync();
    }

    [Fact]
    public async Task An_event_rule_runs_once_for_the_run_it_waits_for()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices with { When = new RuleTrigger { Event = "catalog import" } });
        await shop.Shop.Store.SaveRunAsync(new Run
        {
            Id = "20260301-104500-abcdef", Slice = "catalog", Verb = "import", Request = "{}", Status = RunStatus.Succeeded, CreatedAt = shop.Clock.Now, EndedAt = shop.Clock.Now.AddMinutes(15),
        });
        await shop.Shop.DisposeAsync();
        shop.Clock.Now += TimeSpan.FromHours(1);

        await ServeAsync(shop, runs => runs.Count == 1);
        IReadOnlyList<RuleRun> runs = await ServeAsync(shop, runs => runs.Count == 1);

        Assert.Equal("run 20260301-104500-abcdef", Assert.Single(runs).Firing);
    }

    /// <summary>Serves the shop until its rules have run as they should, looks twice more, and ends.</summary>
    private static async Task<IReadOnlyList<RuleRun>> ServeAsync(RuleShop shop, Func<IReadOnlyList<RuleRun>, bool> until)
    {
        await using WebApplication app = await StartAsync(shop);
        Automator automation = app.Services.GetRequiredService<Shop>().Automation;
        await WaitAsync(automation, runs => until(runs) && runs.All(run => run.Outcome != RuleOutcome.Running));
        await app.Services.GetRequiredService<RuleSchedule>().LookAsync();
        await app.Services.GetRequiredService<RuleSchedule>().LookAsync();
        IReadOnlyList<RuleRun> runs = await automation.ListRunsAsync(100);
        Assert.True(until(runs));
        await app.StopAsync();
        return runs;
    }

    private static async Task<WebApplication> StartAsync(RuleShop shop)
    {
        WebApplication app = await CartwrightServer.BuildAsync(TestServer.Defaults with { Shop = shop.Folder }, shop.Clock);
        await app.StartAsync();
        return app;
    }

    private static async Task<IReadOnlyList<RuleRun>> WaitAsync(Automator automation, Func<IReadOnlyList<RuleRun>, bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        IReadOnlyList<RuleRun> runs = await automation.ListRunsAsync(100, limit.Token);
        while (!until(runs))
        {
            await Task.Delay(50, limit.Token);
            runs = await automation.ListRunsAsync(100, limit.Token);
        }

        return runs;
    }
}
