using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Cartwright.Server.Tests.Verbs;

/// <summary>The whole path over HTTP: a shop is told, a model is trained, questions are answered.</summary>
public sealed class RecommendationDoorTests(RecommendationDoorTests.TrainedServer trained) : IClassFixture<RecommendationDoorTests.TrainedServer>
{
    private const string Recommend = "/v1/recommendation/recommend";

    private TestServer Server => trained.Server;

    public sealed class TrainedServer : IAsyncLifetime
    {
        public TestServer Server { get; } = new();

        public JsonNode Run { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await Server.InitializeAsync();
            await Server.FillAsync(shoppers: 120);
            HttpResponseMessage started = await TestServer.PostAsync(Server.Admin, "/v1/recommendation/train", new { model = "item-knn", activate = true });
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
            Run = await Server.EndOfAsync((string)(await TestServer.JsonAsync(started))["runId"]!);
        }

        public Task DisposeAsync() => Server.DisposeAsync();
    }

    [Fact]
    public void A_training_run_puts_its_version_into_service()
    {
        Assert.True((string?)trained.Run["status"] == "succeeded", trained.Run.ToJsonString());
        Assert.True((bool?)trained.Run["result"]!["isActive"]);
    }

    [Fact]
    public async Task A_posted_interaction_changes_the_next_answer_at_once()
    {
        (await TestServer.PostAsync(Server.Ingest, "/v1/catalog/interactions", new { interactions = new[] { TestServer.Act("live-1", "new-one", "p4") } })).EnsureSuccessStatusCode();
        string[] before = await AskAsync(new { shopperId = "new-one", count = 5 });

        (await TestServer.PostAsync(Server.Ingest, "/v1/catalog/interactions",
            new { interactions = new[] { TestServer.Act("live-2", "new-one", before[0]) } })).EnsureSuccessStatusCode();
        string[] after = await AskAsync(new { shopperId = "new-one", count = 5 });

        Assert.Contains(before[0], before);
        Assert.DoesNotContain(before[0], after);   // bought now, so never recommended again
        Assert.NotEqual(before, after);
    }

    [Theory]
    [InlineData("rules[0]", """{ "rules": [null] }""")]
    [InlineData("rules[0].productIds[1]", """{ "rules": [{ "id": "a", "action": "hide", "productIds": ["p1", null] }] }""")]
    [InlineData("rules[0].strength", """{ "rules": [{ "id": "a", "action": "boost", "brand": "b", "strength": 700 }] }""")]
    [InlineData("rules[0].attributes.color", """{ "rules": [{ "id": "a", "action": "hide", "attributes": { "color": 7 } }] }""")]
    [InlineData("weights.ease", """{ "weights": { "ease": null } }""")]
    public async Task What_a_pipeline_may_not_hold_is_told_with_the_place_where_it_stands(string place, string pipeline)
    {
        HttpResponseMessage answer = await TestServer.PostAsync(Server.Admin, "/v1/recommendation/set-pipeline", JsonNode.Parse($$"""{ "pipeline": {{pipeline}} }""")!);

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains($"pipeline.{place} ", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal([$"pipeline.{place}"], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task An_unknown_field_of_a_pipeline_is_answered_with_the_fields_that_can_be_set()
    {
        HttpResponseMessage answer = await TestServer.PostAsync(Server.Admin, "/v1/recommendation/set-pipeline", JsonNode.Parse("""{ "pipeline": { "zzz": 1 } }""")!);

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("Known fields: weights, ranker, diversity, categoryCap, exploration, rules.", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_unknown_gets_what_fits_their_session_after_one_view()
    {
        JsonNode before = await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, Recommend, new { sessionId = "fresh-session", count = 5 }));
        Assert.Contains("Nothing is known of session", (string?)before["fallback"], StringComparison.Ordinal);

        (await TestServer.PostAsync(Server.Ingest, "/v1/catalog/interactions",
            new { interactions = new[] { new { kind = "view", session = "fresh-session", product = "p5" } } })).EnsureSuccessStatusCode();
        JsonNode after = await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, Recommend, new { sessionId = "fresh-session", count = 5, explain = true }));

        Assert.Equal("item-knn", (string?)after["model"]);
        Assert.Null(after["fallback"]);
        Assert.Equal("because you viewed Product 5", (string?)after["results"]![0]!["reasons"]![0]!["text"]);
        Assert.All(after["results"]!.AsArray(), result => Assert.Equal(1, int.Parse(((string)result!["productId"]!)[1..], CultureInfo.InvariantCulture) % 2));   // shoppers go through every other product
    }

    [Fact]
    public async Task A_product_that_was_added_a_second_ago_is_recommended_where_its_content_fits()
    {
        (await Server.Admin.PutAsJsonAsync("/v1/products/just-added", new { title = "Just added", category = "Odd", price = 15, stock = 9 })).EnsureSuccessStatusCode();
        (await TestServer.PostAsync(Server.Ingest, "/v1/catalog/interactions", new { interactions = new[] { TestServer.Act("odd-1", "odd-one", "p3", "view"), TestServer.Act("even-1", "even-one", "p4", "view") } })).EnsureSuccessStatusCode();

        string[] odd = await AskAsync(new { shopperId = "odd-one", count = 12 });
        string[] even = await AskAsync(new { shopperId = "even-one", count = 9 });
        string[] arrived = Ids(await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, "/v1/recommendation/new-arrivals", new { days = 1 })));

        Assert.Contains("just-added", odd);
        Assert.DoesNotContain("just-added", even);
        Assert.Equal(["just-added"], arrived);
        (await Server.Admin.DeleteAsync("/v1/products/just-added")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task What_a_shopper_blocks_is_in_no_list_over_http()
    {
        string[] before = await AskAsync(new { shopperId = "s3", count = 3 });
        (await TestServer.PostAsync(Server.Ingest, "/v1/catalog/interactions", new { interactions = new[] { new { kind = "block", shopper = "s3", product = before[0] } } })).EnsureSuccessStatusCode();

        Assert.DoesNotContain(before[0], await AskAsync(new { shopperId = "s3", count = 20 }));
        foreach (string list in (string[])["trending", "new-arrivals", "buy-again", "complete-basket"])
        {
            Assert.DoesNotContain(before[0], Ids(await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, $"/v1/recommendation/{list}", new { shopperId = "s3", basket = new[] { "p1" }, count = 20 }))));
        }

        foreach (string list in (string[])["similar", "bought-together"])
        {
            Assert.DoesNotContain(before[0], Ids(await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, $"/v1/recommendation/{list}", new { shopperId = "s3", productId = "p1", count = 20 }))));
        }
    }

    [Fact]
    public async Task While_versions_are_tried_a_shopper_gets_the_one_they_are_assigned_to()
    {
        HttpResponseMessage started = await TestServer.PostAsync(Server.Admin, "/v1/recommendation/train", new { model = "item-knn" });
        string challenger = (string)(await Server.EndOfAsync((string)(await TestServer.JsonAsync(started))["runId"]!))["result"]!["version"]!;
        string champion = (string)trained.Run["result"]!["version"]!;
        await PutAsync(isEnabled: true);
        var answered = new HashSet<string>();

        for (int s = 100; s < 116; s++)
        {
            JsonNode answer = await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, Recommend, new { shopperId = $"s{s}" }));
            JsonNode assigned = await TestServer.JsonAsync(await TestServer.PostAsync(Server.Admin, "/v1/automation/assign", new { experimentId = "versions", shopperId = $"s{s}" }));
            Assert.True((string?)assigned["version"] == (string?)answer["version"], answer.ToJsonString());
            answered.Add((string)answer["version"]!);
        }

        await PutAsync(isEnabled: false);
        Assert.Equal([champion, challenger], answered.Order());

        async Task PutAsync(bool isEnabled) => await TestServer.JsonAsync(await TestServer.PostAsync(Server.Admin, "/v1/automation/put-experiment", new
        {
            experiment = new
            {
                id = "versions", name = "Versions", slice = "recommendation", outcome = "recorded", enabled = isEnabled,
                arms = new[] { new { id = "champion", share = 0.5, version = champion }, new { id = "challenger", share = 0.5, version = challenger } },
            },
        }));
    }

    [Fact]
    public async Task Every_question_is_answered()
    {
        JsonNode recommended = await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, Recommend, new { shopperId = "s1", count = 3, explain = true }));
        string product = (string)recommended["results"]![0]!["productId"]!;
        JsonNode similar = await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, "/v1/recommendation/similar", new { productId = product, count = 3 }));
        JsonNode explained = await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, "/v1/recommendation/explain", new { shopperId = "s1", productId = product }));
        JsonNode status = await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, "/v1/recommendation/status", new { }));
        JsonNode activated = await TestServer.JsonAsync(await TestServer.PostAsync(Server.Admin, "/v1/recommendation/activate", new { version = (string?)status["activeVersion"] }));

        Assert.Equal("item-knn", (string?)recommended["model"]);
        Assert.NotEmpty(recommended["results"]![0]!["reasons"]!.AsArray());
        Assert.NotNull((string?)recommended["results"]![0]!["price"]);
        Assert.NotEmpty(similar["results"]!.AsArray());
        Assert.NotEmpty(explained["reasons"]!.AsArray());
        Assert.Equal((string?)status["activeVersion"], (string?)activated["activeVersion"]);
    }

    [Theory]
    [InlineData("/v1/recommendation/similar", """{"productId":"nothing"}""", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/v1/recommendation/explain", """{"shopperId":"s1","productId":"nothing"}""", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/v1/recommendation/activate", """{"version":"../../keys"}""", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/v1/recommendation/recommend", """{"shopperId":"s1","model":"sasrek"}""", HttpStatusCode.BadRequest, "invalid-request")]
    public async Task What_is_not_there_is_said(string path, string body, HttpStatusCode status, string kind)
    {
        HttpResponseMessage answer = await Server.Admin.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        await TestServer.ProblemAsync(answer, status, kind);
    }

    [Fact]
    public async Task A_question_before_training_says_what_to_do()
    {
        await using TestServer untrained = await TestServer.StartAsync();

        HttpResponseMessage answer = await TestServer.PostAsync(untrained.Query, Recommend, new { shopperId = "s1" });

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.Conflict, "model-not-trained");
        Assert.Contains("train", (string?)problem["detail"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_shopper_is_forgotten_with_the_models_that_learned_from_them_named()
    {
        var own = new TrainedServer();   // the versions that learned from them go, and the other tests ask theirs
        await own.InitializeAsync();
        try
        {
            JsonNode receipt = await TestServer.JsonAsync(await own.Server.Admin.DeleteAsync("/v1/shoppers/s7"));

            Assert.Equal(6, (int?)receipt["interactions"]);
            Assert.Equal([(string?)own.Run["result"]!["version"]], receipt["modelsThatLearned"]!.AsArray().Select(v => (string?)v));
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private async Task<string[]> AskAsync(object request)
    {
        return Ids(await TestServer.JsonAsync(await TestServer.PostAsync(Server.Query, Recommend, request)));
    }

    private static string[] Ids(JsonNode answer) => [.. answer["results"]!.AsArray().Select(r => (string)r!["productId"]!)];
}
