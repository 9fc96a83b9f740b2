using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cartwright.Server.Verbs;

namespace Cartwright.Cli.Demo;

/// <summary>Tries the doors of a running server: every verb, every resource that its OpenAPI document lists, every page of the dashboard.</summary>
internal sealed partial class SmokeHttp(Uri address, string key, TriedDoors tried, SmokeDoors doors) : IDisposable
{
    private const int MaxPages = 60;

    private readonly HttpClient _api = new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
    private readonly HttpClient _browser = new(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = address };

    /// <summary>"GET /v1/products/{id}": what was gone through.</summary>
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);

    private string _exportRun = "";

    public async Task TryVerbsAsync(CancellationToken cancellationToken)
    {
        foreach (Verb verb in VerbTable.All.Where(verb => verb.HasHttpDoor))
        {
            await TryAsync("POST", verb.Path, verb.Path, async () =>
            {
                using HttpResponseMessage answer = await _api.PostAsync(verb.Path, Body(verb), cancellationToken);
                string text = await answer.Content.ReadAsStringAsync(cancellationToken);
                if (answer.StatusCode != (verb.IsLong ? HttpStatusCode.Accepted : HttpStatusCode.OK))
                {
                    return $"{(int)answer.StatusCode} {text}";
                }

                return verb.IsLong ? await EndOfRunAsync(verb, JsonNode.Parse(text)!["runId"]!.GetValue<string>(), cancellationToken) : null;
            });
            await doors.LearnAsync(verb, cancellationToken);
        }
    }

    public async Task TryResourcesAsync(CancellationToken cancellationToken)
    {
        await GetAsync("/health/live", cancellationToken: cancellationToken);
        await GetAsync("/health/ready", cancellationToken: cancellationToken);
        await GetAsync("/metrics", cancellationToken: cancellationToken);
        await GetAsync("/docs", cancellationToken: cancellationToken);
        await GetAsync("/v1/products", cancellationToken: cancellationToken);
        await SendAsync("PUT", "/v1/products/{id}", "/v1/products/smoke", new { title = "Smoke" }, HttpStatusCode.Created, cancellationToken);
        await GetAsync("/v1/products/{id}", "/v1/products/smoke", cancellationToken);
        await SendAsync("DELETE", "/v1/products/{id}", "/v1/products/smoke", body: null, HttpStatusCode.NoContent, cancellationToken);
        await GetAsync("/v1/runs", cancellationToken: cancellationToken);
        await GetAsync("/v1/runs/{id}", $"/v1/runs/{_exportRun}", cancellationToken);
        await GetAsync("/v1/runs/{id}/files", $"/v1/runs/{_exportRun}/files", cancellationToken);
        await GetAsync("/v1/runs/{id}/events", $"/v1/runs/{_exportRun}/events", cancellationToken);
        await SendAsync("POST", "/v1/runs/{id}/cancel", $"/v1/runs/{_exportRun}/cancel", body: null, HttpStatusCode.Conflict, cancellationToken);
        await GetAsync("/v1/keys", cancellationToken: cancellationToken);
        JsonNode? made = await SendAsync("POST", "/v1/keys", "/v1/keys", JsonNode.Parse("""{ "name": "smoke", "roles": ["query"] }"""), HttpStatusCode.Created, cancellationToken);
        await SendAsync("DELETE", "/v1/keys/{id}", $"/v1/keys/{made?["id"]}", body: null, HttpStatusCode.NoContent, cancellationToken);
        string shopper = Uri.EscapeDataString(doors.Shopper);
        await GetAsync("/v1/shoppers/{id}", $"/v1/shoppers/{shopper}", cancellationToken);
        await SendAsync("DELETE", "/v1/shoppers/{id}", $"/v1/shoppers/{shopper}", body: null, HttpStatusCode.OK, cancellationToken);
        await tried.TryAsync("HTTP      every address of /openapi/v1.json was tried", async () =>
        {
            JsonNode document = JsonNode.Parse(await _api.GetStringAsync("/openapi/v1.json", cancellationToken))!;
            string[] missed = [.. document["paths"]!.AsObject()
                .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"))
                .Where(door => !_gone.Contains(door))];
            return missed.Length == 0 ? null : "not tried: " + string.Join(", ", missed);
        });
    }

    /// <summary>Logs in as a person does, and follows every link from there.</summary>
    public async Task TryPagesAsync(CancellationToken cancellationToken)
    {
        await tried.TryAsync("page      /login", async () =>
        {
            string page = await _browser.GetStringAsync("/login", cancellationToken);
            var form = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["key"] = key,
                ["returnUrl"] = "/",
                ["__RequestVerificationToken"] = WebUtility.HtmlDecode(Token().Match(page).Groups["token"].Value),
            };
            using HttpResponseMessage answer = await _browser.PostAsync("/login", new FormUrlEncodedContent(form), cancellationToken);
            return answer is { IsSuccessStatusCode: true, RequestMessage.RequestUri.AbsolutePath: "/" } ? null : $"the key does not log in: {(int)answer.StatusCode}";
        });

        var waiting = new Queue<string>(["/"]);
        var seen = new HashSet<string>(["/"], StringComparer.Ordinal);
        for (int page = 0; page < MaxPages && waiting.TryDequeue(out string? path); page++)
        {
            await tried.TryAsync($"page      {path}", async () =>
            {
                using HttpResponseMessage answer = await _browser.GetAsync(path, cancellationToken);
                string html = await answer.Content.ReadAsStringAsync(cancellationToken);
                foreach (string link in Links().Matches(html).Select(link => WebUtility.HtmlDecode(link.Groups["path"].Value)))
                {
                    // One page of each form: the same address with another question is the same page.
                    if (seen.Add(link.Split('?', '#')[0]))
                    {
                        waiting.Enqueue(link);
                    }
                }

                return !answer.IsSuccessStatusCode ? $"{(int)answer.StatusCode}"
                    : answer.RequestMessage?.RequestUri?.AbsolutePath == "/login" ? "asks for a key again" : null;
            });
        }
    }

    public void Dispose()
    {
        _api.Dispose();
        _browser.Dispose();
    }

    /// <summary>A shop folder travels as a zip, everything else as the record's JSON.</summary>
    private HttpContent Body(Verb verb)
    {
        if (verb.Files == VerbFiles.Upload)
        {
            var zip = new MemoryStream();
            ZipFile.CreateFromDirectory(doors.Folder, zip);
            zip.Position = 0;
            return new StreamContent(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        }

        string json = JsonSerializer.Serialize(doors.Request(verb), verb.RequestType, WireJson.HttpOptions);
        return new StringContent(json, Encoding.UTF8, "application/json");
    }

    private async Task<string?> EndOfRunAsync(Verb verb, string id, CancellationToken cancellationToken)
    {
        if (verb.Files == VerbFiles.Download)
        {
            _exportRun = id;
        }

        // The stream of a run's events ends with the run.
        await _api.GetStringAsync($"/v1/runs/{id}/events", cancellationToken);
        JsonNode run = JsonNode.Parse(await _api.GetStringAsync($"/v1/runs/{id}", cancellationToken))!;
        return run["status"]!.GetValue<string>() == "succeeded" ? null : $"the run ended as {run["status"]}: {run["error"]}";
    }

    private Task<JsonNode?> GetAsync(string template, string? path = null, CancellationToken cancellationToken = default) =>
        SendAsync("GET", template, path ?? template, body: null, HttpStatusCode.OK, cancellationToken);

    private async Task<JsonNode?> SendAsync(string method, string template, string path, object? body, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        JsonNode? json = null;
        await TryAsync(method, template, path, async () =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : JsonContent.Create(body) };
            using HttpResponseMessage answer = await _api.SendAsync(request, cancellationToken);
            if (answer.StatusCode != expected)
            {
                return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}";
            }

            if (answer.Content.Headers.ContentType?.MediaType == "application/json")
            {
                json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            }

            return null;
        });
        return json;
    }

    private Task TryAsync(string method, string template, string path, Func<Task<string?>> tryAsync)
    {
        _gone.Add($"{method} {template}");
        return tried.TryAsync($"HTTP      {method} {path}", tryAsync);
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex("""<a[^>]*\shref="(?<path>/(?!/)[^"]*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Links();
}
