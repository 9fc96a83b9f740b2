using Cartwright.Commerce.Catalog;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class StockPageTests(DashboardSite site)
{
    [BrowserFact]
    public async Task The_reorder_list_is_there_as_a_file_of_all_products_for_the_days_that_were_asked()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await visitor.OpenAsync("/stock?leadTime=14&review=7");
        string first = await page.Locator("table.cards tbody a").First.InnerTextAsync();
        string order = await page.Locator("table.cards tbody .status").First.InnerTextAsync();

        IAPIResponse file = await page.APIRequest.GetAsync((await page.Locator("a.csv:has-text('CSV of all')").GetAttributeAsync("href"))!);
        string[] lines = (await file.TextAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.StartsWith("text/csv", file.Headers["content-type"], StringComparison.Ordinal);
        Assert.StartsWith("product,title,action,quantity", lines[0], StringComparison.Ordinal);
        LiveShop live = await site.Shop.Catalog.LiveAsync();
        Assert.Equal(live.Products.Count(product => live.ProductIndex(product.Id) >= 0), lines.Length - 1);
        Assert.Contains(first.Split(',')[0], lines[1], StringComparison.Ordinal);
        Assert.Contains($",order,{order["Order ".Length..].Replace(",", "", StringComparison.Ordinal)},", lines[1], StringComparison.Ordinal);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task On_a_phone_each_product_is_a_card_whose_cells_say_what_they_are()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(390, "dark");
        IPage page = visitor.Page;
        await visitor.OpenAsync("/stock");

        string[] names = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('table.cards tbody tr:first-child td[data-name]')].map(cell => getComputedStyle(cell, '::before').content)");

        Assert.Contains("\"Reorder below\"", names);
        Assert.Contains("\"Runs out\"", names);
        await Assertions.Expect(page.Locator("table.cards thead")).ToBeHiddenAsync();
    }
}
