using Cartwright.Commerce.Recommendation;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class PipelinePageTests(DashboardSite site)
{
    [BrowserTheory]
    [InlineData(1280, "light", true)]
    [InlineData(390, "dark", false)]
    public async Task A_pipeline_is_tried_put_into_service_and_put_back_without_scripts_too(int width, string colors, bool withScripts)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors, withScripts);
        IPage page = visitor.Page;
        string product = (await site.Shop.Catalog.LiveAsync()).Snapshot.Products.First(p => p.IsInStock).Id;
        string pinned = $$"""{ "pipeline": { "rules": [{ "id": "front", "action": "pin", "productIds": ["{{product}}"] }] }, "note": "to the front" }""";
        await page.GotoAsync("/recommendations/pipeline");

        await page.FillAsync("#text", pinned);
        await page.ClickAsync("button:text-is('Preview')");
        await Assertions.Expect(page.Locator("#preview section").Nth(1).Locator("li").First).ToContainTextAsync("rule front");
        await visitor.ShootAsync($"pipeline-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());

        await page.FillAsync("#text", """{ "pipeline": { "diversity": 7 } }""");
        await page.ClickAsync("text=Put it into service");
        await Assertions.Expect(page.Locator("#refused")).ToContainTextAsync("0 to 1");

        await page.FillAsync("#text", pinned);
        await page.ClickAsync("text=Put it into service");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is in service");
        Assert.Equal(product, (await site.Shop.Recommendation.RecommendAsync(new RecommendRequest { Model = "recent-popularity" })).Results[0].ProductId);

        string first = (await site.Shop.Recommendation.PipelineAsync(new PipelineRequest())).Version;
        await site.Shop.Recommendation.SetPipelineAsync(new SetPipelineRequest { Pipeline = new RecommendationPipeline() });
        await page.GotoAsync("/recommendations/pipeline");
        await page.Locator("#versions tr", new() { HasText = first }).GetByText("Put it back").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync($"{first} is in service again");
        await site.Shop.Recommendation.SetPipelineAsync(new SetPipelineRequest { Pipeline = new RecommendationPipeline() });
        Assert.Empty(visitor.Troubles);
    }
}
