using System.Collections.Concurrent;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>The shop's store for a replay: what would wait for a person stays in memory.</summary>
internal sealed class RehearsalStore(IAssistantStore store) : IAssistantStore
{
    private readonly ConcurrentDictionary<string, HandOver> _handOvers = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<ShopText>> ListTextsAsync(CancellationToken cancellationToken = default) => store.ListTextsAsync(cancellationToken);

    public Task<Order?> FindOrderAsync(string id, CancellationToken cancellationToken = default) => store.FindOrderAsync(id, cancellationToken);

    public Task<IReadOnlyList<Order>> ListOrdersAsync(string shopperId, int count, CancellationToken cancellationToken = default) => store.ListOrdersAsync(shopperId, count, cancellationToken);

    public Task<Order?> FindOrderWithStatusAsync(string status, CancellationToken cancellationToken = default) => store.FindOrderWithStatusAsync(status, cancellationToken);

    public Task PutHandOverAsync(HandOver handOver, CancellationToken cancellationToken = default)
    {
        _handOvers[handOver.Id] = handOver;
        return Task.CompletedTask;
    }

    public Task<HandOver?> FindHandOverAsync(string id, CancellationToken cancellationToken = default) => Task.FromResult(_handOvers.GetValueOrDefault(id));

    public Task<IReadOnlyList<HandOver>> ListHandOversAsync(bool withClosed, int count, CancellationToken cancellationToken = default)
        => Task.FromResult<IReadOnlyList<HandOver>>([.. _handOvers.Values.OrderByDescending(left => left.At).Take(count)]);
}
