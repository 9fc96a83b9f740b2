using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Storage;

/// <summary>Forgets a shopper in store, memory, files of runs and models, in one call.</summary>
/// <remarks>
/// Versions of models that may have learned from them are deleted at once, but for the ones in service: those answer until the trainings in
/// <see cref="Forgotten.Lessons"/> have put others in their place, even after a restart. Whoever calls does these trainings.
/// </remarks>
public sealed class ShopperForgetting
{
    private const int StepCount = 4;

    private readonly Shop _shop;
    private readonly TimeProvider _clock;
    private readonly LearnedKind[] _kinds;

    internal ShopperForgetting(Shop shop, TimeProvider clock)
    {
        (_shop, _clock) = (shop, clock);
        _kinds = [.. LearnedKind.Of(shop.Folder)];
    }

    /// <param name="request">Who.</param>
    /// <param name="afterDeletion">Done once nothing of the shopper is in the store any more and before files and models go: stops what reads an older state.</param>
    /// <param name="progress">Told of each step.</param>
    /// <exception cref="NotFoundException">Nothing names this shopper.</exception>
    /// <exception cref="StorageException">Nothing names them any more, but the log still holds what was deleted: another program reads the store for too long.</exception>
    public async Task<Forgotten> ForgetAsync(ForgetRequest request, Func<ForgottenShopper, Task>? afterDeletion = null, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string id = request.ShopperId;
        Report(0, "deleting what the shop keeps of the shopper, and writing over it");
        LiveShop live = await _shop.Catalog.LiveAsync(cancellationToken);
        DateTimeOffset since = live.ShopperEvents(id).Select(act => act.Interaction.At).DefaultIfEmpty(DateTimeOffset.MinValue).Min();
        ForgottenShopper removed = await _shop.Catalog.ForgetAsync(request, cancellationToken);

        // From here on nothing stops half-way: the shopper is gone, so must be the copies.
        Report(1, "stopping what has read them");
        if (afterDeletion is not null)
        {
            await afterDeletion(removed);
        }

        Report(2, "deleting exports and checkpoints");
        (int exports, int checkpoints) = await Task.Run(RemoveFilesOfRuns, CancellationToken.None);

        // Where times only keep an order, or lie ahead, they can't be compared with the clock: every version may have learned.
        if (!live.Snapshot.Info.HasRealTimes || since > _clock.GetUtcNow())
        {
            since = DateTimeOffset.MinValue;
        }

        Report(3, "taking away what learned from them");
        bool hasSales = Directory.Exists(Path.Combine(_shop.Folder, "models", "inventory")) && (await _shop.Catalog.ReadSalesAsync(CancellationToken.None)).Series.Count > 0;
        var versions = new List<string>();
        var lessons = new List<Lesson>();
        foreach (LearnedKind kind in removed.Interactions + removed.Searches > 0 ? _kinds : [])
        {
            await Task.Run(() => Outdate(kind, since, hasSales, versions, lessons), CancellationToken.None);
        }

        await _shop.Recommendation.ReloadAsync(CancellationToken.None);
        string summary = $"The shopper and {removed.Interactions:N0} interactions are gone."
            + (versions.Count == 0 ? " No kept model learned from them." : $" {versions.Count} kept model versions learned from them; they go, and {lessons.Count} models are trained anew.")
            + (removed.LeftBehind is null ? "" : " " + removed.LeftBehind);
        return new Forgotten(new ForgetReceipt(id, removed.Interactions, removed.Reviews, removed.Searches, removed.Orders, removed.HandOvers, exports, removed.Results, versions, summary)
        {
            CheckpointsRemoved = checkpoints,
            LeftBehind = removed.LeftBehind,
        }, lessons);

        void Report(int done, string stage) => progress?.Report(new RunProgress(stage, done, StepCount, "steps"));
    }

    /// <summary>Trainings that an earlier call left to do: versions that must not stay are still in service.</summary>
    public IReadOnlyList<Lesson> Unfinished()
    {
        var lessons = new List<Lesson>();
        foreach (LearnedKind kind in _kinds)
        {
            if (kind.Versions.Outdated is { } version && kind.LessonOf(version, isActive: true) is { } lesson)
            {
                lessons.Add(lesson);
            }
        }

        return lessons;
    }

    /// <summary>Takes versions that must not stay out of service, since nothing could be trained in their place.</summary>
    public async Task GiveUpAsync(string slice)
    {
        foreach (LearnedKind kind in _kinds.Where(kind => kind.Slice == slice && kind.Versions.Outdated is not null))
        {
            kind.Versions.DropOutdated();
        }

        await _shop.Recommendation.ReloadAsync(CancellationToken.None);
    }

    private static void Outdate(LearnedKind kind, DateTimeOffset since, bool hasSales, List<string> versions, List<Lesson> lessons)
    {
        KeptVersions kept = kind.Versions.Status();
        ModelVersion[] learned = [.. kept.Versions.Where(version => version.TrainedAt >= since || version.Problem is not null)
            .Where(version => version.Problem is not null || kind.Learns(version.Version, hasSales))];
        if (learned.Length == 0)
        {
            return;
        }

        versions.AddRange(learned.Select(version => version.Version));
        foreach (ModelVersion version in learned.Where(version => version.Problem is null).OrderByDescending(version => version.IsActive).DistinctBy(version => version.Model))
        {
            if (kind.LessonOf(version.Version, version.IsActive) is { } lesson)
            {
                lessons.Add(lesson);
            }
        }

        kind.Versions.Outdate(learned.Select(version => version.Version));
    }

    /// <summary>Exports have the shopper in them, and a checkpoint of other data is refused anyway.</summary>
    private (int Exports, int Checkpoints) RemoveFilesOfRuns()
    {
        string runs = Path.Combine(_shop.Folder, "runs");
        int exports = 0, checkpoints = 0;
        foreach (string run in Directory.Exists(runs) ? Directory.GetDirectories(runs) : [])
        {
            exports += Remove(Path.Combine(run, "files"));
            checkpoints += Remove(Path.Combine(run, "checkpoint"));
        }

        return (exports, checkpoints);
    }

    private static int Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        Directory.Delete(folder, recursive: true);
        return 1;
    }
}

/// <param name="Receipt">What is gone.</param>
/// <param name="Lessons">Trainings to be done now, those for the versions in service first.</param>
public sealed record Forgotten(ForgetReceipt Receipt, IReadOnlyList<Lesson> Lessons);

/// <summary>A training that takes the place of one that learned from somebody who is forgotten.</summary>
/// <param name="Slice">"recommendation".</param>
/// <param name="Model">"sasrec".</param>
/// <param name="Request">The slice's <c>TrainRequest</c>.</param>
public sealed record Lesson(string Slice, string Model, object Request);
