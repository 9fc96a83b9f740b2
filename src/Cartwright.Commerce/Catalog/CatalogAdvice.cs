namespace Cartwright.Commerce.Catalog;

/// <summary>What is wanted and sold out, and what products lack that shoppers look for.</summary>
internal sealed class CatalogAdvice : IAdviser
{
    private const int DaysBack = 30;

    /// <summary>A share of products without something from which it is worth a word.</summary>
    private const double Noticeable = 0.01;

    public AdviceTopic Topic => AdviceTopic.Catalog;

    public Task<IReadOnlyList<Advice>> AdviseAsync(LiveShop shop, CancellationToken cancellationToken = default) =>
        Task.Run<IReadOnlyList<Advice>>(() => [.. SoldOut(shop), .. Lacking(shop)], cancellationToken);

    private static IEnumerable<Advice> SoldOut(LiveShop shop)
    {
        if (!shop.Snapshot.Info.HasRealTimes || shop.Snapshot.Interactions.Count == 0)
        {
            yield break;
        }

        InteractionColumns all = shop.Snapshot.Interactions;
        long since = all.At.Max() - (DaysBack * (long)TimeSpan.FromDays(1).TotalMicroseconds);
        var views = new int[shop.Products.Count];
        long seen = 0;
        double bought = 0;
        for (int row = 0; row < all.Count; row++)
        {
            if (all.At[row] <= since || all.Product[row] == Snapshot.None)
            {
                continue;
            }

            seen += all.Kind[row] == InteractionKind.View ? 1 : 0;
            bought += all.Kind[row] == InteractionKind.Purchase ? all.Quantity[row] : 0;
            views[all.Product[row]] += all.Kind[row] == InteractionKind.View ? 1 : 0;
        }

        int[] missing = [.. Enumerable.Range(0, views.Length).Where(product => views[product] > 0 && !shop.Products[product].IsInStock && shop.IsListed(product)).OrderByDescending(product => views[product])];
        if (missing.Length == 0)
        {
            yield break;
        }

        // What such views usually bring: as many units a view as in the whole shop, at this product's margin.
        double unitsPerView = seen == 0 ? 0 : Math.Min(1, bought / seen);
        double lost = missing.Sum(product => views[product] * unitsPerView * (double)Math.Max(0, (shop.Products[product].Price - shop.Products[product].Cost) ?? 0));
        yield return new Advice
        {
            Topic = AdviceTopic.Inventory,
            Text = Advice.Say($"{missing.Length:N0} sold-out {(missing.Length == 1 ? "product was" : "products were")} looked at {missing.Sum(product => views[product]):N0} times in the last {DaysBack} days: order {(missing.Length == 1 ? "it" : "them")} again, or take {(missing.Length == 1 ? "it" : "them")} out."),
            Reasons = [.. missing.Take(3).Select(product => Advice.Say($"{shop.Products[product].Name}: {views[product]:N0} views, none in stock."))],
            Worth = lost >= 1 ? (decimal)Math.Round(lost) : null,
            IsUrgent = true,
            Command = "cartwright inventory replenish",
        };
    }

    private static IEnumerable<Advice> Lacking(LiveShop shop)
    {
        Product[] products = [.. shop.ListedProducts];
        (string What, int Count)[] lacks =
        [
            ("a price", products.Count(product => product.Price is null)),
            ("a cost, without which no price is proposed", products.Count(product => product.Price is not null && product.Cost is null)),
            ("a category", products.Count(product => product.Category is null)),
            ("a picture", products.Count(product => product.Image is null)),
        ];
        (string What, int Count)[] told = [.. lacks.Where(lack => lack.Count > 0 && lack.Count >= Noticeable * products.Length)];
        if (told.Length > 0)
        {
            yield return new Advice
            {
                Topic = AdviceTopic.Catalog,
                Text = "Complete the catalog: search, prices and recommendations are only as good as what products say of themselves.",
                Reasons = [.. told.Select(lack => Advice.Say($"{lack.Count:N0} of {products.Length:N0} products lack {lack.What}."))],
                Command = "cartwright catalog status",
            };
        }
    }
}
