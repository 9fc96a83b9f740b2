using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class MeasurePagesTests(DashboardSite site)
{
    [BrowserTheory]
    [InlineData(1280, "light", true)]
    [InlineData(390, "dark", false)]
    public async Task A_search_of_options_is_started_by_a_form_and_answers_with_a_table(int width, string colors, bool withScripts)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors, withScripts);
        IPage page = visitor.Page;
        await page.GotoAsync("/models");
        await page.ClickAsync("text=Search options");

        await page.SelectOptionAsync("#model", "ease");
        await page.FillAsync("#trials", "many");
        await page.ClickAsync("text=Start the search");
        await Assertions.Expect(page.Locator("#trials-error")).ToContainTextAsync("no whole number");
        await page.FillAsync("#trials", "5000");
        await page.ClickAsync("text=Start the search");
        await Assertions.Expect(page.Locator("#trials-error")).ToContainTextAsync("1 to 1,000");
        await visitor.ShootAsync($"tune-refused-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());

        await page.FillAsync("#trials", "2");
        await page.ClickAsync("text=Start the search");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Search a model's options");
        await Assertions.Expect(page.Locator("h2").First).ToContainTextAsync("Done in", new() { Timeout = 120_000 });
        await Assertions.Expect(page.Locator("td[data-name=Options]")).ToHaveCountAsync(2);
        await visitor.ShootAsync($"tuned-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_list_is_valued_from_places_that_were_left_to_chance()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await page.GotoAsync("/models/off-policy");
        await Assertions.Expect(page.Locator("#no-chance")).ToBeVisibleAsync();
        await site.Shop.Recommendation.SetPipelineAsync(new SetPipelineRequest { Pipeline = new RecommendationPipeline { Exploration = new Exploration { Share = 0.5 } } });
        Snapshot snapshot = (await site.Shop.Catalog.LiveAsync()).Snapshot;
        DateTimeOffset shown = TimeProvider.System.GetUtcNow().AddDays(-3);
        await ((IExposureStore)site.Shop.Store).KeepAsync(
            [.. Enumerable.Range(0, 60).Select(i => new Exposure($"list-{i}", 1, shown, snapshot.Shoppers[i % 30].Id, null, "chance", snapshot.Products[i % 5].Id, 0.2, snapshot.Products[0].Id))], CancellationToken.None);

        await page.GotoAsync("/models/off-policy");
        Assert.Equal(0, await page.Locator("#no-chance").CountAsync());
        await page.FillAsync("#clip", "0,5");
        await page.ClickAsync("text=Value it");
        await Assertions.Expect(page.Locator("#clip-error")).ToContainTextAsync("1 to");
        await page.FillAsync("#clip", "20");
        await visitor.ShootAsync("off-policy-1280-light");
        Assert.Empty(await visitor.FlawsAsync());
        await page.ClickAsync("text=Value it");

        await Assertions.Expect(page.Locator("h2").First).ToContainTextAsync("Done in", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("table tbody tr").First).ToBeVisibleAsync();
        await visitor.ShootAsync("valued-1280-light");
        Assert.Empty(await visitor.FlawsAsync());
        await site.Shop.Recommendation.SetPipelineAsync(new SetPipelineRequest { Pipeline = new RecommendationPipeline() });
        Assert.Empty(visitor.Troubles);
    }
}
