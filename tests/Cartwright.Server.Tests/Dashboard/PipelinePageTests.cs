using Cartwright.Commerce.Catalog;
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
        await page.ClickAsync("#json > summary");
        await page.FillAsync("#text", pinned);
        await page.ClickAsync("text=Preview the JSON");
        await Assertions.Expect(page.Locator("#preview section").Nth(1).Locator("li").First).ToContainTextAsync("rule front");
        await visitor.ShootAsync($"pipeline-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());

        await page.ClickAsync("#json > summary");
        await page.FillAsync("#text", """{ "pipeline": { "diversity": 7 } }""");
        await page.ClickAsync("text=Put the JSON into service");
        await Assertions.Expect(page.Locator("#refused")).ToContainTextAsync("0 to 1");

        await page.FillAsync("#text", pinned);
        await page.ClickAsync("text=Put the JSON into service");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is in service");
        Assert.Equal(product, (await site.Shop.Recommendation.RecommendAsync(new RecommendRequest { Model = "recent-popularity" })).Results[0].ProductId);

        string first = (await site.Shop.Recommendation.PipelineAsync(new PipelineRequest())).Version;
        await page.ClickAsync("text=Back to no pipeline");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("the model's own order again");
        Assert.True((await site.Shop.Recommendation.PipelineAsync(new PipelineRequest())).Pipeline.IsEmpty);
        await Assertions.Expect(page.GetByText("Back to no pipeline")).ToHaveCountAsync(0);
        await page.Locator("#versions tr", new() { HasText = first }).GetByText("Put it back").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync($"{first} is in service again");
        await site.Shop.Recommendation.SetPipelineAsync(new SetPipelineRequest { Pipeline = new RecommendationPipeline() });
        Assert.Empty(visitor.Troubles);
    }

    [BrowserTheory]
    [InlineData(1280, "light", true)]
    [InlineData(390, "dark", false)]
    public async Task Rules_are_rows_to_add_move_and_remove_and_a_wrong_field_says_so_beside_it(int width, string colors, bool withScripts)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors, withScripts);
        IPage page = visitor.Page;
        await site.Shop.Recommendation.SetPipelineAsync(new SetPipelineRequest { Pipeline = new RecommendationPipeline() });
        Product product = (await site.Shop.Catalog.LiveAsync()).Snapshot.Products.First(p => p.IsInStock && p.Title.Length > 0);
        await page.GotoAsync("/recommendations/pipeline");

        await page.ClickAsync("text=Add a rule");
        await page.FillAsync("#rules-0-id", "front");
        await page.SelectOptionAsync("#rules-0-action", "pin");
        await page.FillAsync("#rules-0-productIds", product.Id);
        await page.ClickAsync("text=Add a rule");
        await page.FillAsync("#rules-1-id", "down");
        await page.SelectOptionAsync("#rules-1-action", "bury");
        await page.FillAsync("#rules-1-strength", "700");
        await page.FillAsync("#rules-1-brand", product.Brand ?? "Nobody");

        await page.ClickAsync("text=Add a rule");
        await page.FillAsync("#rules-2-id", "needless");
        await page.GetByRole(AriaRole.Button, new() { Name = "Earlier: down" }).ClickAsync();
        await Assertions.Expect(page.Locator("#rules-0-id")).ToHaveValueAsync("down");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: needless" }).ClickAsync();
        await Assertions.Expect(page.Locator("#form .ranked > li")).ToHaveCountAsync(2);

        await page.FillAsync("#diversity", "much");
        await page.ClickAsync("text=Save and put into service");
        await Assertions.Expect(page.Locator("#diversity-error")).ToContainTextAsync("no number");
        await page.FillAsync("#diversity", "0,2");
        await page.ClickAsync("text=Save and put into service");
        await Assertions.Expect(page.Locator("#rules-0-strength-error")).ToContainTextAsync("0 to 100");
        await visitor.ShootAsync($"pipeline-refused-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());

        await page.FillAsync("#rules-0-strength", "2");
        await page.FillAsync("#rules-1-from", "2026-01-01T08:00");
        await page.FillAsync("#note", "front and down");
        await page.Locator("#note").PressAsync("Enter");           // what Enter does changes nothing
        await Assertions.Expect(page.Locator("#preview section").Nth(1).Locator("li").First).ToContainTextAsync("rule front");
        await visitor.ShootAsync($"pipeline-form-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());
        await page.ClickAsync("text=Save and put into service");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is in service");

        PipelineResponse set = await site.Shop.Recommendation.PipelineAsync(new PipelineRequest());
        Assert.Equal(["down", "front"], set.Pipeline.Rules.Select(rule => rule.Id));
        Assert.Equal(MerchandisingAction.Pin, set.Pipeline.Rules[1].Action);
        Assert.Equal([product.Id], set.Pipeline.Rules[1].ProductIds);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero), set.Pipeline.Rules[1].From);
        Assert.Equal(0.2, set.Pipeline.Diversity);
        Assert.Equal("front and down", set.Versions[0].Note);
        await site.Shop.Recommendation.SetPipelineAsync(new SetPipelineRequest { Pipeline = new RecommendationPipeline() });
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task What_a_blend_learned_stands_beside_what_its_models_are_to_weigh()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        string before = (await site.Shop.Recommendation.StatusAsync(new Cartwright.Commerce.Recommendation.StatusRequest())).ActiveVersion!;
        await site.Shop.Recommendation.TrainAsync(new TrainRequest { Model = "blend", Generators = ["item-knn", "popularity"], Activate = true });
        await page.GotoAsync("/recommendations/pipeline");

        string name = (await site.Shop.Recommendation.PipelineAsync(new PipelineRequest())).Generators.Keys.First();      // a blend leaves out what did not help
        await Assertions.Expect(page.Locator($"#weights-{name}")).ToHaveAttributeAsync("placeholder", new System.Text.RegularExpressions.Regex("as learned"));
        await page.FillAsync($"#weights-{name}", "-1");
        await page.ClickAsync("text=Save and put into service");
        await Assertions.Expect(page.Locator($"#weights-{name}-error")).ToContainTextAsync("0 to 1,000");
        await page.FillAsync($"#weights-{name}", "0");
        await visitor.ShootAsync("pipeline-blend-1280-light");
        Assert.Empty(await visitor.FlawsAsync());
        await page.ClickAsync("text=Save and put into service");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is in service");

        PipelineResponse set = await site.Shop.Recommendation.PipelineAsync(new PipelineRequest());
        Assert.Equal([(name, 0d)], set.Pipeline.Weights.Select(weight => (weight.Key, weight.Value)));
        await site.Shop.Recommendation.SetPipelineAsync(new SetPipelineRequest { Pipeline = new RecommendationPipeline() });
        await site.Shop.Recommendation.ActivateAsync(new ActivateRequest { Version = before });
        Assert.Empty(visitor.Troubles);
    }
}
