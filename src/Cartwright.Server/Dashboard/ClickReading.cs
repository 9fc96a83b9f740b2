using System.Collections.Concurrent;
using Cartwright.Commerce.Search;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>Where shoppers click, for the search lab; kept for a minute, since it is learned from every search there was.</summary>
internal sealed class ClickReading(Shop shop, TimeProvider clock)
{
    private const int MaxKept = 64;
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, ClicksResponse Answer)> _kept = new(StringComparer.Ordinal);

    /// <param name="query">Null or empty for all searches.</param>
    public async Task<ClicksResponse> OfAsync(string? query, CancellationToken cancellationToken = default)
    {
        string key = query ?? "";
        if (_kept.TryGetValue(key, out var kept) && clock.GetUtcNow() - kept.At < Freshness)
        {
            return kept.Answer;
        }

        ClicksResponse answer = await shop.SearchRanking.ClicksAsync(new ClicksRequest { Query = key.Length > 0 ? key : null }, cancellationToken);
        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
        }

        _kept[key] = (clock.GetUtcNow(), answer);
        return answer;
    }
}
