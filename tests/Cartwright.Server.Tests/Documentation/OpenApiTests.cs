using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cartwright.Server.Tests.Documentation;

public sealed class OpenApiTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A changed document is a decision: run with CARTWRIGHT_APPROVE=1 to write it, and look at the difference.</summary>
    [Fact]
    public async Task The_document_is_the_approved_one()
    {
        string document = JsonNode.Parse(await server.Nobody.GetStringAsync("/openapi/v1.json"))!.ToJsonString(Indented) + "\n";
        string approved = ApprovedFile();
        if (Environment.GetEnvironmentVariable("CARTWRIGHT_APPROVE") == "1")
        {
            await File.WriteAllTextAsync(approved, document);
        }

        Assert.Equal(await File.ReadAllTextAsync(approved), document);
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_with_an_example_of_each_body()
    {
        JsonNode document = JsonNode.Parse(await server.Nobody.GetStringAsync("/openapi/v1.json"))!;

        foreach ((string path, JsonNode? methods) in document["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in methods!.AsObject())
            {
                string name = $"{method} {path}";
                Assert.False(string.IsNullOrWhiteSpace((string?)operation!["summary"]), name);
                Assert.False(string.IsNullOrWhiteSpace((string?)operation["operationId"]), name);
                HasExample(operation["requestBody"], name + " request");
                foreach ((string status, JsonNode? answer) in operation["responses"]!.AsObject())
                {
                    HasExample(answer, $"{name} {status}");
                }
            }
        }
    }

    [Fact]
    public async Task Fields_say_what_they_mean_and_paths_do_not_exist()
    {
        JsonNode schemas = JsonNode.Parse(await server.Nobody.GetStringAsync("/openapi/v1.json"))!["components"]!["schemas"]!;

        Assert.Contains("Products in the answer, at most", (string?)schemas["RecommendRequest"]!["properties"]!["count"]!["description"], StringComparison.Ordinal);
        Assert.Equal(100, (int?)schemas["RecommendRequest"]!["properties"]!["count"]!["maximum"]);
        Assert.Null(schemas["RecommendationEvaluateRequest"]!["properties"]!["data"]);
    }

    [Fact]
    public async Task The_page_shows_every_operation_with_a_command_to_copy()
    {
        JsonNode document = JsonNode.Parse(await server.Nobody.GetStringAsync("/openapi/v1.json"))!;

        string page = await server.Nobody.GetStringAsync("/docs");

        Assert.All(document["paths"]!.AsObject(), path => Assert.Contains($"{path.Key}</code>", page, StringComparison.Ordinal));
        Assert.Contains("curl -X POST", page, StringComparison.Ordinal);
        Assert.Contains("id=\"invalid-request\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
    }

    private static void HasExample(JsonNode? body, string name)
    {
        foreach ((string type, JsonNode? content) in body?["content"]?.AsObject() ?? [])
        {
            if (type is "application/json" or "application/problem+json")
            {
                Assert.True(content!["example"] is not null, $"{name}: no example of {type}");
            }
        }
    }

    private static string ApprovedFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "openapi.approved.json");
}
