using System.Net;
using System.Text.Json.Nodes;

namespace Cartwright.Server.Tests.Resources;

public sealed class InteractionsTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Path = "/v1/catalog/interactions";

    [Fact]
    public async Task The_same_id_posted_twice_counts_once()
    {
        var body = new { interactions = new[] { TestServer.Act("same-1", "anna", "p1"), TestServer.Act("same-2", "anna", "p2") } };

        JsonNode first = await TestServer.JsonAsync(await TestServer.PostAsync(server.Ingest, Path, body));
        JsonNode second = await TestServer.JsonAsync(await TestServer.PostAsync(server.Ingest, Path, body));

        Assert.Equal((2, 0), Counts(first));
        Assert.Equal((0, 2), Counts(second));
    }

    [Fact]
    public async Task A_retry_with_the_idempotency_key_doubles_nothing_even_after_a_restart()
    {
        await using TestServer own = await OwnAsync();
        object act = TestServer.Act(id: null, "bert", "p1");
        var body = new { interactions = new[] { act, act } };

        JsonNode first = await TestServer.JsonAsync(await TestServer.PostAsync(own.Ingest, Path, body, "retry-1"));
        HttpResponseMessage replayed = await TestServer.PostAsync(own.Ingest, Path, body, "retry-1");
        await own.RestartAsync();
        JsonNode afterRestart = await TestServer.JsonAsync(await TestServer.PostAsync(own.Ingest, Path, body, "retry-1"));

        Assert.Equal((2, 0), Counts(first));
        Assert.Equal("true", replayed.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal((2, 0), Counts(await TestServer.JsonAsync(replayed)));
        Assert.Equal((0, 2), Counts(afterRestart));
    }

    [Fact]
    public async Task An_idempotency_key_is_not_taken_for_another_body()
    {
        var first = new { interactions = new[] { TestServer.Act("k1", "carl", "p1") } };
        var other = new { interactions = new[] { TestServer.Act("k2", "carl", "p2") } };

        await TestServer.JsonAsync(await TestServer.PostAsync(server.Ingest, Path, first, "reused"));
        HttpResponseMessage answer = await TestServer.PostAsync(server.Ingest, Path, other, "reused");

        await TestServer.ProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_batch_has_1_to_1000(int count)
    {
        object[] acts = [.. Enumerable.Range(0, count).Select(i => TestServer.Act($"many-{i}", "dora", "p1"))];

        HttpResponseMessage answer = await TestServer.PostAsync(server.Ingest, Path, new { interactions = acts });

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.NotNull(problem["errors"]!["interactions"]);
    }

    [Fact]
    public async Task One_bad_interaction_keeps_the_whole_batch_out()
    {
        object[] acts = [TestServer.Act("whole-1", "emil", "p1"), TestServer.Act("whole-2", "emil", "p1", at: TimeProvider.System.GetUtcNow().AddYears(1))];

        HttpResponseMessage refused = await TestServer.PostAsync(server.Ingest, Path, new { interactions = acts });
        JsonNode later = await TestServer.JsonAsync(await TestServer.PostAsync(server.Ingest, Path, new { interactions = acts[..1] }));

        await TestServer.ProblemAsync(refused, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal((1, 0), Counts(later));
    }

    [Fact]
    public async Task What_a_shopper_did_shows_at_once_and_a_forgotten_one_is_gone()
    {
        await TestServer.JsonAsync(await TestServer.PostAsync(server.Ingest, Path, new { interactions = new[] { TestServer.Act("f-1", "frida", "p1"), TestServer.Act("f-2", "frida", "p2") } }));

        JsonNode shopper = await TestServer.JsonAsync(await server.Query.GetAsync("/v1/shoppers/frida"));
        JsonNode receipt = await TestServer.JsonAsync(await server.Admin.DeleteAsync("/v1/shoppers/frida"));

        Assert.Equal(2, (int?)shopper["interactions"]);
        Assert.Equal(["p1", "p2"], shopper["history"]!.AsArray().Select(a => (string?)a!["productId"]));
        Assert.Equal(2, (int?)receipt["interactions"]);
        await TestServer.ProblemAsync(await server.Query.GetAsync("/v1/shoppers/frida"), HttpStatusCode.NotFound, "not-found");
        await TestServer.ProblemAsync(await server.Admin.DeleteAsync("/v1/shoppers/frida"), HttpStatusCode.NotFound, "not-found");
    }

    private static (int, int) Counts(JsonNode answer) => ((int)answer["accepted"]!, (int)answer["duplicates"]!);

    private static Task<TestServer> OwnAsync() => TestServer.StartAsync();
}
