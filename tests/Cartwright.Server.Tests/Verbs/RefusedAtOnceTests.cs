using System.Net;
using System.Text.Json.Nodes;

namespace Cartwright.Server.Tests.Verbs;

/// <summary>A long verb that asks for what is not there is refused by its first answer, and leaves no failed run.</summary>
public sealed class RefusedAtOnceTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("recommendation/off-policy", "{}", HttpStatusCode.BadRequest, "nothing to chance yet")]
    [InlineData("recommendation/off-policy", """{ "target": "random" }""", HttpStatusCode.BadRequest, "only 'model' can be valued")]
    [InlineData("recommendation/tune", """{ "model": "popularity" }""", HttpStatusCode.BadRequest, "'popularity' has no options to search")]
    [InlineData("recommendation/tune", """{ "protocol": "split-file" }""", HttpStatusCode.BadRequest, "needs a split.csv")]
    [InlineData("recommendation/tune", """{ "resumeRunId": "none" }""", HttpStatusCode.NotFound, "There is no run 'none'")]
    [InlineData("automation/approve", """{ "changeIds": ["none"] }""", HttpStatusCode.NotFound, "There is no change 'none'")]
    [InlineData("automation/undo", """{ "changeIds": ["none"] }""", HttpStatusCode.NotFound, "There is no change 'none'")]
    [InlineData("automation/undo", """{ "runId": "none" }""", HttpStatusCode.NotFound, "nothing to undo of run 'none'")]
    [InlineData("automation/undo", """{ "ruleId": "none" }""", HttpStatusCode.NotFound, "nothing to undo of rule 'none'")]
    [InlineData("automation/undo", "{}", HttpStatusCode.BadRequest, "It takes one of the three")]
    [InlineData("automation/run", """{ "ruleId": "none" }""", HttpStatusCode.NotFound, "There is no rule 'none'")]
    public async Task What_is_not_there_is_refused_at_once(string verb, string body, HttpStatusCode status, string message)
    {
        HttpResponseMessage answer = await TestServer.PostAsync(server.Admin, "/v1/" + verb, JsonNode.Parse(body)!);

        JsonNode problem = await TestServer.ProblemAsync(answer, status, status == HttpStatusCode.NotFound ? "not-found" : "invalid-request");
        Assert.Contains(message, (string?)problem["detail"], StringComparison.Ordinal);
        JsonNode runs = await TestServer.JsonAsync(await server.Admin.GetAsync("/v1/runs"));
        Assert.Empty(runs["results"]!.AsArray());
    }
}
