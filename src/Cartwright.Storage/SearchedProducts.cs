using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Search;

namespace Cartwright.Storage;

/// <summary>Finds the assistant's products by the shop's search.</summary>
internal sealed class SearchedProducts(Searcher search) : IProductFinder
{
    public async Task<FoundByWords> FindAsync(ProductWish wish, int count, CancellationToken cancellationToken = default)
    {
        SearchResponse found = await search.SearchAsync(new SearchRequest
        {
            Query = wish.Words,
            PriceFrom = wish.PriceFrom > wish.PriceTo ? wish.PriceTo : wish.PriceFrom,
            PriceTo = wish.PriceFrom > wish.PriceTo ? wish.PriceFrom : wish.PriceTo,
            Sort = wish.Sort,
            InStock = wish.InStock,
            Count = count,
            Offset = Math.Min(wish.Offset, 10_000),
        }, cancellationToken);
        return new FoundByWords([.. found.Results.Select(result => result.ProductId)], found.TotalCount, found.Relaxed,
            [.. found.Corrected.Select(correction => new WordReading(correction.Word, correction.ReadAs))]);
    }
}
