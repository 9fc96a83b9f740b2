using System.Net;
using System.Net.Http.Headers;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;
using Cartwright.Storage;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class PricesPageTests(DashboardSite site)
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_price_is_approved_and_comes_back_by_undo(bool withScripts)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(withScripts: withScripts);
        IPage page = visitor.Page;
        PriceProposal first = (await WaitingAsync()).MaxBy(proposal => proposal.ExpectedChange)!;
        await page.GotoAsync("/prices");

        await page.Locator("tbody tr").First.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { NameString = "Approve" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 price set as proposed");
        decimal? approved = (await site.Shop.Catalog.FindProductAsync(first.ProductId)).Price;
        await page.GotoAsync("/prices?status=approved");
        await visitor.ShootAsync("prices-approved-1280-light");
        await page.Locator("tbody tr").First.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { NameString = "Undo" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 price set back");

        Assert.Equal(first.ProposedPrice, approved);
        Assert.Equal(first.CurrentPrice, (await site.Shop.Catalog.FindProductAsync(first.ProductId)).Price);
        Assert.Equal(ProposalStatus.Undone, (await site.Shop.PriceSetter.FindAsync(first.Id)).Status);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task Ticked_prices_are_rejected_together_and_the_page_stays_where_it_was()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        int before = (await WaitingAsync()).Count;
        await visitor.OpenAsync("/prices?page=2");

        await page.Locator("tbody input[type=checkbox]").Nth(0).CheckAsync();
        await page.Locator("tbody input[type=checkbox]").Nth(1).CheckAsync();
        await page.ClickAsync("button:has-text('Reject ticked')");

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("2 prices left as before");
        Assert.Contains("page=2", page.Url, StringComparison.Ordinal);
        Assert.Equal(before - 2, (await WaitingAsync()).Count);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task All_that_fit_the_filters_are_approved_after_a_question()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(withScripts: false);
        IPage page = visitor.Page;
        LiveShop live = await site.Shop.Catalog.LiveAsync();
        IReadOnlyList<PriceProposal> waiting = await WaitingAsync();
        string category = waiting.Select(proposal => live.Products[live.ProductIndex(proposal.ProductId)].Category!).GroupBy(c => c).First(same => same.Count() > 1).Key;
        PriceProposal[] meant = [.. waiting.Where(proposal => live.Products[live.ProductIndex(proposal.ProductId)].Category == category)];
        await page.GotoAsync($"/prices?category={Uri.EscapeDataString(category)}");

        await page.ClickAsync("button:has-text('Approve all') >> nth=0");
        await visitor.ShootAsync("prices-approve-all-1280-light");
        await page.ClickAsync("#approve-all button.primary");

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync($"{meant.Length} prices set as proposed");
        Assert.Equal(waiting.Count - meant.Length, (await WaitingAsync()).Count);
        await site.Shop.PriceSetter.UndoAsync(new UndoRequest { ProposalIds = [.. meant.Select(proposal => proposal.Id)] });
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task Nothing_ticked_is_told_so()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/prices");

        await visitor.Page.ClickAsync("button:has-text('Approve ticked')");

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("No price is ticked");
    }

    [BrowserFact]
    public async Task A_product_shows_its_demand_with_both_prices_marked_and_the_same_as_a_file()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await visitor.OpenAsync("/prices");

        await page.Locator("tbody a").Nth(1).ClickAsync();
        await page.WaitForFunctionAsync("() => !document.querySelector('e-chart.waiting')");
        await page.Locator("#demand summary:has-text('Table')").ClickAsync();
        string[] prices = [.. await page.Locator("#demand tbody th").AllInnerTextsAsync()];
        string[] lines = (await (await page.APIRequest.GetAsync((await page.Locator("#demand a.csv").GetAttributeAsync("href"))!)).TextAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        await Assertions.Expect(page.Locator("#demand canvas")).ToBeVisibleAsync();
        Assert.Single(prices, price => price.EndsWith(", now", StringComparison.Ordinal));
        Assert.Single(prices, price => price.EndsWith(", proposed", StringComparison.Ordinal));
        Assert.Equal(prices.Length, lines.Length - 1);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task Searching_narrows_the_list_while_one_types()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        string id = (await WaitingAsync())[^1].ProductId;
        await visitor.OpenAsync("/prices");

        await visitor.Page.Locator("#search").PressSequentiallyAsync(id);

        await Assertions.Expect(visitor.Page.Locator("#answer h2").First).ToContainTextAsync("1 of ");
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_run_that_proposes_prices_is_started_with_limits_and_leads_back()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await visitor.OpenAsync("/prices");

        await page.ClickAsync(".actions button:has-text('Propose prices')");
        await page.FillAsync("#mostStep", "2");
        await visitor.ShootAsync("prices-propose-1280-light");
        await page.ClickAsync("#reprice button.primary");
        await page.ClickAsync("main a:has-text('See the proposed prices')", new PageClickOptions { Timeout = 60_000 });

        await Assertions.Expect(page.Locator("#answer h2").First).ToContainTextAsync("wait");
        Assert.All(await WaitingAsync(), proposal => Assert.True(Math.Abs(proposal.ProposedPrice - proposal.CurrentPrice) <= 0.02m * proposal.CurrentPrice));
        Assert.Empty(visitor.Troubles);
    }

    [Fact]
    public async Task A_shop_without_costs_says_what_is_missing_and_one_with_them_what_makes_proposals()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Admin.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        string without = WebUtility.HtmlDecode(await server.Admin.GetStringAsync("/prices"));
        await server.Service<Shop>().Catalog.PutProductAsync(new Product { Id = "p", Title = "Pan", Price = 10, Cost = 4 });

        string with = WebUtility.HtmlDecode(await server.Admin.GetStringAsync("/prices"));

        Assert.Contains("No product has both yet", without, StringComparison.Ordinal);
        Assert.Contains("1 product has a price and a cost", with, StringComparison.Ordinal);
        Assert.Contains("cartwright pricing reprice", with, StringComparison.Ordinal);
        Assert.Contains("action=\"/prices/reprice\"", with, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/prices/approve")]
    [InlineData("/prices/approve-all")]
    [InlineData("/prices/reject")]
    [InlineData("/prices/undo")]
    [InlineData("/prices/reprice")]
    public async Task Only_an_administrators_form_changes_anything(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        FormUrlEncodedContent Form() => new([new KeyValuePair<string, string>("only", "x")]);

        HttpStatusCode got = (await server.Admin.GetAsync(path)).StatusCode;
        HttpStatusCode asked = (await server.Query.PostAsync(path, Form())).StatusCode;
        HttpStatusCode forged = (await server.Admin.PostAsync(path, Form())).StatusCode;

        Assert.Equal(HttpStatusCode.MethodNotAllowed, got);
        Assert.Equal(HttpStatusCode.Forbidden, asked);
        Assert.Equal(HttpStatusCode.BadRequest, forged);
    }

    private async Task<IReadOnlyList<PriceProposal>> WaitingAsync() =>
        (await site.Shop.PriceSetter.ProposalsAsync(new ProposalsRequest { Status = ProposalStatus.Waiting, Count = 10_000 })).Proposals;
}
