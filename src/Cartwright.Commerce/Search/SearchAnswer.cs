using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Answers one search: finds, filters, orders, counts, and says why.</summary>
internal sealed class SearchAnswer<TScorer>(LiveShop shop, IndexView view, TScorer scorer)
    where TScorer : struct, IWordScorer
{
    /// <param name="ranker">Puts what the words found into its own order; null leaves it.</param>
    public SearchResponse Of(SearchRequest request, string ranking, RankingInService? ranker = null)
    {
        var filter = new AllowedProducts(shop, request);
        SearchQuery query = SearchQuery.Read(request.Query, view.Language);
        FoundProducts found = query.Words.Count == 0 ? FoundProducts.All(shop, filter.Allows)
            : new QueryReading<TScorer>(view, scorer).Find(query, request.Correct, request.AsYouType, filter.Allows);
        if (found.Count == 0)
        {
            filter.RequireKnown();
        }

        if (ranker is not null && request.Sort == SearchSortAttribute.Relevance && query.Words.Count > 0)
        {
            ranker.Order(request.Query, found);
        }

        return new SearchResponse(Page(request, found), found.Count, [.. request.Facets.Select(name => FacetCounts.Of(shop, found.Products, name))],
            found.Corrected, found.Relaxed, ranking, ranker?.Version);
    }

    private FoundProduct[] Page(SearchRequest request, FoundProducts found)
    {
        int room = Math.Min(request.Offset + request.Count, found.Count);
        int[] products = new int[room];
        float[] scores = new float[room];
        if (request.Sort == SearchSortAttribute.Relevance)
        {
            found.Best(products, scores, out _);
        }
        else
        {
            (products, scores) = Sorted(request.Sort, found, room);
        }

        var highlights = Highlights.Of(view, found.Words);
        var page = new FoundProduct[Math.Max(0, room - request.Offset)];
        for (int i = 0; i < page.Length; i++)
        {
            int index = products[request.Offset + i];
            Product product = shop.Products[index];
            page[i] = new FoundProduct(product.Id, product.Title, product.Price, scores[request.Offset + i])
            {
                Currency = shop.Snapshot.Info.Currency,
                Highlight = highlights.Mark(product.Title),
                Snippet = highlights.Snippet(product.Description),
                Reasons = !request.Explain ? null : found.ShareOf(index) is { } share ? share.Reasons : [.. Contributions.Of(view, found.Words, index, scorer).Select(Contributions.ToReason)],
            };
        }

        return page;
    }

    /// <summary>The first by price or age; those without one come last, and of equal ones the better first.</summary>
    private (int[] Products, float[] Scores) Sorted(string sort, FoundProducts found, int room)
    {
        var order = new (double Key, float Score, int Product)[found.Count];
        for (int i = 0; i < order.Length; i++)
        {
            Product product = shop.Products[found.Products[i]];
            double key = sort switch
            {
                SearchSortAttribute.Newest => -product.CreatedAt?.UtcTicks ?? double.PositiveInfinity,
                SearchSortAttribute.PriceDescending => -(double?)product.Price ?? double.PositiveInfinity,
                _ => (double?)product.Price ?? double.PositiveInfinity,
            };
            order[i] = (key, -found.Scores[i], found.Products[i]);
        }

        Array.Sort(order);
        return ([.. order.Take(room).Select(item => item.Product)], [.. order.Take(room).Select(item => -item.Score)]);
    }
}
