using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using TrainRequest = Cartwright.Commerce.Recommendation.TrainRequest;

namespace Cartwright.Server.Tests.Dashboard;

/// <summary>What the pages say, without a browser.</summary>
public sealed class DashboardAnswerTests
{
    [Fact]
    public async Task An_empty_shop_says_what_to_do_next()
    {
        await using Visit visit = await Visit.StartAsync();

        string home = await visit.GetAsync("/");

        Assert.Contains("This shop is empty", home, StringComparison.Ordinal);
        Assert.Contains("Import data.", home, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_posted_is_in_the_figures_and_the_next_step_is_to_train()
    {
        await using Visit visit = await Visit.StartAsync();
        await visit.Server.FillAsync(shoppers: 10);

        string home = await visit.GetAsync("/");

        Assert.Contains(">60</span>", home, StringComparison.Ordinal);
        Assert.Contains("Purchases", home, StringComparison.Ordinal);
        Assert.Contains("No recommendation model is trained yet", home, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shop_whose_times_keep_an_order_gets_no_chart_over_days()
    {
        await using Visit visit = await Visit.StartAsync();
        string folder = Directory.CreateDirectory(Path.Combine(visit.Server.Folder, "orders")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "shop.json"), """{"name":"Orders","currency":"EUR","times":"order"}""");
        await File.WriteAllTextAsync(Path.Combine(folder, "interactions.csv"), "at,shopper,kind,product\n1,s1,purchase,p1\n2,s1,purchase,p2\n");
        await visit.Server.Service<Shop>().Catalog.ImportAsync(new ImportRequest { Folder = folder });

        string home = await visit.GetAsync("/");

        Assert.Contains("times keep an order only", home, StringComparison.Ordinal);
        Assert.DoesNotContain("1970", home, StringComparison.Ordinal);
        Assert.DoesNotContain("<e-chart", home, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_one_card_leaves_the_others_standing()
    {
        await using Visit visit = await Visit.StartAsync();
        await visit.Server.FillAsync(shoppers: 5);
        string models = Directory.CreateDirectory(Path.Combine(visit.Server.Folder, "models", "recommendation")).FullName;
        await File.WriteAllTextAsync(Path.Combine(models, "active.json"), "{ broken");

        string home = await visit.GetAsync("/");

        Assert.Contains("notice bad", home, StringComparison.Ordinal);
        Assert.Contains(">30</span>", home, StringComparison.Ordinal);
        Assert.Contains("Last import", home, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_page_tells_what_came_of_a_run_with_a_command()
    {
        await using Visit visit = await Visit.StartAsync();
        Run run = await visit.Server.Service<RunService>().StartAsync(VerbTable.All.Single(verb => verb.RequestType == typeof(TrainRequest)), new TrainRequest());
        await visit.Server.EndOfAsync(run.Id);

        foreach (string path in (string[])[$"/models/runs/{run.Id}", "/models"])
        {
            string page = await visit.GetAsync(path);
            Assert.Contains("“Import” on the Data page", page, StringComparison.Ordinal);
            Assert.DoesNotContain("'cartwright ", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_strange_product_that_the_catalog_does_not_have_is_named_without_a_link()
    {
        await using Visit visit = await Visit.StartAsync();
        await visit.Server.FillAsync(shoppers: 2, products: 3);
        var anomalies = new AnomaliesResponse(
            [.. new[] { "p1", "unlisted" }.Select(id => new Anomaly { Kind = AnomalyKind.UnknownProduct, ProductId = id, Rows = 3, Score = 1, Reason = "Odd." })], [], "Two.");
        await visit.Server.Service<Shop>().Store.SaveRunAsync(new Run
        {
            Id = "looked", Slice = "behavior", Verb = "anomalies", Status = RunStatus.Succeeded, Request = "{}", Result = JsonSerializer.Serialize(anomalies, WireJson.Options),
            CreatedAt = DateTimeOffset.UnixEpoch,
        });

        string page = await visit.GetAsync("/shoppers");

        Assert.Contains("/catalog/product?id=p1\"", page, StringComparison.Ordinal);
        Assert.Contains("unlisted", page, StringComparison.Ordinal);
        Assert.DoesNotContain("?id=unlisted", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/no-such-page", "There is no such page")]
    [InlineData("/catalog/product?id=nothing", "There is no product")]
    [InlineData("/models/runs/none", "There is no run")]
    [InlineData("/data/imports/none", "There is no import report")]
    public async Task What_is_not_there_gets_a_page_that_says_so(string path, string words)
    {
        await using Visit visit = await Visit.StartAsync();

        HttpResponseMessage answer = await visit.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(words, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/prices?page=abc", "can't be read")]
    [InlineData("/catalog?page=abc", "can't be read")]
    [InlineData("/charts/demand.csv", "can't be read")]
    [InlineData("/stock/reorder.csv?leadTime=-4", "leadTimeDays was -4; it takes 0 to 365")]
    public async Task What_is_asked_wrongly_gets_a_page_that_says_so(string path, string words)
    {
        await using Visit visit = await Visit.StartAsync();

        HttpResponseMessage answer = await visit.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_forbid_everything_inline_and_from_elsewhere()
    {
        await using Visit visit = await Visit.StartAsync();

        HttpResponseMessage answer = await visit.Client.GetAsync("/settings");
        string policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        string page = await answer.Content.ReadAsStringAsync();

        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" onclick=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page.Replace(visit.Server.Address.ToString(), "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_served_from_the_shops_folder_and_from_nowhere_else()
    {
        await using Visit visit = await Visit.StartAsync();
        await File.WriteAllBytesAsync(Path.Combine(visit.Server.Folder, "pan.png"), [1, 2, 3]);
        await File.WriteAllBytesAsync(Path.Combine(Path.GetDirectoryName(visit.Server.Folder)!, "outside.png"), [4]);
        LiveShop live = await visit.Server.Service<Shop>().Catalog.LiveAsync();
        live.PutProduct(new Product { Id = "in", Image = "pan.png" });
        live.PutProduct(new Product { Id = "out", Image = "../outside.png" });

        HttpResponseMessage inside = await visit.Client.GetAsync("/catalog/picture?id=in");
        HttpResponseMessage outside = await visit.Client.GetAsync("/catalog/picture?id=out");

        Assert.Equal([1, 2, 3], await inside.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", inside.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    /// <summary>A server and somebody with an admin key who asks it for pages.</summary>
    private sealed class Visit(TestServer server) : IAsyncDisposable
    {
        public TestServer Server { get; } = server;

        public HttpClient Client { get; } = server.Admin;

        public static async Task<Visit> StartAsync()
        {
            var visit = new Visit(await TestServer.StartAsync());
            visit.Client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
            return visit;
        }

        public async Task<string> GetAsync(string path)
        {
            HttpResponseMessage answer = await Client.GetAsync(path);
            string text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
            return text;
        }

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
