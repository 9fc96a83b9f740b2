using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Cartwright.Server.Verbs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cartwright.Server.Tests.Verbs;

public sealed class VerbDoorTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Recommend = "/v1/recommendation/recommend";

    public static TheoryData<string> Paths => [.. VerbTable.All.Where(v => v.HasHttpDoor).Select(v => v.Path)];

    [Theory, MemberData(nameof(Paths))]
    public async Task Every_verb_refuses_a_caller_without_a_key(string path)
    {
        HttpResponseMessage answer = await server.Nobody.PostAsync(path, BodyFor(path));

        await TestServer.ProblemAsync(answer, HttpStatusCode.Unauthorized, "no-key");
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task Every_verb_refuses_a_key_that_does_not_exist(string path)
    {
        using HttpClient stranger = server.Client("cw_" + new string('A', 43));

        HttpResponseMessage answer = await stranger.PostAsync(path, BodyFor(path));

        await TestServer.ProblemAsync(answer, HttpStatusCode.Unauthorized, "no-key");
    }

    private static StringContent BodyFor(string path) => new("{}", Encoding.UTF8,
        VerbTable.All.Single(v => v.Path == path).Files == VerbFiles.Upload ? "application/zip" : "application/json");

    [Fact]
    public void Every_verb_with_a_door_has_one_endpoint()
    {
        string[] patterns = [.. server.Service<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true).Select(e => e.RoutePattern.RawText!)];

        Assert.All(VerbTable.All.Where(v => v.HasHttpDoor), verb => Assert.Single(patterns, verb.Path));
    }

    [Fact]
    public async Task Roles_are_kept_apart()
    {
        (HttpResponseMessage Answer, string Needed, string Has)[] answers =
        [
            (await TestServer.PostAsync(server.Query, "/v1/recommendation/train", new { }), "admin", "query"),
            (await TestServer.PostAsync(server.Ingest, "/v1/catalog/status", new { }), "query", "ingest"),
            (await TestServer.PostAsync(server.Query, "/v1/catalog/interactions", new { interactions = Array.Empty<object>() }), "ingest", "query"),
            (await server.Query.GetAsync("/v1/keys"), "admin", "query"),
        ];

        foreach ((HttpResponseMessage answer, string needed, string has) in answers)
        {
            JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.Forbidden, "role-missing");
            Assert.StartsWith($"This needs the role '{needed}'; the key has '{has}'.", (string?)problem["detail"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_may_come_in_its_own_header()
    {
        using HttpClient client = server.Client(key: null);
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.KeyAsync(Commerce.Access.ApiRoles.Query));

        JsonNode status = await TestServer.JsonAsync(await TestServer.PostAsync(client, "/v1/catalog/status", new { }));

        Assert.NotNull(status["info"]);
    }

    [Fact]
    public async Task An_empty_body_asks_with_the_defaults()
    {
        HttpResponseMessage answer = await server.Query.PostAsync("/v1/catalog/status", content: null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"shoperId":"s1"}""", "shoperId", "Did you mean 'shopperId'?")]
    [InlineData("""{"count":0}""", "count", "was 0; it takes 1 to 100")]
    [InlineData("""{"count":"many"}""", "count", "a whole number")]
    [InlineData("""{"basket":null}""", "basket", "null")]
    [InlineData("""{"priceFrom":"cheap"}""", "priceFrom", "a decimal number")]
    [InlineData("""{"count":10""", "", "not valid JSON")]
    [InlineData("""[1]""", "", "an object")]
    [InlineData("null", "", "one JSON object")]
    public async Task A_bad_body_is_refused_with_the_field_and_what_is_allowed(string body, string field, string says)
    {
        HttpResponseMessage answer = await server.Query.PostAsync(Recommend, new StringContent(body, Encoding.UTF8, "application/json"));

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(says, problem["errors"]![field]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_beyond_all_numbers_is_refused_before_a_run_starts()
    {
        HttpResponseMessage answer = await server.Admin.PostAsync("/v1/pricing/reprice", new StringContent("""{"mostStep":1e999}""", Encoding.UTF8, "application/json"));

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("it takes 0.001 to 1", problem["errors"]!["mostStep"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_word_of_a_list_is_refused_with_the_known_ones()
    {
        HttpResponseMessage answer = await TestServer.PostAsync(server.Ingest, "/v1/catalog/interactions",
            new { interactions = new[] { TestServer.Act("x", "s", "p", kind: "purchse") } });

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("did you mean 'purchase'", problem["errors"]!["interactions[0].kind"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_is_not_taken_over_http()
    {
        HttpResponseMessage answer = await TestServer.PostAsync(server.Admin, "/v1/recommendation/evaluate", new { data = "/etc" });

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("holds a path", problem["errors"]!["data"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_not_taken_for_json()
    {
        HttpResponseMessage answer = await server.Query.PostAsync(Recommend, new FormUrlEncodedContent([new("shopperId", "s1")]));

        await TestServer.ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "wrong-media-type");
    }

    [Fact]
    public async Task A_body_without_end_is_refused()
    {
        var body = new ByteArrayContent(new byte[3 << 20]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        // The server refuses by the length and hangs up; a client that sends all the same may see the line break before the answer.
        var request = new HttpRequestMessage(HttpMethod.Post, Recommend) { Content = body, Headers = { ExpectContinue = true } };

        HttpResponseMessage answer = await server.Query.SendAsync(request);

        await TestServer.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task An_address_that_is_not_there_and_a_wrong_method_are_problems_too()
    {
        await TestServer.ProblemAsync(await server.Query.GetAsync("/v1/nothing"), HttpStatusCode.NotFound, "not-found");
        await TestServer.ProblemAsync(await server.Query.GetAsync(Recommend), HttpStatusCode.MethodNotAllowed, "wrong-method");
    }

    [Fact]
    public async Task Answers_carry_the_headers_that_keep_browsers_safe()
    {
        HttpResponseMessage answer = await server.Nobody.GetAsync("/docs");

        Assert.Contains("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }
}
