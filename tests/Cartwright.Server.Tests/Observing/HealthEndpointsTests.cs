using System.Net;

namespace Cartwright.Server.Tests.Observing;

public sealed class HealthEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_needs_no_key(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await server.Nobody.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Metrics_count_requests_by_route_and_interactions()
    {
        (await TestServer.PostAsync(server.Ingest, "/v1/catalog/interactions", new { interactions = new[] { TestServer.Act("m1", "secret-person", "p1") } })).EnsureSuccessStatusCode();
        await server.Query.GetAsync("/v1/shoppers/secret-person");

        HttpResponseMessage answer = await server.Nobody.GetAsync("/metrics");
        string page = await answer.Content.ReadAsStringAsync();

        Assert.StartsWith("text/plain; version=0.0.4", answer.Content.Headers.ContentType?.ToString(), StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_count{route=\"/v1/catalog/interactions\",method=\"POST\",status=\"200\"}", page, StringComparison.Ordinal);
        Assert.Contains("cartwright_interactions_total{outcome=\"accepted\"}", page, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_heap_bytes ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-person", page, StringComparison.Ordinal);
    }
}
