using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The verbs around recommendation: bought together, trending, new arrivals, complete the basket, buy again.</summary>
/// <remarks>
/// All are counted, none is trained; a purchase or a view counts in the next answer. Every list keeps the request's filters, what the shopper is spared,
/// and of the pipeline hide, boost, bury, diversity and category caps; pinned places are those of <see cref="Recommender.RecommendAsync"/> alone.
/// A list is empty only where no product may be shown.
/// </remarks>
public sealed class ProductLists
{
    /// <summary>So that a completed basket is not five of a kind, whatever the pipeline says less of.</summary>
    private const double LeastDiversity = 0.2;
    private const int MostOfCategory = 2;

    private readonly ShopCatalog _catalog;
    private readonly RankerService _rankers;
    private readonly PipelineVersions _pipelines;
    private readonly ServedPipeline _served;
    private readonly TimeProvider _clock;
    private readonly Lock _counting = new();
    private volatile Counted? _counted;

    internal ProductLists(ShopCatalog catalog, RankerService rankers, PipelineVersions pipelines, ServedPipeline served, TimeProvider clock)
    {
        _catalog = catalog;
        _rankers = rankers;
        _pipelines = pipelines;
        _served = served;
        _clock = clock;
    }

    /// <summary>What is bought together with a product.</summary>
    /// <exception cref="NotFoundException">There is no such product.</exception>
    public async Task<ProductListResponse> BoughtTogetherAsync(BoughtTogetherRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        LiveShop shop = await _catalog.LiveAsync(cancellationToken);
        int product = shop.ProductIndex(request.ProductId);
        if (product == Snapshot.None)
        {
            throw new NotFoundException($"There is no product '{request.ProductId}' in the shop.");
        }

        Question asked = await AskAsync(shop, request, cancellationToken);
        return Answer(asked, request, BoughtTogether.Of(asked.Counted.Baskets.Now, product, shop.Products.Count), request.Explain,
            "No product that may be shown was bought together with it twice or more; these are popular now.", product);
    }

    /// <summary>What is wanted more than it was.</summary>
    /// <exception cref="ValidationException">The shop's times only keep an order.</exception>
    public async Task<ProductListResponse> TrendingAsync(TrendingRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        LiveShop shop = await _catalog.LiveAsync(cancellationToken);
        RequireTimes(shop, "what is trending");
        Question asked = await AskAsync(shop, request, cancellationToken);
        return Answer(asked, request, Trending.Of(asked.Counted.Activity, request.Days, shop.Products.Count), request.Explain,
            "No product that may be shown is surely wanted more than it was; these are popular now.");
    }

    /// <summary>What came into the shop lately.</summary>
    /// <exception cref="ValidationException">The shop's times only keep an order.</exception>
    public async Task<ProductListResponse> NewArrivalsAsync(NewArrivalsRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        LiveShop shop = await _catalog.LiveAsync(cancellationToken);
        RequireTimes(shop, "what is new");
        Question asked = await AskAsync(shop, request, cancellationToken);
        int count = shop.Products.Count;
        IRanker ranker = new NewArrivals(shop, asked.Counted.Activity, _clock.GetUtcNow()).Of(request.Days, asked.ModelScores(count), count);
        return Answer(asked, request, ranker, request.Explain, $"No product that may be shown came in the last {(request.Days == 1 ? "day" : $"{request.Days} days")}; these are popular now.");
    }

    /// <summary>What goes with all that is in a basket.</summary>
    /// <exception cref="NotFoundException">The basket holds an unknown product.</exception>
    public async Task<ProductListResponse> CompleteBasketAsync(CompleteBasketRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        LiveShop shop = await _catalog.LiveAsync(cancellationToken);
        Question asked = await AskAsync(shop, request, cancellationToken);
        int count = shop.Products.Count;
        IRanker ranker = new CompleteBasket(asked.Counted.Baskets.Now).Of(asked.History.Basket, asked.ModelScores(count), count,
            product => shop.Products[product].Name, product => shop.Products[product].Id);
        return Answer(asked with { Pipeline = asked.Pipeline.Unpinned(LeastDiversity, MostOfCategory) }, request, ranker, request.Explain, "Nothing that may be shown goes with it; these are popular now.");
    }

    /// <summary>What a shopper buys again, and when it is due.</summary>
    /// <exception cref="ValidationException">The shop's times only keep an order, or no shopper is named.</exception>
    public async Task<BuyAgainResponse> BuyAgainAsync(BuyAgainRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        LiveShop shop = await _catalog.LiveAsync(cancellationToken);
        RequireTimes(shop, "when something is due");
        if (request.ShopperId is null && request.SessionId is null)
        {
            throw new ValidationException("Name whose purchases to look at: a shopper, or a session.");
        }

        Question asked = await AskAsync(shop, request, cancellationToken);
        int today = RepeatRates.DayOf(ShopTime.ToMicroseconds(LiveActivity.At(Math.Max(asked.Counted.Activity.NewestHour, 0))));
        var model = new BuyAgain(asked.Counted.RepeatsOf(shop.Snapshot));
        Dictionary<int, PurchaseDays> days = BuyAgain.DaysOf(asked.History.Purchases.Select(p => (p.Product, RepeatRates.DayOf(ShopTime.ToMicroseconds(p.At)))), today);
        float[] scores = new float[shop.Products.Count];
        Array.Fill(scores, float.NegativeInfinity);
        foreach ((int product, PurchaseDays bought) in days)
        {
            scores[product] = model.ScoreOf(product, bought, today);
        }

        var ranker = new CountedScores("buy-again", scores, product => scores[product] > float.NegativeInfinity ? new Reason("again", model.Words(product, days[product], today), null, scores[product]) : null);
        ProductListResponse list = Answer(asked, request, ranker, request.Explain, "Nothing that may be shown is bought again and again; these are popular now.");
        return new BuyAgainResponse(list.Results, [.. list.Results.Select(result => shop.ProductIndex(result.ProductId)).Where(days.ContainsKey).Select(Due)], list.Fallback);

        DuePurchase Due(int product)
        {
            PurchaseDays bought = days[product];
            double gap = model.GapOf(product, bought);
            DateTimeOffset last = DateTimeOffset.UnixEpoch.AddDays(bought.Last);
            return new DuePurchase(shop.Products[product].Id, bought.Times, last, Math.Round(gap, 1), last.AddDays(Math.Round(gap)));
        }
    }

    /// <summary>Measures the lists on held-out baskets, baselines beside them. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">No such protocol or model, or the data lacks what it needs.</exception>
    public async Task<EvaluationReport> EvaluateBasketsAsync(EvaluateBasketsRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        Snapshot data = await _catalog.ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() => request.Protocol == BasketProtocolAttribute.LeftOut
            ? new LeftOutEvaluation(request, data, _clock).Run(progress, cancellationToken)
            : new NextBasketEvaluation(request, data, _clock).Run(cancellationToken), cancellationToken);
    }

    private static void RequireTimes(LiveShop shop, string what)
    {
        if (!shop.Snapshot.Info.HasRealTimes)
        {
            throw new ValidationException($"The times of '{shop.Snapshot.Info.Name}' only keep the order of events (\"times\": \"order\" in shop.json), so they don't tell {what}.");
        }
    }

    private async Task<Question> AskAsync(LiveShop shop, ShopperFilter request, CancellationToken cancellationToken)
    {
        (IRanker? ranker, LivePopularity popularity) = await _rankers.FindOrNoneAsync(shop, cancellationToken);
        Counted counted = _counted is { } ready && ReferenceEquals(ready.Shop, shop) ? ready : await Task.Run(() => Count(shop), cancellationToken);
        (string version, RecommendationPipeline pipeline) = _pipelines.InService;
        return new Question(shop, History.Of(shop, request.ShopperId, request.SessionId, request.Basket), counted, ranker is null ? null : _served.Weighted(ranker, version, pipeline), popularity,
            _served.Compiled(shop, pipeline).Unpinned(), version.Length == 0 ? null : version);
    }

    private Counted Count(LiveShop shop)
    {
        lock (_counting)
        {
            return _counted is { } ready && ReferenceEquals(ready.Shop, shop) ? ready : _counted = new Counted(shop);
        }
    }

    private ProductListResponse Answer(Question asked, ShopperFilter request, IRanker ranker, bool explains, string fallback, params ReadOnlySpan<int> without)
    {
        var maker = new ListMaker(ranker, asked.Popularity.Recent, asked.Pipeline, _clock.GetUtcNow()) { FillsPlaces = false };
        RankedProduct[] results = maker.Make(request, asked.History, [.. asked.History.Spared(asked.Shop, request), .. without], explains);
        return new ProductListResponse(results, maker.HasFallenBack ? fallback : null) { Pipeline = asked.Version };
    }

    /// <param name="Ranker">The model in service; null where none is.</param>
    /// <param name="Pipeline">Without pins.</param>
    private sealed record Question(LiveShop Shop, History History, Counted Counted, IRanker? Ranker, LivePopularity Popularity, CompiledPipeline Pipeline, string? Version)
    {
        /// <summary>The model's scores for the history; empty where it has none to give.</summary>
        public float[] ModelScores(int count)
        {
            if (Ranker is not { ReadsHistory: true } || !Ranker.CanScore(History.Steps))
            {
                return [];
            }

            float[] scores = new float[count];
            Ranker.Score(History.Steps, scores);
            return scores;
        }
    }

    /// <summary>What is counted of a shop for as long as it is the same in memory.</summary>
    private sealed class Counted(LiveShop shop)
    {
        private volatile Repeats? _repeats;

        public LiveShop Shop => shop;

        public LiveBaskets Baskets { get; } = new(shop);

        public LiveActivity Activity { get; } = new(shop);

        /// <summary>Over all shoppers, counted once per base of the shop; a shopper's own purchases are read from their history and count at once.</summary>
        public RepeatRates RepeatsOf(Snapshot snapshot)
        {
            if (_repeats is not { } ready || !ReferenceEquals(ready.Of, snapshot))
            {
                _repeats = ready = new Repeats(snapshot, RepeatRates.Of(snapshot));
            }

            return ready.Rates;
        }

        private sealed record Repeats(Snapshot Of, RepeatRates Rates);
    }
}
