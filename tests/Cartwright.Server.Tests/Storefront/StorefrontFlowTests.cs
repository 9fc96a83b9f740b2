using Cartwright.Commerce.Catalog;
using Cartwright.Server.Tests.Dashboard;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Storefront;

[Collection(DashboardGroup.Name)]
public sealed class StorefrontFlowTests(DashboardSite site)
{
    [BrowserFact]
    public async Task A_shopper_searches_opens_a_product_and_buys_it_and_the_shop_knows_each_step()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        LiveShop live = await site.Shop.Catalog.LiveAsync();
        Product wanted = live.Products.First(product => product.IsInStock && product.Price is not null);
        string word = wanted.Title.Split(' ')[^1];
        int before = (int)(await site.Shop.Catalog.StatusAsync(new())).Counts.Interactions;

        await visitor.OpenAsync("/store");
        await visitor.Page.FillAsync("#query", word);
        await visitor.Page.PressAsync("#query", "Enter");
        await visitor.Page.ClickAsync(".tiles-grid a:not(:has(+ * + .muted:has-text('sold out'))) >> nth=0");
        string product = new Uri(visitor.Page.Url).Query.Split("id=")[1].Split('&')[0];
        await visitor.Page.GotoAsync($"/store/product?id={Uri.EscapeDataString(wanted.Id)}");
        await visitor.Page.ClickAsync("button:has-text('Into the basket')");
        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToContainTextAsync("is in the basket");
        await visitor.Page.FillAsync("input.units", "2");
        await visitor.Page.ClickAsync("button:has-text('Set')");
        await Assertions.Expect(visitor.Page.Locator(".count")).ToContainTextAsync("2");
        await visitor.Page.ClickAsync("button:has-text('Buy')");

        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToContainTextAsync("Thank you");
        Assert.Empty(visitor.Troubles);
        using IShopReading reading = await site.Shop.Store.BeginReadingAsync();
        Interaction[] happened = [.. reading.Interactions().Skip(before)];
        Assert.Contains(happened, one => one.Kind == InteractionKind.Search && one.Query == word);
        Assert.Contains(happened, one => one.Kind == InteractionKind.Impression && one.Query == word && one.Position == 1);
        Assert.Contains(happened, one => one.Kind == InteractionKind.Click && one.Product == Uri.UnescapeDataString(product) && one.Query == word && one.Position == 1);
        Assert.Contains(happened, one => one.Kind == InteractionKind.View && one.Product == wanted.Id);
        Assert.Contains(happened, one => one.Kind == InteractionKind.Cart && one.Product == wanted.Id && one.Price == wanted.Price);
        Interaction bought = Assert.Single(happened, one => one.Kind == InteractionKind.Purchase);
        Assert.Equal((wanted.Id, 2.0, wanted.Price), (bought.Product!, bought.Quantity!.Value, bought.Price));
        Assert.Single(happened.Select(one => one.Session).Distinct());
    }

    [BrowserFact]
    public async Task What_is_being_typed_is_completed()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        string word = (await site.Shop.Catalog.LiveAsync()).Products[0].Title.Split(' ')[^1];
        await visitor.OpenAsync("/store");

        await visitor.Page.Locator("#query").PressSequentiallyAsync(word[..3]);

        await Assertions.Expect(visitor.Page.Locator("#completions a").First).ToBeVisibleAsync();
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_filter_narrows_the_list_in_place_and_stands_in_the_address()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/store/search?query=");
        string brand = await visitor.Page.Locator("#brand option >> nth=1").GetAttributeAsync("value") ?? "";

        await visitor.Page.SelectOptionAsync("#brand", brand);

        int expected = (await site.Shop.Catalog.LiveAsync()).Products.Count(product => product.Brand == brand);
        await Assertions.Expect(visitor.Page.Locator(".tiles-grid > li")).ToHaveCountAsync(Math.Min(24, expected));
        Assert.Contains("brand=" + brand, Uri.UnescapeDataString(visitor.Page.Url).Replace('+', ' '), StringComparison.Ordinal);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task Somebody_with_a_key_can_shop_as_a_shopper_and_sees_what_is_for_them()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/store");

        await visitor.Page.FillAsync("#as", site.ShopperId);
        await visitor.Page.ClickAsync(".store-as button");

        await Assertions.Expect(visitor.Page.Locator("#for-you h2")).ToHaveTextAsync("For you");
        await Assertions.Expect(visitor.Page.Locator(".store-as label")).ToContainTextAsync(site.ShopperId);
    }

    [BrowserFact]
    public async Task Lists_say_why_and_a_product_that_is_not_wanted_is_gone_until_it_is_taken_back()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/store");
        await visitor.Page.FillAsync("#as", site.ShopperId);
        await visitor.Page.ClickAsync(".store-as button");
        ILocator first = visitor.Page.Locator("#for-you li >> nth=0");
        string address = await first.Locator("a").GetAttributeAsync("href") ?? "";
        string product = Uri.UnescapeDataString(address.Split("id=")[1].Split('&')[0]);

        await first.Locator("button").ClickAsync();

        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToContainTextAsync("is not recommended to you any more");
        await Assertions.Expect(visitor.Page.Locator($"#for-you a[href*='id={Uri.EscapeDataString(product)}&']")).ToHaveCountAsync(0);
        await visitor.OpenAsync($"/store/product?id={Uri.EscapeDataString(product)}");
        await visitor.Page.ClickAsync("button:has-text('Recommend it to me again')");
        await Assertions.Expect(visitor.Page.Locator("button:has-text('Not interested')")).ToBeVisibleAsync();
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task The_basket_works_without_scripts()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(390, withScripts: false);
        Product product = (await site.Shop.Catalog.LiveAsync()).Products.First(one => one.IsInStock);
        await visitor.OpenAsync($"/store/product?id={Uri.EscapeDataString(product.Id)}");

        await visitor.Page.ClickAsync("button:has-text('Into the basket')");
        await visitor.Page.ClickAsync("button:has-text('Take out')");

        await Assertions.Expect(visitor.Page.Locator(".empty-title")).ToHaveTextAsync("The basket is empty");
    }
}
