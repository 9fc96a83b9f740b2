using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Hands out the ranker that a pipeline names, loaded once for a shop: two of them at most, since a preview may try another.</summary>
/// <remarks>One that can't be loaded leaves lists as they are, and is tried again after a minute.</remarks>
internal sealed class LiveRankers(RankerVersions versions, TimeProvider clock)
{
    private const int MostLoaded = 2;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly Lock _loading = new();
    private volatile Kept[] _kept = [];

    /// <summary>Notes which version the pipeline has, so that it is kept.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    public void Use(string? version)
    {
        if (version is not null)
        {
            versions.Require(version);
            versions.Folders.Activate(version);
        }
    }

    /// <returns>The ranker, or why it can't be had; nulls where no version is named.</returns>
    public (LiveRanker? Ranker, string? Problem) Find(LiveShop shop, string? version)
    {
        if (version is null)
        {
            return default;
        }

        Kept? kept = Known(shop, version);
        if (kept is null)
        {
            lock (_loading)
            {
                kept = Known(shop, version) ?? Load(shop, version);
            }
        }

        return (kept.Ranker, kept.Problem);
    }

    private Kept? Known(LiveShop shop, string version) => Array.Find(_kept, one => one.Version == version && ReferenceEquals(one.Shop, shop)
        && (one.Ranker is not null || clock.GetElapsedTime(one.TriedAt) < Rest));

    private Kept Load(LiveShop shop, string version)
    {
        Kept loaded;
        try
        {
            loaded = new Kept(shop, version, new LiveRanker(shop, versions.Load(version)), null, clock.GetTimestamp());
        }
        catch (Exception refused) when (refused is NotFoundException or ModelFormatException or IOException)
        {
            loaded = new Kept(shop, version, null, $"The pipeline's ranker can't answer, so the list is the generators' own: {refused.Message}", clock.GetTimestamp());
        }

        _kept = [loaded, .. _kept.Where(one => ReferenceEquals(one.Shop, shop) && one.Version != version).Take(MostLoaded - 1)];
        return loaded;
    }

    private sealed record Kept(LiveShop Shop, string Version, LiveRanker? Ranker, string? Problem, long TriedAt);
}
