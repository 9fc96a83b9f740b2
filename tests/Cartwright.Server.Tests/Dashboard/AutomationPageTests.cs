using Cartwright.Commerce.Automation;
using Cartwright.Server.Rules;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class AutomationPageTests(DashboardSite site)
{
    [BrowserTheory]
    [InlineData(1280, "light", true)]
    [InlineData(390, "dark", false)]
    public async Task Changes_are_approved_undone_and_stopped_on_the_page_without_scripts_too(int width, string colors, bool withScripts)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors, withScripts);
        IPage page = visitor.Page;
        var verbs = new VerbCaller(site.Shop);
        await site.Shop.Automation.SetDefaultsAsync(verbs);
        await site.Shop.Experiments.PutSlotAsync(new PutSlotRequest { Slot = DefaultRules.FirstPlace });
        await site.Shop.Automation.RunAsync(new RunRequest { RuleId = DefaultRules.Prices, Mode = RuleMode.DryRun }, verbs);
        AutomationRule careful = DefaultRules.All[0] with { Id = "careful", Name = "Prices that wait", Mode = RuleMode.Live, Approval = new RuleApproval(), Limits = new RuleLimits { MostChangesPerRun = 3 } };
        await site.Shop.Automation.PutRuleAsync(new PutRuleRequest { Rule = careful }, verbs);
        RunResponse run = await site.Shop.Automation.RunAsync(new RunRequest { RuleId = "careful" }, verbs);
        AutomationChange first = run.Changes.First(change => change.State == ChangeState.Waiting);
        await page.GotoAsync("/automation");
        await visitor.ShootAsync($"automation-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());

        await page.Locator($"#waiting input[value='{first.Id}']").CheckAsync();
        await page.ClickAsync("text=Approve ticked");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 change made");
        Assert.Equal(first.After, await verbs.ReadAsync("price", first.Subject, CancellationToken.None));

        await page.Locator($"#changes input[value='{first.Id}']").CheckAsync();
        await page.ClickAsync("text=Undo ticked");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 change undone");
        Assert.Equal(first.Before, await verbs.ReadAsync("price", first.Subject, CancellationToken.None));

        await page.ClickAsync("text=Stop all");
        await page.ClickAsync("#stop button.danger");
        await Assertions.Expect(page.Locator("#stopped")).ToBeVisibleAsync();
        await visitor.ShootAsync($"automation-stopped-{width}-{colors}");
        await page.ClickAsync("text=Let it go on");
        await Assertions.Expect(page.Locator("#stopped")).ToHaveCountAsync(0);
        await site.Shop.Automation.RemoveRuleAsync(new RemoveRuleRequest { RuleId = "careful" });
        Assert.Empty(visitor.Troubles);
    }

    [BrowserTheory]
    [InlineData(1280, "dark", true)]
    [InlineData(390, "light", false)]
    public async Task A_rule_is_written_and_changed_as_JSON_and_what_is_wrong_stands_beside_it(int width, string colors, bool withScripts)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors, withScripts);
        IPage page = visitor.Page;
        await page.GotoAsync("/automation");
        string example = await page.InputValueAsync("#rule");
        await page.ClickAsync("text=Write a rule");

        await page.FillAsync("#rule", example.Replace("\"cron\": \"30 4 * * *\"", "\"cron\": \"30 44 * * *\"", StringComparison.Ordinal));
        await page.ClickAsync("text=Keep the rule");
        await Assertions.Expect(page.Locator("#rule-refused")).ToContainTextAsync("44");
        Assert.Contains("30 44 * * *", await page.InputValueAsync("#rule"), StringComparison.Ordinal);
        await visitor.ShootAsync($"automation-rule-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());

        await page.FillAsync("#rule", "{ \"rule\": { \"id\": ");
        await page.ClickAsync("text=Keep the rule");
        await Assertions.Expect(page.Locator("#rule-refused")).ToContainTextAsync("not valid JSON");

        await page.FillAsync("#rule", example);
        await page.ClickAsync("text=Keep the rule");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is kept");
        await Assertions.Expect(page.Locator("#rule")).ToBeHiddenAsync();

        await page.ClickAsync("#rule-my-prices a");
        await page.FillAsync("#rule", (await page.InputValueAsync("#rule")).Replace("small steps", "very small steps", StringComparison.Ordinal));
        await page.ClickAsync("text=Keep the rule");
        await Assertions.Expect(page.Locator("#rule-my-prices strong")).ToContainTextAsync("very small steps");
        await site.Shop.Automation.RemoveRuleAsync(new RemoveRuleRequest { RuleId = "my-prices" });
        Assert.Empty(visitor.Troubles);
    }

    [BrowserTheory]
    [InlineData(1280, "light", true)]
    [InlineData(390, "dark", false)]
    public async Task An_experiment_and_a_place_are_written_and_changed_as_JSON_and_a_dry_run_is_shown_where_it_was_asked_for(int width, string colors, bool withScripts)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors, withScripts);
        IPage page = visitor.Page;
        await site.Shop.Automation.SetDefaultsAsync(new VerbCaller(site.Shop));
        await page.GotoAsync("/automation");

        await page.ClickAsync("text=Write an experiment");
        string example = await page.InputValueAsync("#experiment");
        await page.FillAsync("#experiment", example.Replace("0.5", "0.7", StringComparison.Ordinal));
        await page.ClickAsync("text=Keep the experiment");
        await Assertions.Expect(page.Locator("#experiment-refused")).ToContainTextAsync("sum to 1");
        await visitor.ShootAsync($"automation-experiment-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());
        await page.FillAsync("#experiment", example);
        await page.ClickAsync("text=Keep the experiment");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is kept");
        await page.ClickAsync("#experiments a:text('Edit')");
        await page.FillAsync("#experiment", (await page.InputValueAsync("#experiment")).Replace("from 30", "from thirty", StringComparison.Ordinal));
        await page.ClickAsync("text=Keep the experiment");
        await Assertions.Expect(page.Locator("#experiments h3")).ToContainTextAsync(["from thirty"]);

        await page.ClickAsync("text=Write a place that chooses");
        await page.FillAsync("#slot", (await page.InputValueAsync("#slot")).Replace("home-first", "banner", StringComparison.Ordinal).Replace("First place of the home page", "Banner", StringComparison.Ordinal));
        await page.ClickAsync("text=Keep the place");
        await Assertions.Expect(page.Locator("#slots h3:text-is('Banner')")).ToHaveCountAsync(1);

        await page.ClickAsync($"#rule-{DefaultRules.Prices} button:text('Dry run')");
        await Assertions.Expect(page.Locator("#dry-run")).ToContainTextAsync("in the past 30 days", new LocatorAssertionsToContainTextOptions { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("#dry-run")).ToContainTextAsync("can't be told");
        await visitor.ShootAsync($"automation-dry-run-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());
        Assert.Empty(visitor.Troubles);
    }
}
