using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Widget;
using Cartwright.Storage;

namespace Cartwright.Server.Storefront;

/// <summary>The chat in the storefront: it knows the visit, and its basket is the store's.</summary>
internal static class StoreAssistant
{
    public const string Path = "/assistant";

    public static async Task ReplyAsync(HttpContext http, Shop shop)
    {
        WidgetRequest asked = await WidgetHosting.ReadAsync(http);
        RequestValidation.Validate(asked);
        StoreVisit visit = StoreVisit.Of(http);
        ReplyResponse reply = await shop.Assistant.ReplyAsync(new ReplyRequest
        {
            Text = asked.Text,
            ConversationId = asked.ConversationId,
            ShopperId = visit.Shopper,
            SessionId = visit.Session,
            Basket = [.. visit.Basket.Select(line => new BasketUnits(line.Product, line.Units))],
        }, http.RequestAborted);
        StoreVisit after = visit with { Basket = [.. reply.Basket.Lines.Take(StoreVisit.MaxLines).Select(line => new BasketLine(line.ProductId, line.Units))] };
        if (after.FitsCookie(http))
        {
            after.Keep(http);
        }

        await WidgetHosting.WriteAsync(http, reply);
    }
}
