using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Hands out the ranker that a request asks for: the version in service, a kept one of another model, or a live count.</summary>
/// <remarks>
/// Versions are loaded once, at the first question; another version is swapped in whole, while questions that run keep the one they
/// began with. Whether another process activated a version is looked up at most once a second; the old one answers while that one loads.
/// </remarks>
/// <param name="trial">Says which version a visitor gets; null where versions are never tried.</param>
internal sealed class RankerService(ModelVersions versions, IVersionTrial? trial, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly TrialRankers _onTrial = new(versions, clock);
    private volatile Loaded? _loaded;
    private long _lookedAt = clock.GetTimestamp();
    private int _isReloading;

    /// <returns>The model in service, null where none was trained; and what counts popularity.</returns>
    public async ValueTask<(IRanker? Active, LivePopularity Popularity)> FindOrNoneAsync(LiveShop shop, CancellationToken cancellationToken)
    {
        Loaded loaded = _loaded is { } ready && ReferenceEquals(ready.Shop, shop) ? ready : await LoadAsync(shop, force: false, cancellationToken);
        LookForAnother(shop, loaded);
        return (loaded.Active, loaded.Popularity);
    }

    /// <returns>The ranker of this name, or the one in service; and what counts popularity.</returns>
    /// <exception cref="ModelNotTrainedException">Nothing was trained that could answer.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">No model has this name.</exception>
    public async ValueTask<(IRanker Ranker, LivePopularity Popularity)> FindAsync(LiveShop shop, string? model, CancellationToken cancellationToken)
    {
        Loaded loaded = _loaded is { } ready && ReferenceEquals(ready.Shop, shop) ? ready : await LoadAsync(shop, force: false, cancellationToken);
        LookForAnother(shop, loaded);
        if (model is null)
        {
            return (loaded.Active ?? throw new ModelNotTrainedException(
                "No recommendation model is trained yet. Run 'cartwright recommendation train', or ask for --model popularity."), loaded.Popularity);
        }

        _ = RecommendationModels.Named(model);
        IRanker? ranker = model switch
        {
            "popularity" => loaded.Popularity.AllTime,
            "recent-popularity" => loaded.Popularity.Recent,
            _ => loaded.Others.FirstOrDefault(other => other.Model == model),
        };
        return (ranker ?? throw new ModelNotTrainedException(
            $"No {model} model is trained yet. Run 'cartwright recommendation train --model {model}'."), loaded.Popularity);
    }

    /// <summary>As <see cref="FindAsync"/>; and where no model is named and versions are on trial, the version that this visitor gets.</summary>
    /// <param name="visitor">A shopper's id or a session's; null where nobody is known.</param>
    /// <returns>Beside it why the version in service answers for the visitor's; null where it does not.</returns>
    public async ValueTask<(IRanker Ranker, LivePopularity Popularity, string? Instead)> FindForAsync(LiveShop shop, string? model, string? visitor,
        CancellationToken cancellationToken)
    {
        (IRanker ranker, LivePopularity popularity) = await FindAsync(shop, model, cancellationToken);
        if (model is not null || visitor is null || trial is null
            || await trial.VersionForAsync(visitor, cancellationToken) is not { } version || version == ranker.Version)
        {
            return (ranker, popularity, null);
        }

        (IRanker? tried, string? problem) = await _onTrial.FindAsync(shop, version, cancellationToken);
        return tried is not null
            ? (tried, popularity, null)
            : (ranker, popularity, $"Version '{version}', which is on trial, can't answer, so the one in service does: {problem}");
    }

    /// <summary>Takes up what <c>active.json</c> says now; when it returns, questions are answered by that version.</summary>
    public async Task ReloadAsync(LiveShop shop, CancellationToken cancellationToken)
    {
        await LoadAsync(shop, force: true, cancellationToken);
        _onTrial.KeepListed();
    }

    public void Dispose()
    {
        _loading.Dispose();
        _onTrial.Dispose();
    }

    private async Task<Loaded> LoadAsync(LiveShop shop, bool force, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (!force && _loaded is { } ready && ReferenceEquals(ready.Shop, shop))
            {
                return ready;
            }

            DateTime activatedAt = versions.Folders.ActivatedAt;
            LivePopularity popularity = _loaded is { } before && ReferenceEquals(before.Shop, shop) ? before.Popularity : new LivePopularity(shop);
            Loaded loaded = await Task.Run(() => Load(shop, popularity, activatedAt), cancellationToken);
            _loaded = loaded;
            _onTrial.KeepOnly(shop);
            return loaded;
        }
        finally
        {
            _loading.Release();
        }
    }

    private Loaded Load(LiveShop shop, LivePopularity popularity, DateTime activatedAt)
    {
        if (versions.Folders.Active is not { } active)
        {
            return new Loaded(shop, popularity, null, [], activatedAt);
        }

        LoadedVersion version = versions.Load(active);
        var ranker = new TrainedRanker(shop, version.Model, version.Version, version.ProductIds);
        List<IRanker> all = [ranker];
        if (version.Beside is not null)
        {
            all.Add(new TrainedRanker(shop, version.Beside, version.Version, version.ProductIds));
        }

        // The newest kept version of every model that the active one does not bring.
        foreach (string other in versions.Folders.All.Where(other => other != active && all.TrueForAll(r => !other.Contains($"-{r.Model}", StringComparison.Ordinal))))
        {
            string model = versions.Folders.Card(other).Model;
            if (all.TrueForAll(r => r.Model != model))
            {
                LoadedVersion kept = versions.Load(other);
                all.Add(new TrainedRanker(shop, kept.Model, kept.Version, kept.ProductIds));
            }
        }

        return new Loaded(shop, popularity, ranker, all, activatedAt);
    }

    /// <summary>Another process may have trained or activated: its version is loaded beside the questions, which don't wait.</summary>
    private void LookForAnother(LiveShop shop, Loaded loaded)
    {
        long lookedAt = Interlocked.Read(ref _lookedAt);
        if (clock.GetElapsedTime(lookedAt) < LookInterval
            || Interlocked.CompareExchange(ref _lookedAt, clock.GetTimestamp(), lookedAt) != lookedAt
            || versions.Folders.ActivatedAt == loaded.ActivatedAt
            || Interlocked.Exchange(ref _isReloading, 1) == 1)
        {
            return;
        }

        _ = Task.Run(async () =>
        {
            try
            {
                await LoadAsync(shop, force: true, CancellationToken.None);
            }
            catch (Exception e) when (e is Learning.Formats.ModelFormatException or NotFoundException or IOException)
            {
                // The old version goes on; whoever activated the damaged one was told.
            }
            finally
            {
                Interlocked.Exchange(ref _isReloading, 0);
            }
        });
    }

    /// <param name="Others">The active one and what else can be asked for by name.</param>
    /// <param name="ActivatedAt">What <see cref="VersionFolders.ActivatedAt"/> was when it was read.</param>
    private sealed record Loaded(LiveShop Shop, LivePopularity Popularity, IRanker? Active, IReadOnlyList<IRanker> Others, DateTime ActivatedAt);
}
