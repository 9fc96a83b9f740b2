using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Puts pages of results together from single interactions: impressions with a query and a position, and what was opened from them.</summary>
internal static class SearchPages
{
    /// <param name="interactions">In the order of time.</param>
    /// <returns>A page for each list, ordered by its first impression. A list that goes on at the next place is one page.</returns>
    public static IEnumerable<Catalog.Search> Of(IEnumerable<Interaction> interactions)
    {
        var pages = new List<OpenPage>();
        var open = new Dictionary<(string? Session, string? Shopper, string Query), OpenPage>();
        foreach (Interaction happened in interactions)
        {
            if (happened is not { Query: { } query, Product: { } product, Position: >= 1 and int position })
            {
                continue;
            }

            var key = (happened.Session, happened.Session is null ? happened.Shopper : null, query);
            OpenPage? page = open.GetValueOrDefault(key);
            if (happened.Kind == InteractionKind.Impression)
            {
                if (page is null || position != page.Shown.Count + 1)
                {
                    if (position != 1)
                    {
                        continue;                                // the top of this list was never seen, so its places can't be told
                    }

                    pages.Add(page = open[key] = new OpenPage(happened));
                }

                page.Shown.Add(product);
            }
            else if (happened.Kind is InteractionKind.View or InteractionKind.Click or InteractionKind.Cart or InteractionKind.Purchase
                && page is not null && position <= page.Shown.Count && page.Shown[position - 1] == product && !page.Clicked.Contains(position))
            {
                page.Clicked.Add(position);
            }
        }

        return pages.Select(page => new Catalog.Search
        {
            At = page.First.At, Session = page.First.Session, Shopper = page.First.Shopper, Query = page.First.Query!, Shown = page.Shown, Clicked = page.Clicked,
        });
    }

    private sealed class OpenPage(Interaction first)
    {
        public Interaction First { get; } = first;

        public List<string> Shown { get; } = [];

        public List<int> Clicked { get; } = [];
    }
}
