using Cartwright.Commerce.Catalog;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class ShopperTimelineTests(DashboardSite site)
{
    [BrowserFact]
    public async Task Typing_finds_a_shopper_and_shows_their_visits()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await page.GotoAsync("/shoppers");

        await page.Locator("#shopper").PressSequentiallyAsync(site.ShopperId);
        await page.Locator("#shopper-suggestions a").First.WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("#shopper-now h2")).ToContainTextAsync(site.ShopperId);
        await Assertions.Expect(page.Locator("#shopper-now .odds dt").First).ToHaveTextAsync("Buys in this visit");
        Assert.True(await page.Locator("#shopper-now .timeline > li").CountAsync() > 0);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task What_is_posted_shows_without_a_reload()
    {
        string shopper = $"walker-{Guid.NewGuid():N}";
        await PostAsync(shopper, InteractionKind.View);
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await page.GotoAsync($"/shoppers?shopper={shopper}");
        await Assertions.Expect(page.Locator("#shopper-now h2")).ToContainTextAsync("is here now");

        await PostAsync(shopper, InteractionKind.Cart);

        await Assertions.Expect(page.Locator("#shopper-now .events > li")).ToHaveCountAsync(2, new LocatorAssertionsToHaveCountOptions { Timeout = 20_000 });
        await Assertions.Expect(page.Locator("#shopper-now .events > li").Last).ToContainTextAsync(" in the cart");
        Assert.Empty(visitor.Troubles);
    }

    private Task PostAsync(string shopper, InteractionKind kind) => site.Shop.Catalog.AppendAsync(new InteractionsRequest
    {
        Interactions = [new Interaction { Shopper = shopper, Session = $"v-{shopper}", Kind = kind, Product = site.ProductId }],
    });
}
