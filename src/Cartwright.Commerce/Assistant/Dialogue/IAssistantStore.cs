using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>What the assistant reads beside the catalog, and what it leaves for a person.</summary>
public interface IAssistantStore
{
    /// <summary>What the merchant says to everybody, in the order it was given.</summary>
    Task<IReadOnlyList<ShopText>> ListTextsAsync(CancellationToken cancellationToken = default);

    /// <returns>Null where no order has this id, capital letters or small.</returns>
    Task<Order?> FindOrderAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>A shopper's orders, newest first.</summary>
    Task<IReadOnlyList<Order>> ListOrdersAsync(string shopperId, int count, CancellationToken cancellationToken = default);

    /// <summary>The first order with this status that has a shopper and a postcode: what a written conversation is about.</summary>
    Task<Order?> FindOrderWithStatusAsync(string status, CancellationToken cancellationToken = default);

    /// <summary>Keeps a hand-over, or replaces the one of the same id.</summary>
    Task PutHandOverAsync(HandOver handOver, CancellationToken cancellationToken = default);

    /// <returns>Null where there is none of this id.</returns>
    Task<HandOver?> FindHandOverAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Newest first.</summary>
    /// <param name="withClosed">False leaves out those that a person closed.</param>
    Task<IReadOnlyList<HandOver>> ListHandOversAsync(bool withClosed, int count, CancellationToken cancellationToken = default);
}
