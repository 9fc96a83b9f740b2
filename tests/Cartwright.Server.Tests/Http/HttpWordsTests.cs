using System.Net;
using System.Text.Json.Nodes;
using Cartwright.Server.Http;

namespace Cartwright.Server.Tests.Http;

/// <summary>What a program is told has addresses and fields in it, and no commands and options.</summary>
public sealed class HttpWordsTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("No recommendation model is trained yet. Run 'cartwright recommendation train', or ask for --model popularity.",
        "No recommendation model is trained yet. Run POST /v1/recommendation/train, or ask for 'model' popularity.")]
    [InlineData("Run 'cartwright recommendation train --model blend'.", """Run POST /v1/recommendation/train {"model":"blend"}.""")]
    [InlineData("use it with 'cartwright recommendation train --model als --activate'.", """use it with POST /v1/recommendation/train {"model":"als","activate":true}.""")]
    [InlineData("Train for more: 'cartwright inventory train --horizon 28'.", """Train for more: POST /v1/inventory/train {"horizon":28}.""")]
    [InlineData("Set one: 'cartwright recommendation set-pipeline --file pipeline.json', or give a log with --log <csv>.",
        "Set one: POST /v1/recommendation/set-pipeline, or give a log with 'log' (a file, at the command line only).")]
    [InlineData("Import some with 'cartwright catalog import <folder>'.", "Import some with POST /v1/catalog/import.")]
    [InlineData("Run 'cartwright behavior train --table <csv> --target <column>'.", "Run POST /v1/behavior/train.")]
    [InlineData("There is no run 'x' to resume. 'cartwright runs' lists them.", "There is no run 'x' to resume. GET /v1/runs lists them.")]
    [InlineData("learns from slots: 'cartwright assistant evaluate-voice'.", "learns from slots: 'cartwright assistant evaluate-voice' at the command line.")]
    [InlineData("Name a shopper with --shopper-id, a session with --session-id, or tell events.", "Name a shopper with 'shopperId', a session with 'sessionId', or tell events.")]
    [InlineData("a pair of dashes -- is no option, nor is well-known--thing", "a pair of dashes -- is no option, nor is well-known--thing")]
    [InlineData("The field count was 0; it takes 1 to 100.", "The field count was 0; it takes 1 to 100.")]
    public void Commands_become_addresses_and_options_fields(string typed, string told) => Assert.Equal(told, HttpWords.Of(typed));

    [Theory]
    [InlineData("recommendation/recommend", """{ "shopperId": "s" }""")]
    [InlineData("recommendation/recommend", """{ "model": "als" }""")]
    [InlineData("recommendation/similar", """{ "productId": "p" }""")]
    [InlineData("recommendation/off-policy", "{}")]
    [InlineData("recommendation/restore-pipeline", """{ "version": "none" }""")]
    [InlineData("recommendation/activate", """{ "version": "none" }""")]
    [InlineData("inventory/forecast", "{}")]
    [InlineData("inventory/replenish", "{}")]
    [InlineData("pricing/predict", """{ "rows": [{ "a": "1" }] }""")]
    [InlineData("pricing/reprice", "{}")]
    [InlineData("pricing/approve", """{ "proposalIds": ["none"] }""")]
    [InlineData("behavior/score", "{}")]
    [InlineData("behavior/score", """{ "shopperId": "s" }""")]
    [InlineData("search/clicks", "{}")]
    [InlineData("search/activate", """{ "version": "none" }""")]
    [InlineData("search/search", """{ "query": "pan", "ranking": "ranker" }""")]
    [InlineData("vision/tag", """{ "productId": "p" }""")]
    [InlineData("vision/match", """{ "productId": "p" }""")]
    [InlineData("assistant/understand", """{ "text": "hello" }""")]
    [InlineData("assistant/transcribe", """{ "sound": "aGVsbG8=" }""")]
    [InlineData("automation/choose", """{ "slotId": "none" }""")]
    [InlineData("automation/assign", """{ "experimentId": "none", "shopperId": "s" }""")]
    [InlineData("automation/run", """{ "ruleId": "none" }""")]
    public async Task No_refusal_speaks_of_options_and_commands(string verb, string body)
    {
        HttpResponseMessage answer = await TestServer.PostAsync(server.Admin, "/v1/" + verb, JsonNode.Parse(body)!);
        string text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            JsonNode run = await server.EndOfAsync((string)JsonNode.Parse(text)!["runId"]!);
            Assert.Equal("failed", (string?)run["status"]);
            text = (string)run["error"]!;
        }
        else
        {
            Assert.InRange((int)answer.StatusCode, 400, 499);
            text = (string)JsonNode.Parse(text)!["detail"]!;
        }

        Assert.DoesNotMatch(@"(^|[^-\w])--\w", text);
        Assert.DoesNotContain("cartwright ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_in_a_runs_result_become_addresses_too()
    {
        JsonNode result = JsonNode.Parse("""{ "version": "v", "summary": "To use it all the same: 'cartwright search activate --version v'.", "notes": ["see 'cartwright runs'", "--fine"], "count": 2 }""")!;

        Assert.Equal("""{"version":"v","summary":"To use it all the same: POST /v1/search/activate {\u0022version\u0022:\u0022v\u0022}.","notes":["see GET /v1/runs","--fine"],"count":2}""",
            HttpWords.Of(result)!.ToJsonString());
    }
}
