using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Words that shoppers type and that the shop has no answer to.</summary>
internal sealed class SearchAdvice(ShopCatalog catalog, Searcher searcher) : IAdviser
{
    private const int DaysBack = 30;

    /// <summary>The commonest queries that are asked again; the rest are too rare to act on.</summary>
    private const int MostAsked = 200;

    public AdviceTopic Topic => AdviceTopic.Search;

    public async Task<IReadOnlyList<Advice>> AdviseAsync(LiveShop shop, CancellationToken cancellationToken = default)
    {
        KeyValuePair<string, int>[] typed = await TypedAsync(cancellationToken);
        var unanswered = new List<KeyValuePair<string, int>>();
        foreach (KeyValuePair<string, int> query in typed)
        {
            SearchResponse answer = await searcher.SearchAsync(new SearchRequest { Query = query.Key, Count = 1, InStock = false }, cancellationToken);
            if (answer.TotalCount == 0 || answer.Relaxed.Count > 0)
            {
                unanswered.Add(query);
            }
        }

        return unanswered.Count == 0 ? [] : [new Advice
        {
            Topic = Topic,
            Text = Advice.Say($"{unanswered.Sum(query => query.Value):N0} of {typed.Sum(query => query.Value):N0} searches of the last {DaysBack} days asked for what the shop does not have all words of: sell it, or name products so."),
            Reasons = [.. unanswered.Take(5).Select(query => Advice.Say($"“{query.Key}” was typed {query.Value:N0} {(query.Value == 1 ? "time" : "times")}."))],
            Command = Advice.Say($"cartwright search search --query \"{unanswered[0].Key}\""),
        }];
    }

    /// <returns>What was typed in the last days before the newest search, the commonest first.</returns>
    private async Task<KeyValuePair<string, int>[]> TypedAsync(CancellationToken cancellation)
    {
        using IShopReading reading = await catalog.Store.BeginReadingAsync(cancellation);
        return await Task.Run(() =>
        {
            var asked = new List<(string Query, DateTimeOffset At)>();
            foreach (Catalog.Search search in reading.Searches())
            {
                cancellation.ThrowIfCancellationRequested();
                asked.Add((search.Query, search.At ?? DateTimeOffset.MinValue));
            }

            foreach (Interaction interaction in reading.Interactions().Where(interaction => interaction is { Kind: InteractionKind.Search, Query: not null }))
            {
                cancellation.ThrowIfCancellationRequested();
                asked.Add((interaction.Query!, interaction.At));
            }

            DateTimeOffset since = asked.Count == 0 ? DateTimeOffset.MinValue : asked.Max(search => search.At);
            since = since > DateTimeOffset.MinValue.AddDays(DaysBack) ? since.AddDays(-DaysBack) : DateTimeOffset.MinValue;
            return asked.Where(search => search.At >= since && !string.IsNullOrWhiteSpace(search.Query))
                .GroupBy(search => search.Query.Trim(), StringComparer.OrdinalIgnoreCase)
                .Select(group => KeyValuePair.Create(group.Key, group.Count()))
                .OrderByDescending(query => query.Value).ThenBy(query => query.Key, StringComparer.Ordinal)
                .Take(MostAsked).ToArray();
        }, cancellation);
    }
}
