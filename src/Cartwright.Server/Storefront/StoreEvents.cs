using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Server.Storefront;

/// <summary>Posts what happens in the storefront as the shop's own interactions: the next answer counts them.</summary>
/// <remarks>A click counts where this server showed the product to the session, for these words at this place, and once for each showing: an address can be made up.</remarks>
internal sealed class StoreEvents(Shop shop, StoreShowings showings)
{
    /// <summary>Longest query that is kept; a longer one is cut.</summary>
    private const int MaxQueryLength = 200;

    /// <summary>Tells the shop, unless the browser only looks ahead at a page that nobody has opened.</summary>
    public async Task PostAsync(HttpContext http, params IEnumerable<Interaction> happened)
    {
        if (IsLookAhead(http))
        {
            return;
        }

        StoreVisit visit = StoreVisit.Of(http);
        Interaction[] interactions = [.. happened.Select(interaction => interaction with
        {
            Shopper = visit.Shopper,
            Session = visit.Session,
            Query = Cut(interaction.Query),
        }).Where(interaction => interaction.Kind != InteractionKind.Click || showings.Take(visit.Session, StoreShowing.Of(interaction)))];
        if (interactions.Length > 0)
        {
            await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = interactions }, http.RequestAborted);
            showings.Add(visit.Session, interactions.Where(interaction => interaction.Kind == InteractionKind.Impression).Select(StoreShowing.Of));
        }
    }

    /// <summary>Whether the browser only looks ahead at a page that nobody has opened.</summary>
    public static bool IsLookAhead(HttpContext http) => http.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase);

    /// <summary>Remembers what a page without words showed to a visitor, so that a click on it counts.</summary>
    public void Show(HttpContext http, IEnumerable<string> shown, int first) =>
        showings.Add(StoreVisit.Of(http).Session, shown.Select((product, i) => new StoreShowing(product, null, first + i)));

    /// <summary>A search and the products it showed, with their places.</summary>
    /// <param name="first">Place of the first of them, from 1.</param>
    public static IEnumerable<Interaction> Searched(string query, IEnumerable<string> shown, int first) =>
    [
        new Interaction { Kind = InteractionKind.Search, Query = query },
        .. shown.Select((product, i) => new Interaction { Kind = InteractionKind.Impression, Product = product, Query = query, Position = first + i }),
    ];

    private static string? Cut(string? query) => query is { Length: > MaxQueryLength } ? query[..MaxQueryLength] : query;
}
