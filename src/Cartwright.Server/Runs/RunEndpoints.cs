using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cartwright.Commerce;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Http;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Runs;

/// <summary>A run as HTTP and the command line show it.</summary>
/// <param name="Request">The request it was started with; over HTTP without fields that hold a path.</param>
/// <param name="Result">The verb's answer, once it succeeded.</param>
/// <param name="Error">What went wrong and what to do, once it failed.</param>
public sealed record RunView(string Id, string Slice, string Verb, RunStatus Status, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt, RunProgress? Progress, JsonNode? Request, JsonNode? Result, string? Error)
{
    /// <param name="withPaths">True on the machine that the paths are of.</param>
    public static RunView Of(Run run, bool withPaths = false)
    {
        Verb? verb = withPaths ? null : VerbTable.All.FirstOrDefault(v => v.Slice == run.Slice && v.Name == run.Verb);
        return new RunView(run.Id, run.Slice, run.Verb, run.Status, run.CreatedAt, run.StartedAt, run.EndedAt, run.Progress,
            WithoutPaths(run.Request, verb?.RequestType), run.Result is null ? null : Told(WithoutPaths(run.Result, verb?.ResponseType)),
            run.Error is null || withPaths ? run.Error : HttpWords.Of(run.Error));

        JsonNode? Told(JsonNode? result) => withPaths ? result : HttpWords.Of(result);
    }

    private static JsonNode? WithoutPaths(string json, Type? type)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }

        if (node is JsonObject fields && type is not null)
        {
            foreach (var property in type.GetProperties().Where(p => p.IsDefined(typeof(PathFieldAttribute), inherit: true)))
            {
                fields.Remove(WireJson.Name(property));
            }
        }

        return node;
    }
}

internal static class RunEndpoints
{
    /// <summary>Runs older than these are in the store, but no list reaches back to them.</summary>
    private const int MaxListed = 1000;

    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        const string tag = "runs";
        app.MapGet("/v1/runs", async (RunService runs, CancellationToken stop, int? count = null, string? after = null) =>
            {
                int size = Page.CheckCount(count);
                IReadOnlyList<Run> all = await runs.ListAsync(after is null ? size + 1 : MaxListed, stop);
                List<Run> rest = after is null ? [.. all] : [.. all.SkipWhile(run => run.Id != after).Skip(1)];
                return new Page<RunView>([.. rest.Take(size).Select(run => RunView.Of(run))], rest.Count > size ? rest[size - 1].Id : null);
            })
            .Describe(tag, "runs.list", "Runs, newest first: trainings, evaluations, imports and exports.", ApiRoles.Query);

        app.MapGet("/v1/runs/{id}", async (string id, RunService runs, CancellationToken stop) => RunView.Of(await FindAsync(runs, id, stop)))
            .Describe(tag, "runs.get", "One run: how far it is, and its result once it succeeded.", ApiRoles.Query);

        app.MapPost("/v1/runs/{id}/cancel", async (string id, RunService runs, CancellationToken stop) => RunView.Of(await runs.CancelAsync(id, stop)))
            .Describe(tag, "runs.cancel", "Stops a run that waits or works. What was done so far is kept.", ApiRoles.Admin);

        app.MapGet("/v1/runs/{id}/events", async (string id, HttpContext context, RunService runs, IHostApplicationLifetime host) =>
            {
                await FindAsync(runs, id, context.RequestAborted);
                _ = int.TryParse(context.Request.Headers["Last-Event-ID"], out int seen);
                return TypedResults.ServerSentEvents(EventsAsync(runs, id, seen, host.ApplicationStopping, context.RequestAborted));
            })
            .DisableRequestTimeout()
            .Describe(tag, "runs.events", "Server-sent events of one run: 'point' with each progress point, 'run' with each change "
                + "of its state, and 'end' as the last.", ApiRoles.Query);
    }

    internal static async Task<Run> FindAsync(RunService runs, string id, CancellationToken stop) =>
        await runs.FindAsync(id, stop) ?? throw new NotFoundException($"There is no run '{id}'. GET /v1/runs lists them.");

    private static async IAsyncEnumerable<SseItem<object>> EventsAsync(RunService runs, string id, int seen, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken aborted)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        int point = 0;
        await using IAsyncEnumerator<RunEvent> changes = runs.WatchAsync(id, stop.Token).GetAsyncEnumerator(stop.Token);
        Run? last = null;
        while (await NextAsync(changes, stop.Token))
        {
            last = changes.Current.Run;
            if (changes.Current.Point is not { } reached)
            {
                yield return new SseItem<object>(RunView.Of(last), "run");
            }
            else if (++point > seen)   // a browser that comes back says which it had
            {
                yield return new SseItem<object>(reached, "point") { EventId = point.ToString() };
            }
        }

        if (last is not null && last.Status is not (RunStatus.Queued or RunStatus.Running))
        {
            yield return new SseItem<object>(RunView.Of(last), "end");
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<RunEvent> changes, CancellationToken stop)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;   // the caller left, or the server stops: the stream just ends
        }
    }
}
