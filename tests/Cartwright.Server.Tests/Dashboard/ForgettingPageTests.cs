using System.Net;
using Cartwright.Server.Dashboard;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class ForgettingPageTests(DashboardSite site)
{
    [Fact]
    public async Task A_forgetting_is_watched_and_its_receipt_stands_on_its_page()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.FillAsync(shoppers: 40);
        var desk = server.Service<ForgettingDesk>();

        Forgetting begun = desk.Begin("s39");
        string first = await server.Admin.GetStringAsync($"/shoppers/forgetting/{begun.Id}");
        await begun.Ended;
        string last = WebUtility.HtmlDecode(await server.Admin.GetStringAsync($"/shoppers/forgetting/{begun.Id}"));

        Assert.DoesNotContain("s39", first, StringComparison.Ordinal);
        Assert.Contains("interactions are gone", last, StringComparison.Ordinal);
        Assert.DoesNotContain("hx-get=\"/shoppers/forgetting", last, StringComparison.Ordinal);
        Assert.Equal(4, begun.Progress!.Total);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Admin.GetAsync(new Uri("/shoppers/forgetting/nothing", UriKind.Relative))).StatusCode);
    }

    [BrowserTheory]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task Somebody_whom_nothing_names_is_said_to_be_nobody(int width, string colors)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors);

        Forgetting begun = site.Forgettings.Begin("nobody-at-all");
        await visitor.Page.GotoAsync(Links.Forgetting(begun.Id));
        await Assertions.Expect(visitor.Page.Locator("#forgetting [role=status]")).ToContainTextAsync("nobody-at-all");

        await visitor.ShootAsync($"forgetting-{width}-{colors}");
        Assert.Empty(await visitor.FlawsAsync());
        Assert.Empty(visitor.Troubles);
    }
}
