using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Cartwright.Server.Tests.Resources;

public sealed class ProductEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_product_is_put_read_replaced_and_deleted()
    {
        HttpResponseMessage created = await server.Admin.PutAsJsonAsync("/v1/products/pan 1", new { title = "Pan", price = "39.95", tags = new[] { "iron" }, attributes = new { size = "28" } });
        JsonNode first = await TestServer.JsonAsync(await server.Query.GetAsync("/v1/products/pan%201"));
        HttpResponseMessage replaced = await server.Admin.PutAsJsonAsync("/v1/products/pan 1", new { id = "pan 1", title = "Pan", price = 35, stock = 0 });
        JsonNode second = await TestServer.JsonAsync(await server.Query.GetAsync("/v1/products/pan%201"));
        HttpResponseMessage deleted = await server.Admin.DeleteAsync("/v1/products/pan%201");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("39.95", (string?)first["price"]);
        Assert.Equal("28", (string?)first["attributes"]!["size"]);
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.Equal("35", (string?)second["price"]);
        Assert.False((bool?)second["isInStock"]);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await TestServer.ProblemAsync(await server.Query.GetAsync("/v1/products/pan%201"), HttpStatusCode.NotFound, "not-found");
        await TestServer.ProblemAsync(await server.Admin.DeleteAsync("/v1/products/pan%201"), HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("category=Potz", "There is no category 'Potz' in the shop. Did you mean 'Pots'?")]
    [InlineData("brand=Nordika", "There is no brand 'Nordika' in the shop. Did you mean 'Nordica'?")]
    public async Task A_list_of_a_category_or_brand_that_no_product_has_is_refused_by_its_name(string filter, string told)
    {
        (await server.Admin.PutAsJsonAsync("/v1/products/iron-pot", new { title = "Pot", category = "Pots > Iron", brand = "Nordica" })).EnsureSuccessStatusCode();

        JsonNode problem = await TestServer.ProblemAsync(await server.Query.GetAsync($"/v1/products?{filter}"), HttpStatusCode.NotFound, "not-found");
        JsonNode known = await TestServer.JsonAsync(await server.Query.GetAsync("/v1/products?category=pots&brand=NORDICA&query=nothing"));

        Assert.Equal(told, (string?)problem["detail"]);
        Assert.Empty(known["results"]!.AsArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_product_without_a_title_is_refused_and_named(string? title)
    {
        HttpResponseMessage put = await server.Admin.PutAsJsonAsync("/v1/products/untitled", title is null ? (object)new { price = 5 } : new { title, price = 5 });

        JsonNode problem = await TestServer.ProblemAsync(put, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("'untitled'", (string?)problem["errors"]!["title"]![0], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Admin.GetAsync("/v1/products/untitled")).StatusCode);
    }

    [Fact]
    public async Task What_was_read_can_be_put_back()
    {
        (await server.Admin.PutAsJsonAsync("/v1/products/back", new { title = "Pot", price = 9.5 })).EnsureSuccessStatusCode();
        string read = await server.Query.GetStringAsync("/v1/products/back");

        HttpResponseMessage put = await server.Admin.PutAsync("/v1/products/back", new StringContent(read, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(read, await server.Query.GetStringAsync("/v1/products/back"));
    }

    [Theory]
    [InlineData("""{"title":"x","price":-1}""", "price")]
    [InlineData("""{"title":"x","stock":-1}""", "stock")]
    [InlineData("""{"title":"x","image":"../../etc/passwd"}""", "image")]
    [InlineData("""{"id":"other"}""", "id")]
    [InlineData("""{"titel":"x"}""", "titel")]
    public async Task A_bad_product_is_refused(string body, string field)
    {
        HttpResponseMessage answer = await server.Admin.PutAsync("/v1/products/bad", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.NotNull(problem["errors"]![field]);
    }

    [Fact]
    public async Task Products_are_listed_in_pages_and_filtered()
    {
        for (int i = 0; i < 7; i++)
        {
            (await server.Admin.PutAsJsonAsync($"/v1/products/list{i}", new { title = $"Listed {i}", category = i < 3 ? "A > B" : "A > C", stock = i })).EnsureSuccessStatusCode();
        }

        JsonNode first = await TestServer.JsonAsync(await server.Query.GetAsync("/v1/products?query=listed&count=5"));
        JsonNode rest = await TestServer.JsonAsync(await server.Query.GetAsync($"/v1/products?query=listed&count=5&after={first["next"]}"));
        JsonNode below = await TestServer.JsonAsync(await server.Query.GetAsync("/v1/products?category=A%20%3E%20B"));
        JsonNode gone = await TestServer.JsonAsync(await server.Query.GetAsync("/v1/products?query=listed&inStock=false"));

        Assert.Equal(5, first["results"]!.AsArray().Count);
        Assert.Equal(2, rest["results"]!.AsArray().Count);
        Assert.Null(rest["next"]);
        Assert.Equal(3, below["results"]!.AsArray().Count);
        Assert.Equal("list0", (string?)gone["results"]!.AsArray().Single()!["id"]);
    }

    [Theory]
    [InlineData("count=0")]
    [InlineData("count=100000")]
    [InlineData("count=many")]
    [InlineData("after=x")]
    public async Task A_bad_page_is_refused(string query) =>
        await TestServer.ProblemAsync(await server.Query.GetAsync("/v1/products?" + query), HttpStatusCode.BadRequest, "invalid-request");
}
