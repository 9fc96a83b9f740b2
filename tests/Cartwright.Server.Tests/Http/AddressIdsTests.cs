using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Cartwright.Server.Tests.Http;

public sealed class AddressIdsTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("ab/cd==", "ab%2fcd%3D%3D")]
    [InlineData("c%2Fd", "c%252Fd")]
    [InlineData("50% off+é", "50%25%20off+%C3%A9")]
    public async Task A_product_is_put_and_read_by_its_escaped_id(string id, string escaped)
    {
        HttpResponseMessage put = await server.Admin.PutAsJsonAsync($"/v1/products/{escaped}", new { id, title = "Pan" });
        JsonNode read = await TestServer.JsonAsync(await server.Query.GetAsync($"/v1/products/{escaped}"));

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(id, (string?)read["id"]);
    }

    [Fact]
    public async Task A_shopper_with_a_slash_is_forgotten_and_the_one_who_is_called_like_the_escape_stays()
    {
        (await server.Admin.PutAsJsonAsync("/v1/products/pot", new { title = "Pot" })).EnsureSuccessStatusCode();
        var acts = new[] { TestServer.Act("1", "team/7", "pot"), TestServer.Act("2", "team%2F7", "pot") };
        (await TestServer.PostAsync(server.Ingest, "/v1/catalog/interactions", new { interactions = acts })).EnsureSuccessStatusCode();
        JsonNode known = await TestServer.JsonAsync(await server.Query.GetAsync("/v1/shoppers/team%2F7"));

        (await server.Admin.DeleteAsync("/v1/shoppers/team%2F7")).EnsureSuccessStatusCode();

        Assert.Equal("team/7", (string?)known["id"]);
        await TestServer.ProblemAsync(await server.Query.GetAsync("/v1/shoppers/team%2F7"), HttpStatusCode.NotFound, "not-found");
        Assert.Equal("team%2F7", (string?)(await TestServer.JsonAsync(await server.Query.GetAsync("/v1/shoppers/team%252F7")))["id"]);
    }
}
