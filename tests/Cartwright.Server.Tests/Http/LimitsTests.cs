using System.Net;

namespace Cartwright.Server.Tests.Http;

public sealed class LimitsTests
{
    [Fact]
    public async Task A_key_that_asks_too_often_is_told_to_wait_and_others_are_not()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { RequestsPerSecond = 10 });

        HttpResponseMessage? refused = null;
        for (int i = 0; i < 200 && refused is null; i++)
        {
            HttpResponseMessage answer = await server.Query.GetAsync("/v1/products");
            refused = answer.StatusCode == HttpStatusCode.TooManyRequests ? answer : null;
        }

        Assert.NotNull(refused);
        await TestServer.ProblemAsync(refused, HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.OK, (await server.Admin.GetAsync("/v1/products")).StatusCode);
    }
}
