using System.Net;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Server.Tests.Storefront;

public sealed class StorefrontAccessTests
{
    [Fact]
    public async Task Asks_for_the_login_unless_the_store_is_open()
    {
        TestServer closed = await TestServer.StartAsync();
        TestServer open = await TestServer.StartAsync(options => options with { OpenStore = true });
        try
        {
            Assert.StartsWith("/login", (await PageAsync(closed, "/store")).Path, StringComparison.Ordinal);
            Assert.Equal((HttpStatusCode.OK, "/store"), await PageAsync(open, "/store"));
            Assert.StartsWith("/login", (await PageAsync(open, "/catalog")).Path, StringComparison.Ordinal);
        }
        finally
        {
            await closed.DisposeAsync();
            await open.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("/store/product?id=nothing", HttpStatusCode.NotFound)]
    [InlineData("/store/search?query=a&page=x", HttpStatusCode.BadRequest)]
    [InlineData("/store/search?query=%22%27%3Cscript%3E&priceFrom=-5&attribute=x&sort=odd&page=-3", HttpStatusCode.OK)]
    public async Task Wrong_input_gets_a_page_that_stands(string path, HttpStatusCode expected)
    {
        TestServer server = await TestServer.StartAsync(options => options with { OpenStore = true });
        try
        {
            await server.Service<Storage.Shop>().Catalog.PutProductAsync(new Product { Id = "p", Title = "Pan" });

            Assert.Equal(expected, (await PageAsync(server, path)).Status);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_look_ahead_by_the_browser_is_no_view()
    {
        TestServer server = await TestServer.StartAsync(options => options with { OpenStore = true });
        try
        {
            Storage.Shop shop = server.Service<Storage.Shop>();
            await shop.Catalog.PutProductAsync(new Product { Id = "p", Title = "Pan" });
            server.Nobody.DefaultRequestHeaders.Add("Sec-Purpose", "prefetch");

            await server.Nobody.GetAsync("/store/product?id=p");

            Assert.Equal(0, (await shop.Catalog.StatusAsync(new())).Counts.Interactions);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<(HttpStatusCode Status, string Path)> PageAsync(TestServer server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html");
        using HttpResponseMessage answer = await server.Nobody.SendAsync(request);
        return (answer.StatusCode, answer.RequestMessage!.RequestUri!.AbsolutePath);
    }
}
