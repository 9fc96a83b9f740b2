using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Server.Tests.Runs;

public sealed class RunServiceTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestServer _server = new();

    private RunService Service => _server.Service<RunService>();

    /// <summary>A verb that says how far it is, then waits until it is let go or stopped.</summary>
    private Verb Waiting => new Verb<StatusRequest, StatusResponse>("catalog", "wait", ApiRoles.Admin, IsLong: true, HasHttpDoor: false,
        async (shop, request, progress, stop) =>
        {
            progress!.Report(new RunProgress("waiting", 1, 2, "steps") { Values = new Dictionary<string, double> { ["loss"] = 0.5 } });
            await _gate.Task.WaitAsync(stop);
            progress.Report(new RunProgress("done", 2, 2, "steps"));
            return await shop.Catalog.StatusAsync(request, stop);
        });

    private static Verb Failing(Exception error) => new Verb<StatusRequest, StatusResponse>("catalog", "fail", ApiRoles.Admin, IsLong: true, HasHttpDoor: false,
        (_, _, _, _) => Task.FromException<StatusResponse>(error));

    public Task InitializeAsync() => _server.InitializeAsync();

    public async Task DisposeAsync()
    {
        _gate.TrySetResult();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_run_tells_how_far_it_is_and_keeps_its_result()
    {
        Run run = await Service.StartAsync(Waiting, new StatusRequest());
        await UntilAsync(run.Id, r => r.Progress?.Stage == "waiting");
        JsonNode during = await TestServer.JsonAsync(await _server.Query.GetAsync($"/v1/runs/{run.Id}"));

        _gate.SetResult();
        JsonNode after = await _server.EndOfAsync(run.Id);

        Assert.Equal("running", (string?)during["status"]);
        Assert.Equal(1, (double?)during["progress"]!["done"]);
        Assert.Equal("succeeded", (string?)after["status"]);
        Assert.NotNull(after["result"]!["counts"]);
        IReadOnlyList<RunPoint> points = await Service.PointsAsync(run.Id);
        Assert.Equal(["waiting", "done"], points.Select(p => p.Progress.Stage));
        Assert.Equal(0.5, points[0].Progress.Values["loss"]);
    }

    [Fact]
    public async Task A_rule_that_is_not_there_is_refused_before_a_run_begins()
    {
        HttpResponseMessage answer = await _server.Admin.PostAsJsonAsync("/v1/automation/run", new { ruleId = "nosuch" });

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no rule", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await Service.ListAsync(10));
    }

    [Fact]
    public async Task What_is_refused_in_the_foreground_before_any_work_leaves_no_run()
    {
        var shop = _server.Service<Shop>();
        var recorder = new RunRecorder(shop, TimeProvider.System);

        await Assert.ThrowsAsync<NotFoundException>(() => recorder.RunAsync(Failing(new NotFoundException("There is no such thing.")), new StatusRequest()));

        Assert.Empty(await Service.ListAsync(10));
        Assert.False(Directory.Exists(Path.Combine(shop.Folder, "runs")) && Directory.EnumerateFileSystemEntries(Path.Combine(shop.Folder, "runs")).Any());
    }

    [Fact]
    public async Task One_run_works_and_the_next_waits()
    {
        Run first = await Service.StartAsync(Waiting, new StatusRequest());
        Run second = await Service.StartAsync(Waiting, new StatusRequest());
        await UntilAsync(first.Id, r => r.Status == RunStatus.Running);

        Assert.Equal(RunStatus.Queued, (await Service.FindAsync(second.Id))!.Status);

        _gate.SetResult();
        Assert.Equal("succeeded", (string?)(await _server.EndOfAsync(second.Id))["status"]);
    }

    [Fact]
    public async Task A_working_run_can_be_canceled()
    {
        Run run = await Service.StartAsync(Waiting, new StatusRequest());
        await UntilAsync(run.Id, r => r.Status == RunStatus.Running);

        (await _server.Admin.PostAsync($"/v1/runs/{run.Id}/cancel", content: null)).EnsureSuccessStatusCode();

        Assert.Equal("canceled", (string?)(await _server.EndOfAsync(run.Id))["status"]);
        HttpResponseMessage again = await _server.Admin.PostAsync($"/v1/runs/{run.Id}/cancel", content: null);
        await TestServer.ProblemAsync(again, HttpStatusCode.Conflict, "run-ended");
    }

    [Fact]
    public async Task A_waiting_run_can_be_canceled()
    {
        Run first = await Service.StartAsync(Waiting, new StatusRequest());
        await UntilAsync(first.Id, r => r.Status == RunStatus.Running);
        Run second = await Service.StartAsync(Waiting, new StatusRequest());

        JsonNode canceled = await TestServer.JsonAsync(await _server.Admin.PostAsync($"/v1/runs/{second.Id}/cancel", content: null));

        Assert.Equal("canceled", (string?)canceled["status"]);
        Assert.Equal("canceled", (string?)(await TestServer.JsonAsync(await _server.Query.GetAsync($"/v1/runs/{second.Id}")))["status"]);
    }

    [Fact]
    public async Task A_failed_run_says_what_was_meant_for_people_and_hides_the_rest()
    {
        Run told = await Service.StartAsync(Failing(new ModelNotTrainedException("Train first.")), new StatusRequest());
        Run hidden = await Service.StartAsync(Failing(new InvalidOperationException("password=secret")), new StatusRequest());

        Assert.Equal("Train first.", (string?)(await _server.EndOfAsync(told.Id))["error"]);
        JsonNode ours = await _server.EndOfAsync(hidden.Id);
        Assert.Equal("failed", (string?)ours["status"]);
        Assert.DoesNotContain("secret", (string?)ours["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_stream_the_points_and_end_with_the_run()
    {
        Run run = await Service.StartAsync(Waiting, new StatusRequest());
        using HttpResponseMessage stream = await _server.Query.GetAsync($"/v1/runs/{run.Id}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        await UntilAsync(run.Id, r => r.Status == RunStatus.Running);

        _gate.SetResult();
        string text = await stream.Content.ReadAsStringAsync();

        Assert.Contains("event: point", text, StringComparison.Ordinal);
        Assert.Contains("\"loss\":0.5", text, StringComparison.Ordinal);
        Assert.Contains("event: end", text, StringComparison.Ordinal);
        Assert.Contains("\"succeeded\"", text[text.IndexOf("event: end", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_the_server_interrupts_its_runs_and_says_so_after_the_restart()
    {
        Run working = await Service.StartAsync(Waiting, new StatusRequest());
        Run waiting = await Service.StartAsync(Waiting, new StatusRequest());
        await UntilAsync(working.Id, r => r.Status == RunStatus.Running);

        await _server.RestartAsync();

        Assert.Equal(RunStatus.Interrupted, (await Service.FindAsync(working.Id))!.Status);
        Assert.Equal(RunStatus.Interrupted, (await Service.FindAsync(waiting.Id))!.Status);
    }

    [Fact]
    public async Task A_run_of_a_living_process_is_left_alone_at_the_start_of_another()
    {
        var recorder = _server.Service<RunRecorder>();
        using var stop = new CancellationTokenSource();
        var progress = new Reached();
        Task<object> foreground = recorder.RunAsync(Waiting, new StatusRequest(), progress, stop.Token);
        await progress.First.Task;
        IReadOnlyList<Run> listed;
        while ((listed = await Service.ListAsync(1)).Count == 0)
        {
            await Task.Delay(10);                 // it is stored with its first point, a moment after that was told
        }

        Run run = listed[0];
        Assert.Equal(0, await Service.MarkInterruptedAsync(CancellationToken.None));
        Assert.Equal(RunStatus.Running, (await Service.FindAsync(run.Id))!.Status);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => foreground);
        Assert.Equal(RunStatus.Canceled, (await Service.FindAsync(run.Id))!.Status);
    }

    [Fact]
    public async Task Runs_are_listed_newest_first_in_pages()
    {
        _gate.SetResult();
        for (int i = 0; i < 3; i++)
        {
            await _server.EndOfAsync((await Service.StartAsync(Waiting, new StatusRequest())).Id);
        }

        JsonNode first = await TestServer.JsonAsync(await _server.Query.GetAsync("/v1/runs?count=2"));
        JsonNode second = await TestServer.JsonAsync(await _server.Query.GetAsync($"/v1/runs?count=2&after={first["next"]}"));

        Assert.Equal(2, first["results"]!.AsArray().Count);
        Assert.Single(second["results"]!.AsArray());
        Assert.Null(second["next"]);
    }

    [Theory]
    [InlineData("/v1/runs/nothing")]
    [InlineData("/v1/runs/nothing/events")]
    [InlineData("/v1/runs/..%2F..%2Fetc/files")]
    public async Task A_run_that_is_not_there_is_not_found(string path) =>
        await TestServer.ProblemAsync(await _server.Admin.GetAsync(path), HttpStatusCode.NotFound, "not-found");

    private async Task UntilAsync(string id, Func<Run, bool> isReached)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await foreach (RunEvent change in Service.WatchAsync(id, stop.Token))
        {
            if (isReached(change.Run))
            {
                return;
            }
        }
    }

    private sealed class Reached : IProgress<RunProgress>
    {
        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Report(RunProgress value) => First.TrySetResult();
    }
}
