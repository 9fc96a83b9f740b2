using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What came of products that were shown: 1 where the same visitor opened, clicked, put in a cart or bought one soon enough, else 0.</summary>
/// <param name="within">How soon.</param>
internal sealed class ExposureRewards(LiveShop shop, TimeSpan within)
{
    private readonly Dictionary<string, ILookup<int, DateTimeOffset>> _byVisitor = new(StringComparer.Ordinal);

    public double Of(Exposure shown)
    {
        int product = shop.ProductIndex(shown.ProductId);
        return product != Snapshot.None && (Came(shown.ShopperId, shop.ShopperHistory, "shopper ", product, shown.At) || Came(shown.SessionId, shop.SessionHistory, "session ", product, shown.At)) ? 1 : 0;
    }

    private bool Came(string? visitor, Func<string, IReadOnlyList<LiveInteraction>> historyOf, string kind, int product, DateTimeOffset at)
    {
        if (visitor is null)
        {
            return false;
        }

        if (!_byVisitor.TryGetValue(kind + visitor, out ILookup<int, DateTimeOffset>? moments))
        {
            _byVisitor.Add(kind + visitor, moments = historyOf(visitor)
                .Where(done => done.Kind is InteractionKind.View or InteractionKind.Click or InteractionKind.Cart or InteractionKind.Purchase)
                .ToLookup(done => done.Product, done => done.At));
        }

        return moments[product].Any(moment => moment >= at && moment <= at + within);
    }
}
