using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Cartwright.Commerce.Assistant;
using Cartwright.Storage;
using Microsoft.Extensions.Logging;

namespace Cartwright.Server.Tests.Resources;

/// <summary>After a shopper is forgotten, no byte of the shop's folder and no answer names them.</summary>
public sealed class ForgetTests
{
    /// <summary>In every id of the shopper's, and in every text of theirs: what is looked for afterwards.</summary>
    private const string Mark = "qx7vanish";
    private const string Shopper = $"zoë o'{Mark} 日本";
    private const string Session = $"visit-{Mark}";

    private static readonly string[] Families = ["user-knn", "session-knn", "item-knn", "als", "sasrec"];

    [Fact]
    public async Task A_forgotten_shopper_is_in_no_file_no_answer_and_no_log()
    {
        TextWriter errors = Console.Error;
        var log = new StringWriter();
        Console.SetError(TextWriter.Synchronized(log));
        try
        {
            await using TestServer server = await TestServer.StartAsync(options => options with { LogLevel = LogLevel.Trace });
            await server.FillAsync(shoppers: 60);
            await LeaveTracesAsync(server);
            string unfinished = await CheckpointAsync(server);
            Assert.NotEmpty(Naming(server.Folder));
            Assert.True(Directory.Exists(Path.Combine(server.Folder, "runs", unfinished, "checkpoint")));
            string working = await StartAsync(server, "recommendation/train", new { model = "sasrec", epochs = 10_000 });
            await UntilAsync(async () => (string?)(await RunAsync(server, working))["status"] == "running");
            DateTimeOffset asked = TimeProvider.System.GetUtcNow();

            JsonNode receipt = await TestServer.JsonAsync(await server.Admin.DeleteAsync(new Uri($"/v1/shoppers/{Uri.EscapeDataString(Shopper)}", UriKind.Relative)));

            Assert.Equal("canceled", (string?)(await RunAsync(server, working))["status"]);
            JsonArray relearned = receipt["relearned"]!.AsArray();
            Assert.Equal(Families.Order(), relearned.Select(one => (string)one!["model"]!).Order());
            Assert.True(receipt["modelsThatLearned"]!.AsArray().Count >= relearned.Count);
            Assert.Equal((1, 1, 1, 1), ((int)receipt["reviews"]!, (int)receipt["orders"]!, (int)receipt["handOvers"]!, (int)receipt["exportsRemoved"]!));
            Assert.True((int)receipt["checkpointsRemoved"]! > 0);
            foreach (JsonNode? model in relearned)
            {
                JsonNode ended = await server.EndOfAsync((string)model!["runId"]!);
                Assert.True((string?)ended["status"] == "succeeded", ended.ToJsonString());
            }

            await StopWorkingAsync(server);
            Assert.All(await VersionsAsync(server), version => Assert.True((DateTimeOffset)version["trainedAt"]! > asked, version.ToJsonString()));
            Assert.Contains(await VersionsAsync(server), version => (bool)version["isActive"]!);
            Assert.Empty(Naming(server.Folder));
            await ProbeAsync(server);
            Assert.DoesNotContain(Mark, log.ToString(), StringComparison.Ordinal);
            await server.StopAsync();
            Assert.Empty(Naming(server.Folder));
        }
        finally
        {
            Console.SetError(errors);
        }
    }

    [Fact]
    public async Task Who_was_never_here_can_not_be_forgotten()
    {
        await using TestServer server = await TestServer.StartAsync();

        await TestServer.ProblemAsync(await server.Admin.DeleteAsync(new Uri("/v1/shoppers/nobody", UriKind.Relative)), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_version_in_service_that_must_go_is_replaced_after_a_restart()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.FillAsync(shoppers: 60);
        await EndAsync(server, "recommendation/train", new { model = "item-knn", activate = true });
        string before = (string)(await VersionsAsync(server)).Single()["version"]!;
        string shopper = "s3";

        // The shop forgets, and the process ends before anything is trained.
        await server.Service<Shop>().Forgetting.ForgetAsync(new Commerce.Catalog.ForgetRequest { ShopperId = shopper });
        await server.RestartAsync();
        await UntilAsync(async () => (await VersionsAsync(server)).Any(version => (bool)version["isActive"]! && (string)version["version"]! != before));

        Assert.DoesNotContain(await VersionsAsync(server), version => (string)version["version"]! == before);
    }

    [Fact]
    public async Task Where_nothing_is_left_to_learn_from_no_model_stays()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Admin.PutAsJsonAsync("/v1/products/p0", new { title = "Pan" });
        await server.Admin.PutAsJsonAsync("/v1/products/p1", new { title = "Pot" });
        object[] acts = [.. Enumerable.Range(0, 8).Select(i => TestServer.Act($"only-{i}", "only", $"p{i % 2}", at: new DateTimeOffset(2026, 1, 1, i, 0, 0, TimeSpan.Zero)))];
        (await TestServer.PostAsync(server.Ingest, "/v1/catalog/interactions", new { interactions = acts })).EnsureSuccessStatusCode();
        await EndAsync(server, "recommendation/train", new { model = "item-knn", activate = true });

        JsonNode receipt = await TestServer.JsonAsync(await server.Admin.DeleteAsync(new Uri("/v1/shoppers/only", UriKind.Relative)));
        await server.EndOfAsync((string)receipt["relearned"]![0]!["runId"]!);
        await UntilAsync(async () => (await VersionsAsync(server)).Count == 0);

        Assert.False(File.Exists(Path.Combine(server.Folder, "models", "recommendation", "active.json")));
    }

    /// <summary>Every kind of record that a shop keeps of somebody, by the doors that make them.</summary>
    private static async Task LeaveTracesAsync(TestServer server)
    {
        byte[] zip = Zip(
            ("shoppers.csv", $"id,created_at,likes\n\"{Shopper}\",2025-01-01,the color {Mark}\n"),
            ("interactions.csv", "id,at,shopper,session,kind,product,query\n"
                + string.Concat(Enumerable.Range(0, 24).Select(i => string.Create(CultureInfo.InvariantCulture, $"mine-{i},2026-02-{1 + (i / 2):00}T{8 + (i % 2):00}:00:00Z,\"{Shopper}\",{Session}-{i / 6},{(i % 4 == 3 ? "purchase" : "view")},p{i % 20},\n")))
                + string.Concat(Enumerable.Range(0, 240).Select(i => string.Create(CultureInfo.InvariantCulture, $"look-{i},2026-02-{1 + (i / 12):00}T12:{i % 12:00}:00Z,s{i / 4},other-{i / 4},{(i % 8 == 7 ? "purchase" : "view")},p{((i / 4) + (i % 4)) % 20},\n")))
                + $"asked,2026-02-20T08:00:00Z,\"{Shopper}\",{Session},search,,pan {Mark}\n"
                + $"bad,2026-02-01T00:00:00Z,s1,,\"{Shopper}\",p1,\n"),
            ("reviews.csv", $"id,at,shopper,product,rating,title,text\nr1,2026-02-20,\"{Shopper}\",p1,5,My {Mark},It is a {Mark} of a pan.\n"),
            ("searches.csv", $"id,at,session,shopper,query,shown,clicked\nq1,2026-02-20T08:00:00Z,{Session},\"{Shopper}\",pan for {Mark},p1 p2,1\nq2,2026-02-20T07:00:00Z,{Session},,{Mark} before,p1 p2,1\n"),
            ("orders.csv", $"id,at,shopper,status,expected_at,carrier,tracking,postcode,products\norder-{Mark},2026-02-20,\"{Shopper}\",shipped,2026-02-22,Post,track-{Mark},1010,p1\n"));
        var body = new ByteArrayContent(zip) { Headers = { ContentType = new("application/zip") } };
        await server.EndOfAsync((string)(await TestServer.JsonAsync(await server.Admin.PostAsync(new Uri("/v1/catalog/import?maxRejectShare=0.5", UriKind.Relative), body)))["runId"]!);

        // Before they signed in, and after.
        object[] acts = [new { kind = "view", product = "p2", session = Session }, new { kind = "view", product = "p3", session = Session, shopper = Shopper }];
        (await TestServer.PostAsync(server.Ingest, "/v1/catalog/interactions", new { interactions = acts })).EnsureSuccessStatusCode();
        await ((IAssistantStore)server.Service<Shop>().Store).PutHandOverAsync(new HandOver
        {
            Id = "h1", At = TimeProvider.System.GetUtcNow(), ConversationId = "c", ShopperId = Shopper, SessionId = Session, Reason = "asked", Contact = $"me@{Mark}.example",
            Lines = [new SaidLine(IsShopper: true, $"Where is my {Mark}?")],
        });
        await ExperimentAsync(server);

        await EndAsync(server, "behavior/segment", new { segments = 2 });
        await EndAsync(server, "catalog/export", new { });
        foreach (string family in Families)
        {
            await EndAsync(server, "recommendation/train", new { model = family, epochs = 1, activate = true });
        }

        await TestServer.JsonAsync(await TestServer.PostAsync(server.Query, "/v1/recommendation/recommend", new { shopperId = Shopper, explain = true }, idempotencyKey: "asked"));
    }

    private static async Task ExperimentAsync(TestServer server)
    {
        object[] arms = [new { id = "now", share = 0.5 }, new { id = "new", share = 0.5 }];
        await TestServer.JsonAsync(await TestServer.PostAsync(server.Admin, "/v1/automation/put-experiment", new { experiment = new { id = "e", name = "E", outcome = "recorded", arms } }));
        foreach (string who in (string[])[Shopper, Session])
        {
            await TestServer.JsonAsync(await TestServer.PostAsync(server.Query, "/v1/automation/assign", new { experimentId = "e", shopperId = who }));
        }

        await TestServer.JsonAsync(await TestServer.PostAsync(server.Ingest, "/v1/automation/record", new { experimentId = "e", shopperId = Shopper, value = 1 }));
        await TestServer.JsonAsync(await TestServer.PostAsync(server.Admin, "/v1/automation/put-slot", new { slot = new { id = "banner", name = "Banner", arms = new[] { "a", "b" } } }));
        await TestServer.JsonAsync(await TestServer.PostAsync(server.Query, "/v1/automation/choose", new { slotId = "banner", shopperId = Shopper }));
    }

    /// <summary>A training that was stopped on the way, with its checkpoint.</summary>
    private static async Task<string> CheckpointAsync(TestServer server)
    {
        string run = await StartAsync(server, "recommendation/train", new { model = "sasrec", epochs = 10_000 });
        await UntilAsync(() => Task.FromResult(Directory.Exists(Path.Combine(server.Folder, "runs", run, "checkpoint"))
            && Directory.EnumerateFiles(Path.Combine(server.Folder, "runs", run, "checkpoint"), "*", SearchOption.AllDirectories).Count() > 1));
        await server.Admin.PostAsync(new Uri($"/v1/runs/{run}/cancel", UriKind.Relative), null);
        await server.EndOfAsync(run);
        return run;
    }

    /// <summary>The training that was under way was started again; nobody needs its end.</summary>
    private static async Task StopWorkingAsync(TestServer server)
    {
        JsonNode runs = await TestServer.JsonAsync(await server.Admin.GetAsync("/v1/runs"));
        string[] working = [.. runs["results"]!.AsArray().Where(run => (string?)run!["status"] is "running" or "queued").Select(run => (string)run!["id"]!)];
        Assert.Single(working);
        await server.Admin.PostAsync(new Uri($"/v1/runs/{working[0]}/cancel", UriKind.Relative), null);
        await server.EndOfAsync(working[0]);
    }

    /// <summary>Every GET of the OpenAPI document and the questions that take a shopper.</summary>
    private static async Task ProbeAsync(TestServer server)
    {
        JsonNode document = JsonNode.Parse(await server.Admin.GetStringAsync("/openapi/v1.json"))!;
        string[] runs = [.. (await TestServer.JsonAsync(await server.Admin.GetAsync("/v1/runs?count=100")))["results"]!.AsArray().Select(run => (string)run!["id"]!)];
        foreach (string path in document["paths"]!.AsObject().Where(path => path.Value!["get"] is not null).Select(path => path.Key))
        {
            string[] ids = path.StartsWith("/v1/runs/", StringComparison.Ordinal) ? runs : path.StartsWith("/v1/products/", StringComparison.Ordinal) ? ["p1", "p2", "p3"] : ["x"];
            foreach (string address in path.Contains("{id}", StringComparison.Ordinal) ? ids.Select(id => path.Replace("{id}", id, StringComparison.Ordinal)) : [path])
            {
                Assert.DoesNotContain(Mark, await (await server.Admin.GetAsync(address)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        server.Admin.DefaultRequestHeaders.Accept.Add(new("text/html"));
        foreach (string page in (string[])["/", "/shoppers", "/models", "/data", "/assistant", "/automation", "/search", "/recommendations"])
        {
            Assert.DoesNotContain(Mark, await server.Admin.GetStringAsync(page), StringComparison.Ordinal);
        }

        // What echoes the id that was asked for says that there is nobody of it.
        Assert.Equal(HttpStatusCode.NotFound, (await server.Query.GetAsync($"/v1/shoppers/{Uri.EscapeDataString(Shopper)}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestServer.PostAsync(server.Query, "/v1/behavior/shopper", new { shopperId = Shopper })).StatusCode);
        HttpResponseMessage list = await TestServer.PostAsync(server.Query, "/v1/recommendation/recommend", new { shopperId = Shopper, explain = true }, idempotencyKey: "asked");
        Assert.False(list.Headers.Contains("Idempotency-Replayed"));
        Assert.NotNull((await TestServer.JsonAsync(list))["fallback"]);
        HttpResponseMessage record = await TestServer.PostAsync(server.Ingest, "/v1/automation/record", new { experimentId = "e", shopperId = Shopper, value = 1 });
        Assert.Equal(HttpStatusCode.NotFound, record.StatusCode);
        foreach (string question in (string[])["assistant/handovers", "automation/experiments", "automation/slots", "automation/changes", "catalog/status", "behavior/funnel"])
        {
            Assert.DoesNotContain(Mark, await (await TestServer.PostAsync(server.Admin, $"/v1/{question}", new { })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>Files in which the mark stands, with what stands around it: as UTF-8, as UTF-16 of either order, in the file or in what it holds packed.</summary>
    private static List<string> Naming(string folder)
    {
        byte[][] forms = [Encoding.UTF8.GetBytes(Mark), Encoding.Unicode.GetBytes(Mark), Encoding.BigEndianUnicode.GetBytes(Mark)];
        var naming = new List<string>();
        foreach (string file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            byte[] bytes = ReadShared(file);
            if (file.Contains(Mark, StringComparison.Ordinal))
            {
                naming.Add(file);
            }

            foreach (byte[] content in Unpacked(bytes).Append(bytes))
            {
                foreach (byte[] form in forms)
                {
                    if (content.AsSpan().IndexOf(form) is >= 0 and var at)
                    {
                        naming.Add($"{file}: …{Encoding.Latin1.GetString(content.AsSpan(Math.Max(0, at - 80), Math.Min(200, content.Length - Math.Max(0, at - 80))))}…");
                    }
                }
            }
        }

        return naming;
    }

    private static IEnumerable<byte[]> Unpacked(byte[] bytes)
    {
        if (bytes is [0x1f, 0x8b, ..])
        {
            using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var content = new MemoryStream();
            packed.CopyTo(content);
            yield return content.ToArray();
        }
        else if (bytes is [(byte)'P', (byte)'K', 3, 4, ..])
        {
            using var zip = new ZipArchive(new MemoryStream(bytes));
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                using Stream packed = entry.Open();
                using var content = new MemoryStream();
                packed.CopyTo(content);
                yield return content.ToArray();
            }
        }
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Zip(params (string Name, string Text)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return stream.ToArray();
    }

    private static async Task<List<JsonNode>> VersionsAsync(TestServer server) =>
        [.. (await TestServer.JsonAsync(await TestServer.PostAsync(server.Query, "/v1/recommendation/status", new { })))["versions"]!.AsArray().Select(version => version!)];

    private static async Task<JsonNode> RunAsync(TestServer server, string run) => await TestServer.JsonAsync(await server.Admin.GetAsync($"/v1/runs/{run}"));

    private static async Task<string> StartAsync(TestServer server, string verb, object request) =>
        (string)(await TestServer.JsonAsync(await TestServer.PostAsync(server.Admin, $"/v1/{verb}", request)))["runId"]!;

    private static async Task EndAsync(TestServer server, string verb, object request)
    {
        JsonNode run = await server.EndOfAsync(await StartAsync(server, verb, request));
        Assert.True((string?)run["status"] == "succeeded", run.ToJsonString());
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (int i = 0; i < 600 && !await isSo(); i++)
        {
            await Task.Delay(100);
        }

        Assert.True(await isSo());
    }
}
