using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Http;
using Cartwright.Server.Resources;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Recommendation = Cartwright.Commerce.Recommendation;

namespace Cartwright.Server.Runs;

/// <summary>Forgets a shopper in a server: the shop's own copies, what the server keeps in memory, and runs under way; then queues the trainings without them.</summary>
/// <remarks>Runs that another process does are not stopped: what they make may name the shopper until the next call.</remarks>
internal sealed partial class Relearning(Shop shop, RunService runs, KeptAnswers answers, Dashboard.TalkDesk talks, Storefront.StoreShowings showings, ILogger<Relearning> logger)
{
    /// <param name="progress">Told of each step; null where nobody watches.</param>
    /// <exception cref="NotFoundException">Nothing names this shopper.</exception>
    public async Task<ForgetReceipt> ForgetAsync(string id, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<(Verb Verb, object Request)> stopped = [];
        Forgotten forgotten = await shop.Forgetting.ForgetAsync(new ForgetRequest { ShopperId = id }, async removed =>
        {
            talks.Forget(id);
            answers.Forget(removed.Traces);
            showings.Forget(removed.Traces);
            stopped = await runs.StopReadersAsync();
        }, progress, cancellationToken);

        var started = new List<Relearned>();
        foreach (Lesson lesson in forgotten.Lessons)
        {
            started.Add(new Relearned(lesson.Slice, lesson.Model, (await StartAsync(lesson)).Id));
        }

        foreach ((Verb verb, object request) in stopped)
        {
            await StartAgainAsync(verb, request);
        }

        return forgotten.Receipt with { Relearned = started };
    }

    /// <summary>Queues what an earlier process left to do.</summary>
    public async Task GoOnAsync()
    {
        foreach (Lesson lesson in shop.Forgetting.Unfinished())
        {
            await StartAsync(lesson);
        }
    }

    private async Task<Run> StartAsync(Lesson lesson)
    {
        Verb verb = VerbTable.All.Single(verb => verb.RequestType == lesson.Request.GetType());
        string? id = null;
        Run run = await runs.StartAsync(verb, lesson.Request, afterwards: () => _ = Task.Run(() => SettleAsync(id, lesson)), CancellationToken.None);
        id = run.Id;
        return run;
    }

    /// <summary>Where nothing could be learned, what learned from the shopper goes all the same.</summary>
    private async Task SettleAsync(string? run, Lesson lesson)
    {
        try
        {
            if (run is not null && await shop.Store.FindRunAsync(run) is { Status: RunStatus.Failed })
            {
                await shop.Forgetting.GiveUpAsync(lesson.Slice);
                GaveUp(lesson.Slice, lesson.Model, run);
            }
        }
        catch (Exception away) when (away is StorageException or ObjectDisposedException or IOException)
        {
            // The shop is being closed: the next start goes on.
        }
    }

    private async Task StartAgainAsync(Verb verb, object request)
    {
        if (verb.Files == VerbFiles.Download)
        {
            await runs.StartAsync(verb, folder => new ExportRequest { Folder = ShopFolderEndpoints.FilesOf(folder) }, cancellationToken: CancellationToken.None);
        }
        else if (request is Recommendation.TrainRequest { ResumeRunId: { } first } training)
        {
            // Its checkpoint is gone with the shopper; what it was asked for stands in the run it went on with.
            if (await shop.Store.FindRunAsync(first) is { } run && System.Text.Json.JsonSerializer.Deserialize<Recommendation.TrainRequest>(run.Request, WireJson.Options) is { } asked)
            {
                await runs.StartAsync(verb, asked with { ResumeRunId = null, Minutes = training.Minutes, Activate = training.Activate || asked.Activate }, cancellationToken: CancellationToken.None);
            }
        }
        else
        {
            await runs.StartAsync(verb, request, cancellationToken: CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing could be learned in place of the {Slice} model {Model} (run {RunId}), so none is in service now")]
    private partial void GaveUp(string slice, string model, string runId);
}
