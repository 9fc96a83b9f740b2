using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Cartwright.Commerce.Access;
using Cartwright.Server.Access;
using Cartwright.Server.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cartwright.Server.Tests;

/// <summary>A real server on a free port over a shop folder of its own, with a key for each role.</summary>
public sealed class TestServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cartwright-server-");
    private WebApplication? _app;

    public string Folder => Path.Combine(_folder.FullName, "shop");

    public WebApplication App => _app!;

    public Uri Address => new(App.Urls.First());

    /// <summary>May do all.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public HttpClient Query { get; private set; } = null!;

    public HttpClient Ingest { get; private set; } = null!;

    /// <summary>Comes without a key.</summary>
    public HttpClient Nobody { get; private set; } = null!;

    public static ServeOptions Defaults => new() { Url = "http://127.0.0.1:0", LogLevel = LogLevel.Error, ShutdownSeconds = 5 };

    public static Task<TestServer> StartAsync(Func<ServeOptions, ServeOptions>? change = null) => StartAsync(new TestServer(), change);

    public Task InitializeAsync() => StartAsync(this, change: null);

    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync(this, change: null);
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    public T Service<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    public async Task<string> KeyAsync(ApiRoles roles) => (await Service<KeyRing>().CreateAsync("test", roles)).Secret;

    /// <summary>Puts a few products and shoppers' acts, enough to train on.</summary>
    public async Task FillAsync(int shoppers = 40, int products = 20)
    {
        for (int p = 0; p < products; p++)
        {
            HttpResponseMessage put = await Admin.PutAsJsonAsync($"/v1/products/p{p}", new { title = $"Product {p}", category = p % 2 == 0 ? "Even" : "Odd", price = 10 + p, stock = p });
            put.EnsureSuccessStatusCode();
        }

        var random = new Random(5);
        DateTimeOffset at = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (int s = 0; s < shoppers; s++)
        {
            int start = random.Next(products);
            var acts = Enumerable.Range(0, 6).Select(i => Act($"fill-{s}-{i}", $"s{s}", $"p{(start + 2 * i) % products}", "purchase", at.AddHours(s + (10 * i)))).ToArray();
            (await PostAsync(Ingest, "/v1/catalog/interactions", new { interactions = acts })).EnsureSuccessStatusCode();
        }
    }

    public static object Act(string? id, string shopper, string product, string kind = "purchase", DateTimeOffset? at = null) =>
        new { id, at = at ?? new DateTimeOffset(2026, 2, 1, 12, 0, 0, TimeSpan.Zero), shopper, product, kind };

    public static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, object body, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return client.SendAsync(request);
    }

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>The problem details of an answer, checked to be such.</summary>
    public static async Task<JsonNode> ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string kind)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode problem = JsonNode.Parse(text)!;
        Assert.Equal("/docs#" + kind, (string?)problem["type"]);
        Assert.Equal((int)status, (int?)problem["status"]);
        Assert.NotEmpty((string?)problem["traceId"] ?? "");
        return problem;
    }

    /// <summary>Waits for a run's end by its events.</summary>
    public async Task<JsonNode> EndOfAsync(string runId)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await foreach (RunEvent _ in Service<RunService>().WatchAsync(runId, stop.Token))
        {
        }

        return await JsonAsync(await Admin.GetAsync($"/v1/runs/{runId}"));
    }

    private static async Task<TestServer> StartAsync(TestServer server, Func<ServeOptions, ServeOptions>? change)
    {
        ServeOptions options = Defaults with { Shop = server.Folder };
        server._app = await CartwrightServer.BuildAsync(change?.Invoke(options) ?? options);
        await server._app.StartAsync();
        server.Nobody = server.Client(key: null);
        server.Admin = server.Client(await server.KeyAsync(ApiRoles.Admin));
        server.Query = server.Client(await server.KeyAsync(ApiRoles.Query));
        server.Ingest = server.Client(await server.KeyAsync(ApiRoles.Ingest));
        return server;
    }
}
