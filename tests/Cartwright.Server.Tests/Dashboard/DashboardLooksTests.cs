using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class DashboardLooksTests(DashboardSite site)
{
    private const int MaxPageBytes = 300_000;

    /// <summary>The bytes of the page and of all that it loads but the chart library, as encoded on the wire, cached or not.</summary>
    private const string EncodedBytes = """
        () => ['navigation', 'resource']
            .flatMap(kind => performance.getEntriesByType(kind))
            .filter(entry => !entry.name.includes('echarts'))
            .reduce((sum, entry) => sum + entry.encodedBodySize, 0)
        """;

    [BrowserTheory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(390, "light")]
    [InlineData(390, "dark")]
    public async Task Every_page_is_readable_and_quiet(int width, string colors)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors);
        var flaws = new List<string>();

        foreach (var (name, path) in Pages())
        {
            int status = await visitor.OpenAsync(path);
            await visitor.ShootAsync($"{name}-{width}-{colors}");

            flaws.AddRange((await visitor.FlawsAsync()).Select(flaw => $"{path}: {flaw}"));
            flaws.AddRange((await visitor.Page.GetByText("because of a fault in Cartwright").AllInnerTextsAsync()).Select(fault => $"{path}: {fault}"));
            int expected = name == "missing" ? 404 : 200;
            if (status != expected)
            {
                flaws.Add($"{path}: answered {status}");
            }
        }

        Assert.Equal("", string.Join('\n', flaws));
        Assert.Equal("", string.Join('\n', visitor.Troubles));
    }

    [BrowserFact]
    public async Task No_page_weighs_more_than_300_kB_beside_the_chart_library()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        var heavy = new List<string>();
        foreach (var (_, path) in Pages())
        {
            await visitor.OpenAsync(path);
            await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            int bytes = await visitor.Page.EvaluateAsync<int>(EncodedBytes);
            Assert.True(bytes > 1_000, $"{path} weighed {bytes} bytes: the browser did not tell.");
            if (bytes > MaxPageBytes)
            {
                heavy.Add($"{path}: {bytes}");
            }
        }

        Assert.Empty(heavy);
    }

    [BrowserFact]
    public async Task Every_link_of_every_page_leads_somewhere()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        var links = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (_, path) in Pages().Where(page => page.Name != "missing"))
        {
            await visitor.OpenAsync(path);
            links.UnionWith(await visitor.Page.EvaluateAsync<string[]>("() => [...document.links].map(a => a.pathname + a.search)"));
        }

        var dead = new List<string>();
        foreach (string link in links.GroupBy(link => link.Split('?')[0]).SelectMany(sameKind => sameKind.Take(12)))
        {
            IAPIResponse answer = await visitor.Page.APIRequest.GetAsync(link);
            if (!answer.Ok)
            {
                dead.Add($"{link}: {answer.Status}");
            }
        }

        Assert.Empty(dead);
    }

    [BrowserFact]
    public async Task The_navigation_is_behind_a_menu_on_a_phone_and_works_without_scripts()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(390, withScripts: false);

        await visitor.Page.ClickAsync("details.menu > summary");
        await visitor.Page.ClickAsync("details.menu a:has-text('Catalog')");

        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Catalog");
    }

    [BrowserFact]
    public async Task The_first_tab_stop_skips_to_the_content()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/catalog");

        await visitor.Page.Keyboard.PressAsync("Tab");
        string first = await visitor.Page.EvaluateAsync<string>("() => document.activeElement.textContent");
        await visitor.Page.Keyboard.PressAsync("Enter");

        Assert.Equal("Skip to content", first);
        Assert.EndsWith("#main", visitor.Page.Url);
    }

    [BrowserFact]
    public async Task A_chosen_theme_stays()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(colors: "light");

        await visitor.Page.ClickAsync(".rail button[value=dark]");
        await visitor.OpenAsync("/catalog");

        Assert.Equal("dark", await visitor.Page.GetAttributeAsync("html", "data-theme"));
        Assert.Empty(visitor.Troubles);
    }

    private IEnumerable<(string Name, string Path)> Pages() =>
    [
        ("home", "/"),
        ("home-year", "/?days=365&kind=View"),
        ("search-empty", "/search"),
        ("search", "/search?query=coffee"),
        ("search-apart", $"/search?query=coffee&left=tf-idf&right=bm25&product={Uri.EscapeDataString(site.ProductId)}"),
        ("search-none", "/search?query=xyzzyplugh"),
        ("search-clicks", "/search/clicks?query=coffee"),
        ("store", "/store"),
        ("store-search", "/store/search?query=coffee"),
        ("store-all", "/store/search?query=&page=2"),
        ("store-none", "/store/search?query=xyzzyplugh"),
        ("store-product", $"/store/product?id={Uri.EscapeDataString(site.ProductId)}"),
        ("store-basket", "/store/basket"),
        ("shoppers", "/shoppers"),
        ("shoppers-one", $"/shoppers?shopper={site.ShopperId}"),
        ("shoppers-nobody", "/shoppers?shopper=nobody-at-all"),
        ("shoppers-weeks", "/shoppers?by=shopper&period=week"),
        ("recommendations-empty", "/recommendations"),
        ("recommendations", $"/recommendations?shopper={Uri.EscapeDataString(site.ShopperId)}"),
        ("recommendations-unknown", "/recommendations?shopper=nobody"),
        ("recommendations-none", $"/recommendations?shopper={Uri.EscapeDataString(site.ShopperId)}&priceFrom=999999&filtered=1"),
        ("automation", "/automation"),
        ("pipeline", "/recommendations/pipeline"),
        ("catalog", "/catalog"),
        ("catalog-none", "/catalog?search=xyzzy"),
        ("product", $"/catalog/product?id={Uri.EscapeDataString(site.ProductId)}"),
        ("photo", "/catalog/photo"),
        ("store-photo", "/store/photo"),
        ("prices", "/prices"),
        ("prices-page", "/prices?page=2"),
        ("prices-none", "/prices?search=xyzzy"),
        ("prices-undone", "/prices?status=undone"),
        ("stock", "/stock"),
        ("stock-product", $"/stock?product={Uri.EscapeDataString(site.ProductId)}&leadTime=14&review=7"),
        ("stock-unknown", "/stock?product=nobody"),
        ("assistant", "/assistant"),
        ("models", "/models"),
        ("train", "/models/train"),
        ("tune", "/models/tune"),
        ("off-policy", "/models/off-policy"),
        ("data", "/data"),
        ("import", $"/data/imports/{site.ImportId}"),
        ("settings", "/settings"),
        ("missing", "/no-such-page"),
        ("login", "/login"),
    ];
}

[CollectionDefinition(Name)]
public sealed class DashboardGroup : ICollectionFixture<DashboardSite>
{
    public const string Name = "dashboard";
}
