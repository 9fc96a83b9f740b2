using System.Net;
using System.Text.Json.Nodes;
using Cartwright.Commerce.Access;
using Cartwright.Server.Access;
using Cartwright.Storage;

namespace Cartwright.Server.Tests.Access;

public sealed class KeyRingTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_key_is_shown_once_and_kept_as_a_hash()
    {
        NewKey made = await server.Service<KeyRing>().CreateAsync("hash", ApiRoles.Query);

        Assert.StartsWith("cw_", made.Secret, StringComparison.Ordinal);
        Assert.Equal(32, made.Key.Hash.Length);
        Assert.DoesNotContain(made.Secret, await server.Admin.GetStringAsync("/v1/keys"), StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(server.Folder, "shop.db*"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(made.Secret, await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_made_over_http_works_until_it_is_revoked()
    {
        HttpResponseMessage created = await TestServer.PostAsync(server.Admin, "/v1/keys", new { name = "shop", roles = new[] { "query" } });
        JsonNode key = await TestServer.JsonAsync(created);
        using HttpClient holder = server.Client((string?)key["key"]);

        HttpResponseMessage before = await TestServer.PostAsync(holder, "/v1/catalog/status", new { });
        HttpResponseMessage revoked = await server.Admin.DeleteAsync($"/v1/keys/{key["id"]}");
        HttpResponseMessage after = await TestServer.PostAsync(holder, "/v1/catalog/status", new { });

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task A_key_without_a_name_or_role_is_refused()
    {
        await TestServer.ProblemAsync(await TestServer.PostAsync(server.Admin, "/v1/keys", new { name = "", roles = new[] { "query" } }), HttpStatusCode.BadRequest, "invalid-request");
        await TestServer.ProblemAsync(await TestServer.PostAsync(server.Admin, "/v1/keys", new { name = "x", roles = Array.Empty<string>() }), HttpStatusCode.BadRequest, "invalid-request");
        await TestServer.ProblemAsync(await TestServer.PostAsync(server.Admin, "/v1/keys", new { name = "x", roles = new[] { "quary" } }), HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task A_key_that_is_not_there_cannot_be_revoked() =>
        await TestServer.ProblemAsync(await server.Admin.DeleteAsync("/v1/keys/none"), HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task The_first_key_is_made_once()
    {
        string folder = Directory.CreateTempSubdirectory("cartwright-keys-").FullName;
        await using Shop shop = await Shop.OpenAsync(folder);
        using var keys = new KeyRing(shop.Store, TimeProvider.System);

        NewKey? first = await keys.CreateFirstAsync();
        NewKey? second = await keys.CreateFirstAsync();

        Assert.NotNull(first);
        Assert.Equal(ApiRoles.Admin, first.Key.Roles);
        Assert.Null(second);
        Assert.Equal(first.Key.Id, (await keys.FindAsync(first.Secret))?.Id);
        Assert.Null(await keys.FindAsync(first.Secret + "x"));
    }
}
