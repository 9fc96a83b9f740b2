using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Loads versions that are on trial, beside the one in service.</summary>
/// <remarks>
/// Two of them at most, since each takes a model's memory: a third waits until one was not asked for in a minute. What can't be loaded is
/// tried again after a minute. A failure is an answer here: the version in service speaks for the other.
/// </remarks>
internal sealed class TrialRankers(ModelVersions versions, TimeProvider clock) : IDisposable
{
    private const int MostLoaded = 2;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Kept[] _kept = [];

    /// <returns>The version's ranker; or null, and why.</returns>
    public async ValueTask<(IRanker? Ranker, string? Problem)> FindAsync(LiveShop shop, string version, CancellationToken cancellationToken)
    {
        Kept kept = Known(shop, version) ?? await LoadAsync(shop, version, cancellationToken);
        if (kept.Ranker is not null)
        {
            kept.AskedAt = clock.GetTimestamp();
        }

        return (kept.Ranker, kept.Problem);
    }

    /// <summary>Lets go of what was loaded for another state of the shop.</summary>
    public void KeepOnly(LiveShop shop) => _kept = [.. _kept.Where(one => ReferenceEquals(one.Shop, shop))];

    /// <summary>Lets go of versions that are no longer on disk.</summary>
    public void KeepListed()
    {
        IReadOnlyList<string> listed = versions.Folders.All;
        _kept = [.. _kept.Where(one => listed.Contains(one.Version, StringComparer.Ordinal))];
    }

    public void Dispose() => _loading.Dispose();

    private Kept? Known(LiveShop shop, string version) =>
        _kept.FirstOrDefault(one => one.Version == version && ReferenceEquals(one.Shop, shop) && (one.Ranker is not null || !HasRested(one)));

    private async Task<Kept> LoadAsync(LiveShop shop, string version, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (Known(shop, version) is { } meanwhile)
            {
                return meanwhile;
            }

            List<Kept> stay = [.. _kept.Where(one => one.Version != version && ReferenceEquals(one.Shop, shop) && (one.Ranker is not null || !HasRested(one)))];
            Kept[] loaded = [.. stay.Where(one => one.Ranker is not null).OrderBy(one => one.AskedAt)];
            bool hasPlace = loaded.Length < MostLoaded;
            if (!hasPlace && HasRested(loaded[0]))
            {
                hasPlace = stay.Remove(loaded[0]);
            }

            _kept = [.. stay];   // what goes is free before the next is read
            Kept kept = hasPlace
                ? await Task.Run(() => Load(shop, version), cancellationToken)
                : new Kept(shop, version, null, $"{MostLoaded} versions on trial are loaded already", clock.GetTimestamp());
            _kept = [.. stay, kept];
            return kept;
        }
        finally
        {
            _loading.Release();
        }
    }

    private Kept Load(LiveShop shop, string version)
    {
        try
        {
            LoadedVersion loaded = versions.Load(version);
            return new Kept(shop, version, new TrainedRanker(shop, loaded.Model, loaded.Version, loaded.ProductIds), null, clock.GetTimestamp());
        }
        catch (Exception refused) when (refused is ModelFormatException or NotFoundException or ValidationException or IOException or UnauthorizedAccessException)
        {
            return new Kept(shop, version, null, refused.Message, clock.GetTimestamp());
        }
    }

    private bool HasRested(Kept one) => clock.GetElapsedTime(one.AskedAt) >= Rest;

    /// <param name="ranker">Null where it could not be loaded.</param>
    private sealed class Kept(LiveShop shop, string version, IRanker? ranker, string? problem, long askedAt)
    {
        private long _askedAt = askedAt;

        public LiveShop Shop { get; } = shop;

        public string Version { get; } = version;

        public IRanker? Ranker { get; } = ranker;

        public string? Problem { get; } = problem;

        /// <summary>A failure keeps the moment at which it happened.</summary>
        public long AskedAt
        {
            get => Interlocked.Read(ref _askedAt);
            set => Interlocked.Exchange(ref _askedAt, value);
        }
    }
}
