using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Search;

/// <summary>The verbs of search that ask.</summary>
/// <param name="catalog">The shop that is asked about.</param>
/// <param name="modelFolder">Where the index and the versions of the ranker are kept: <c>models/search</c> of the shop.</param>
public sealed class Searcher(ShopCatalog catalog, string modelFolder, TimeProvider clock) : IDisposable
{
    private readonly ServedIndex _index = new(Path.Combine(modelFolder, "index.bin"));
    private readonly ServedRanker _ranker = new(new VersionFolders(modelFolder, "search"));

    /// <summary>Which products answer words, best first. Counts what was put, removed or repriced a moment ago.</summary>
    /// <exception cref="ModelNotTrainedException">The ranker was asked for and none is trained.</exception>
    /// <exception cref="NotFoundException">No product was ever in the category that is asked for.</exception>
    /// <exception cref="ValidationException">A filter can't be read.</exception>
    public async Task<SearchResponse> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        LiveShop shop = await catalog.LiveAsync(cancellationToken);
        IndexView view = await _index.ViewAsync(shop, cancellationToken);
        return request.Ranking switch
        {
            SearchRankingAttribute.TfIdf => new SearchAnswer<TfIdfCosine>(shop, view, new TfIdfCosine(view, Bm25FOptions.Default)).Of(request, SearchRankingAttribute.TfIdf),
            SearchRankingAttribute.Bm25 => new SearchAnswer<Bm25F>(shop, view, view.Bm25F).Of(request, SearchRankingAttribute.Bm25),
            var named => Ranked(request, shop, view, isNamed: named is not null),
        };
    }

    /// <summary>An order of a query's results that lets products of uncertain value be seen, none far from its ranked place.</summary>
    /// <exception cref="ValidationException">There are no searches or no clicks to tell values by.</exception>
    /// <exception cref="ImportFormatException">The folder can't be read.</exception>
    public async Task<ReallocateResponse> ReallocateAsync(ReallocateRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        SearchResponse ranked = await SearchAsync(new SearchRequest { Query = request.Query, Count = request.Count }, cancellationToken);
        (_, IReadOnlyList<Catalog.Search> searches) = await new SearchSource(catalog).ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() =>
        {
            (ValueBelief[] beliefs, int pages) = QueryValues.Of(searches, request.Query, [.. ranked.Results.Select(result => result.ProductId)], cancellationToken);
            var allocation = new TrafficAllocation(beliefs, request.MostMove);
            (int[] order, double[] drawn) = allocation.Draw(Seeds.Random((ulong)request.Seed, 0));
            double[,] propensities = allocation.Propensities(Seeds.Random((ulong)request.Seed, 1));
            return new ReallocateResponse([.. order.Select((product, place) => new ReallocatedProduct(ranked.Results[product].ProductId, ranked.Results[product].Title,
                place + 1, product + 1, beliefs[product].Mean, beliefs[product].Quantile(0.05), beliefs[product].Quantile(0.95), drawn[product], propensities[product, place]))], pages);
        }, cancellationToken);
    }

    /// <summary>How what is being typed may go on.</summary>
    public async Task<CompleteResponse> CompleteAsync(CompleteRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        LiveShop shop = await catalog.LiveAsync(cancellationToken);
        IndexView view = await _index.ViewAsync(shop, cancellationToken);
        var filter = new AllowedProducts(shop, new SearchRequest { Query = "" });
        return new CompleteResponse(new Completions(view, filter.Allows).Of(request.Prefix, request.Count));
    }

    /// <summary>What each word of a query is worth to a product, field by field.</summary>
    /// <exception cref="NotFoundException">There is no such product.</exception>
    public async Task<ExplainResponse> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        LiveShop shop = await catalog.LiveAsync(cancellationToken);
        IndexView view = await _index.ViewAsync(shop, cancellationToken);
        int product = shop.ProductIndex(request.ProductId);
        if (product == Snapshot.None)
        {
            throw new NotFoundException($"There is no product '{request.ProductId}' in the shop.");
        }

        return request.Ranking switch
        {
            SearchRankingAttribute.TfIdf => Explain(request, shop, view, product, new TfIdfCosine(view, Bm25FOptions.Default)),
            SearchRankingAttribute.Ranker => throw new ValidationException("explain takes words apart: ask it for bm25 or tf-idf. What the ranker weighs is in 'cartwright search search --explain'."),
            _ => Explain(request, shop, view, product, view.Bm25F),
        };
    }

    /// <summary>How fast titles are indexed and found again. The shop is not looked at.</summary>
    /// <exception cref="ImportFormatException">A file can't be read.</exception>
    public Task<EvaluateSpeedResponse> EvaluateSpeedAsync(EvaluateSpeedRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run(() => SpeedMeasure.Run(request, cancellationToken), cancellationToken);
    }

    public void Dispose() => _index.Dispose();

    /// <summary>In the order of the ranker in service; in that of the words where there is none and none was asked for.</summary>
    private SearchResponse Ranked(SearchRequest request, LiveShop shop, IndexView view, bool isNamed)
    {
        var answer = new SearchAnswer<Bm25F>(shop, view, view.Bm25F);
        return _ranker.Find(shop, view) is { } ranker ? answer.Of(request, SearchRankingAttribute.Ranker, ranker)
            : isNamed ? throw new ModelNotTrainedException("No search ranker is trained yet. Run 'cartwright search train'.")
            : answer.Of(request, SearchRankingAttribute.Bm25);
    }

    private static ExplainResponse Explain<TScorer>(ExplainRequest request, LiveShop shop, IndexView view, int product, TScorer scorer)
        where TScorer : struct, IWordScorer
    {
        var reading = new QueryReading<TScorer>(view, scorer);
        SearchQuery query = SearchQuery.Read(request.Query, view.Language);
        FoundProducts answer = reading.Find(query, corrects: true, isAsYouType: false, allows: null);
        // Words that a search would leave out count here as they were typed.
        FoundProducts found = reading.FindAny([.. query.Words.Select(word => answer.Words.FirstOrDefault(read => read.Word == word) ?? WordMatch.Of(view, word))]);
        List<Contribution> contributions = Contributions.Of(view, found.Words, product, scorer);
        int at = found.Products.IndexOf(product);
        int rank = 0;
        foreach (float score in found.Scores)
        {
            rank += at >= 0 && score >= found.Scores[at] ? 1 : 0;
        }

        string[] missing = [.. found.Words.Select(word => word.Word.Text).Except(contributions.Select(contribution => contribution.Word), StringComparer.Ordinal)];
        return new ExplainResponse(request.ProductId, shop.Products[product].Title, contributions.Sum(contribution => contribution.Weight),
            rank == 0 ? null : rank, contributions, missing, request.Ranking, answer.Corrected);
    }
}
