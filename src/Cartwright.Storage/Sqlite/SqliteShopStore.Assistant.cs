using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>What the assistant reads and leaves.</summary>
internal sealed partial class SqliteShopStore : IAssistantStore
{
    public Task<IReadOnlyList<ShopText>> ListTextsAsync(CancellationToken cancellationToken = default)
        => ReadAsync<IReadOnlyList<ShopText>>(connection => [.. ServiceTables.Texts(connection)], cancellationToken);

    public Task<Order?> FindOrderAsync(string id, CancellationToken cancellationToken = default)
        => ReadAsync(connection => ServiceTables.FindOrder(connection, id), cancellationToken);

    public Task<IReadOnlyList<Order>> ListOrdersAsync(string shopperId, int count, CancellationToken cancellationToken = default)
        => ReadAsync(connection => ServiceTables.OrdersOf(connection, shopperId, count), cancellationToken);

    public Task<Order?> FindOrderWithStatusAsync(string status, CancellationToken cancellationToken = default)
        => ReadAsync(connection => ServiceTables.FindOrderWithStatus(connection, status), cancellationToken);

    public Task PutHandOverAsync(HandOver handOver, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection => HandOverTable.Put(connection, handOver), cancellationToken);

    public Task<HandOver?> FindHandOverAsync(string id, CancellationToken cancellationToken = default)
        => ReadAsync(connection => HandOverTable.Find(connection, id), cancellationToken);

    public Task<IReadOnlyList<HandOver>> ListHandOversAsync(bool withClosed, int count, CancellationToken cancellationToken = default)
        => ReadAsync(connection => HandOverTable.List(connection, withClosed, count), cancellationToken);
}
