using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Dashboard;
using Cartwright.Storage;

namespace Cartwright.Server.Storefront;

/// <summary>What the storefront's forms do. Each ends by sending the browser to the page that shows the result.</summary>
internal static class StoreActions
{
    private const string BasketPath = StorefrontHosting.Root + "/basket";

    /// <summary>Puts one more unit of a product into the basket.</summary>
    public static async Task<IResult> AddAsync(HttpContext http, Shop shop, StoreEvents events)
    {
        (Product product, StoreVisit visit) = await ReadAsync(http, shop);
        int before = visit.UnitsOf(product.Id);
        if (product.Stock <= before)
        {
            return new Message("warn", before == 0 ? $"“{product.Name}” is sold out." : $"There are no more of “{product.Name}” than the {Figures.Count(before)} in the basket.").Then(http, BasketPath);
        }

        StoreVisit after = visit.WithUnits(product.Id, before + 1);
        if (after.UnitsOf(product.Id) == before || !after.FitsCookie(http))
        {
            return new Message("warn", before == 0
                ? "The basket is full: take something out first."
                : $"The basket holds {StoreVisit.MaxUnits} units of a product at most.").Then(http, BasketPath);
        }

        after.Keep(http);
        await events.PostAsync(http, Moved(InteractionKind.Cart, product, 1));
        return new Message("good", $"“{product.Name}” is in the basket.").Then(http, BasketPath);
    }

    /// <summary>Sets the units of a line; 0 takes it out.</summary>
    public static async Task<IResult> SetUnitsAsync(HttpContext http, Shop shop, StoreEvents events)
    {
        (Product product, StoreVisit visit) = await ReadAsync(http, shop);
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!int.TryParse(form["units"], NumberStyles.None, CultureInfo.InvariantCulture, out int units) || units > StoreVisit.MaxUnits)
        {
            return new Message("warn", $"A basket holds 0 to {StoreVisit.MaxUnits} units of a product.").Then(http, BasketPath);
        }

        if (units > (product.Stock ?? StoreVisit.MaxUnits))
        {
            return new Message("warn", $"There are only {Figures.Count(product.Stock!.Value)} of “{product.Name}”.").Then(http, BasketPath);
        }

        int change = units - visit.UnitsOf(product.Id);
        visit.WithUnits(product.Id, units).Keep(http);
        if (change != 0)
        {
            await events.PostAsync(http, Moved(change > 0 ? InteractionKind.Cart : InteractionKind.Uncart, product, Math.Abs(change)));
        }

        return Results.LocalRedirect(BasketPath);
    }

    /// <summary>Buys what is in the basket: each line is a purchase of the shop.</summary>
    public static async Task<IResult> BuyAsync(HttpContext http, Shop shop, StoreEvents events)
    {
        StoreVisit visit = StoreVisit.Of(http);
        LiveShop live = await shop.Catalog.LiveAsync(http.RequestAborted);
        Interaction[] bought = [.. visit.Basket.Where(line => live.ProductIndex(line.Product) >= 0)
            .Select(line => Moved(InteractionKind.Purchase, live.Products[live.ProductIndex(line.Product)], line.Units))];
        if (bought.Length == 0)
        {
            return new Message("warn", "The basket is empty.").Then(http, BasketPath);
        }

        await events.PostAsync(http, bought);
        (visit with { Basket = [] }).Keep(http);
        return new Message("good", "Thank you. The purchase counts in the shop's figures; nothing is charged and nothing is sent.").Then(http, StorefrontHosting.Root);
    }

    /// <summary>Keeps a product out of what this visitor is recommended, or lets it in again.</summary>
    public static async Task<IResult> BlockAsync(HttpContext http, Shop shop, StoreEvents events, bool blocks)
    {
        (Product product, StoreVisit visit) = await ReadAsync(http, shop);
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string back = form["back"].ToString() is var asked && asked.StartsWith(StorefrontHosting.Root, StringComparison.Ordinal) ? asked : StoreLinks.Product(product.Id);
        if (blocks != IsBlocked(await shop.Catalog.LiveAsync(http.RequestAborted), visit, product.Id))
        {
            await events.PostAsync(http, new Interaction { Kind = blocks ? InteractionKind.Block : InteractionKind.Unblock, Product = product.Id });
        }

        return new Message("good", blocks
            ? $"“{product.Name}” is not recommended to you any more. Its own page takes that back."
            : $"“{product.Name}” may be recommended to you again.").Then(http, back);
    }

    /// <summary>Whether a visitor said that they don't want to see a product.</summary>
    public static bool IsBlocked(LiveShop live, StoreVisit visit, string product)
    {
        int index = live.ProductIndex(product);
        IEnumerable<LiveInteraction> said = live.SessionHistory(visit.Session).Concat(visit.Shopper is null ? [] : live.ShopperHistory(visit.Shopper))
            .Where(one => one.Product == index && one.Kind is InteractionKind.Block or InteractionKind.Unblock);
        return said.OrderBy(one => one.At).LastOrDefault() is { Kind: InteractionKind.Block };
    }

    /// <summary>Lets somebody with a key see the storefront as one of the shop's shoppers does.</summary>
    public static async Task<IResult> ShopAsAsync(HttpContext http, Shop shop)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string? shopper = RecommendationQuestion.Text(form["shopper"]);
        LiveShop live = await shop.Catalog.LiveAsync(http.RequestAborted);
        if (shopper is not null && live.ShopperHistory(shopper).Count == 0)
        {
            return new Message("warn", $"No shopper “{shopper}” has done anything in this shop.").Then(http, StorefrontHosting.Root);
        }

        StoreVisit.New(shopper).Keep(http);
        return Results.LocalRedirect(StorefrontHosting.Root);
    }

    private static async Task<(Product Product, StoreVisit Visit)> ReadAsync(HttpContext http, Shop shop)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        return (await shop.Catalog.FindProductAsync(form["product"].ToString(), http.RequestAborted), StoreVisit.Of(http));
    }

    private static Interaction Moved(InteractionKind kind, Product product, int units) =>
        new() { Kind = kind, Product = product.Id, Quantity = units, Price = product.Price };

}
