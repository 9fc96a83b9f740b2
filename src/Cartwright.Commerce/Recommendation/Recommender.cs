using System.Buffers;
using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The verbs of recommendation.</summary>
/// <param name="catalog">The shop that is asked about.</param>
/// <param name="modelFolder">Where versions are kept: <c>models/recommendation</c> of the shop.</param>
/// <param name="pipelineFolder">Where versions of the pipeline are kept: <c>pipelines</c> of the shop.</param>
/// <param name="rankerFolder">Where versions of the pipeline's ranker are kept: <c>models/ranker</c> of the shop.</param>
/// <param name="exposures">Keeps what was left to chance.</param>
/// <param name="trial">Says which version a visitor gets while versions are tried; null where they never are.</param>
public sealed class Recommender(ShopCatalog catalog, string modelFolder, string pipelineFolder, string rankerFolder, TimeProvider clock, IExposureStore exposures, IVersionTrial? trial = null)
    : IDisposable
{
    /// <summary>What products' pictures show, for models that read it; null where nothing tells.</summary>
    public IProductPictures? Pictures { get; init; }

    private readonly ModelVersions _versions = new(modelFolder);
    private readonly RankerService _rankers = new(new ModelVersions(modelFolder), trial, clock);
    private readonly PipelineVersions _pipelines = new(pipelineFolder, clock);
    private readonly ServedPipeline _served = new();
    private readonly LiveRankers _orders = new(new RankerVersions(rankerFolder), clock);
    private readonly Lock _making = new();
    private ProductLists? _lists;

    /// <summary>The verbs around it: what is counted, and not trained.</summary>
    public ProductLists Lists
    {
        get
        {
            // Two of them would count the shop twice, and follow it twice.
            lock (_making)
            {
                return _lists ??= new ProductLists(catalog, _rankers, _pipelines, _served, clock);
            }
        }
    }

    /// <summary>Learns a model from the shop as it is now, and puts it into service where it beats the one that is there.</summary>
    /// <remarks>Processes that <c>mpirun -np N</c> started learn one model together, once in their lives; rank 0 judges and keeps it.</remarks>
    /// <exception cref="ValidationException">No such model, or too few interactions to learn from.</exception>
    /// <exception cref="NotFoundException">There is no run to resume.</exception>
    public async Task<TrainResponse> TrainAsync(TrainRequest request, IProgress<RunProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        var training = new ModelTraining(_versions, new KeptOptions(modelFolder), Pictures, clock);
        TrainResponse trained = await training.RunAsync(catalog.Store, request, progress, cancellationToken);
        if (trained.Version.Length > 0)
        {
            _versions.Folders.Settle(trained.Version, trained.IsActive, trial is null ? null : await trial.ListVersionsAsync(cancellationToken));
        }

        if (trained.IsActive)
        {
            await _rankers.ReloadAsync(await catalog.LiveAsync(cancellationToken), cancellationToken);
        }

        return trained;
    }

    /// <summary>Trains models on one part of the data and measures them on the other, baselines beside them. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">No such protocol or model, or the data lacks what it needs.</exception>
    public async Task<EvaluationReport> EvaluateAsync(EvaluateRequest request, IProgress<RunProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        if (request.Test is not null && request.Data is null)
        {
            throw new ValidationException("--test names data to test on; name the data to train on with --data.");
        }

        Snapshot data = await catalog.ReadAsync(request.Data, cancellationToken);
        Snapshot? test = request.Test is null ? null : (await ShopFolder.ReadSnapshotAsync(request.Test, cancellationToken)).Snapshot;
        return await Task.Run(() => ModelComparison.Evaluate(request, data, test, clock, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Sets models beside each other on the shop's own interactions. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">No such model, or the data lacks what the protocol needs.</exception>
    public async Task<CompareResponse> CompareAsync(CompareRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Snapshot data = await catalog.ReadAsync(null, cancellationToken);
        return await Task.Run(() => ModelComparison.Compare(request, data, clock, progress, cancellationToken), cancellationToken);
    }

    /// <summary>What a shopper is likely to want next, by the version they are assigned to while versions are tried, else by the one in service; never what they are looking at now, the latest of the history. Nobody known, or nothing known of them: what is popular now, and the answer says so.</summary>
    /// <exception cref="ModelNotTrainedException">No model is trained yet and none was named that needs no training.</exception>
    /// <exception cref="NotFoundException">The basket holds an unknown product.</exception>
    public async Task<RecommendResponse> RecommendAsync(RecommendRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        LiveShop shop = await catalog.LiveAsync(cancellationToken);
        (IRanker ranker, LivePopularity popularity, string? fallback) = await _rankers.FindForAsync(shop, request.Model, request.ShopperId ?? request.SessionId, cancellationToken);
        History history = History.Of(shop, request.ShopperId, request.SessionId, request.Basket);
        if (ranker.ReadsHistory && !ranker.CanScore(history.Steps))
        {
            fallback = WhyFallback(request.ShopperId, request.SessionId, history, ranker.Model);
            ranker = popularity.Recent;
        }

        return await AnswerAsync(shop, request, ranker, popularity, history, fallback, cancellationToken);
    }

    /// <summary>Which products are like one.</summary>
    /// <exception cref="ModelNotTrainedException">No model is trained yet and none was named that needs no training.</exception>
    /// <exception cref="NotFoundException">There is no such product.</exception>
    public async Task<SimilarResponse> SimilarAsync(SimilarRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        LiveShop shop = await catalog.LiveAsync(cancellationToken);
        (IRanker ranker, LivePopularity popularity) = await _rankers.FindAsync(shop, request.Model, cancellationToken);
        int product = Find(shop, request.ProductId);
        History history = History.Of(shop, request.ShopperId, request.SessionId, request.Basket);
        CompiledPipeline unpinned = _served.Compiled(shop, _pipelines.InService.Pipeline).Unpinned();
        var maker = new ListMaker(new LikeProduct(ranker, product), popularity.Recent, unpinned, clock.GetUtcNow())
        {
            FillsPlaces = false,
        };
        RankedProduct[] results = maker.Make(request, history, [.. history.Spared(shop, request), product], explains: false);
        return maker.HasFallenBack
            ? new SimilarResponse(results, popularity.Recent.Model, null, $"{ranker.Model} knows nothing like this product that may be shown; these are popular now.")
            : new SimilarResponse(results, ranker.Model, ranker.Version, null);
    }

    /// <summary>Why a product is recommended to a shopper, and at which place it stands.</summary>
    /// <exception cref="ModelNotTrainedException">No model is trained yet, or it can't rank this product.</exception>
    /// <exception cref="NotFoundException">There is no such product.</exception>
    public async Task<ExplainResponse> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        LiveShop shop = await catalog.LiveAsync(cancellationToken);
        (IRanker ranker, LivePopularity popularity, string? fallback) = await _rankers.FindForAsync(shop, request.Model, request.ShopperId, cancellationToken);
        int product = Find(shop, request.ProductId);
        History history = History.Of(shop, request.ShopperId, null, []);
        if (ranker.ReadsHistory && !ranker.CanScore(history.Steps))
        {
            fallback = WhyFallback(request.ShopperId, null, history, ranker.Model);
            ranker = popularity.Recent;
        }

        ranker = ranker.With(_pipelines.InService.Pipeline.Weights);
        float[] buffer = ArrayPool<float>.Shared.Rent(shop.Products.Count);
        try
        {
            Span<float> scores = buffer.AsSpan(0, shop.Products.Count);
            ranker.Score(history.Steps, scores);
            float score = scores[product];
            if (!(score > float.NegativeInfinity))
            {
                throw new ModelNotTrainedException($"Product '{request.ProductId}' is newer than the model, and shares no tag, brand or "
                    + "category with one that it knows. Train again: 'cartwright recommendation train'.");
            }

            int rank = 0;
            for (int other = 0; other < scores.Length; other++)
            {
                rank += scores[other] >= score && (other == product || shop.IsListed(other)) ? 1 : 0;
            }

            var parts = new StageLog();
            ranker.LogParts(history.Steps, [product], parts);
            return new ExplainResponse(request.ProductId, score, rank, new Explainer(shop, ranker, history).Explain(product, request.Count), ranker.Model, ranker.Version)
            {
                Fallback = fallback,
                Parts = parts.Of(product),
            };
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Which model is in service, and which versions are kept.</summary>
    public Task<KeptVersions> StatusAsync(StatusRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run(_versions.Folders.Status, cancellationToken);
    }

    /// <summary>Puts a kept version into service: by hand, or to go back. Questions that run keep the one they began with.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="ModelFormatException">One of its files is missing or damaged; the version in service stays.</exception>
    public async Task<KeptVersions> ActivateAsync(ActivateRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        await Task.Run(() => _versions.Load(request.Version), cancellationToken);
        _versions.Folders.Activate(request.Version);
        await _rankers.ReloadAsync(await catalog.LiveAsync(cancellationToken), cancellationToken);
        return await StatusAsync(new StatusRequest(), cancellationToken);
    }

    /// <summary>The pipeline in service or a kept one, and the versions that are kept.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    public Task<PipelineResponse> PipelineAsync(PipelineRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return TellAsync(() => request.Version, cancellationToken);
    }

    /// <summary>Puts a pipeline into service; lists are made by it from the next question on.</summary>
    /// <exception cref="ValidationException">It weighs an unknown model, has two rules of one id, a rule about every product, or one that was not there before about a product or a category
    /// that the shop does not have.</exception>
    public async Task<PipelineResponse> SetPipelineAsync(SetPipelineRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        PipelineCheck.Require(request.Pipeline);
        PipelineCheck.RequireKnown(request.Pipeline, _pipelines.StandingRules, await catalog.LiveAsync(cancellationToken));
        _orders.Use(request.Pipeline.Ranker);
        return await TellAsync(() => _pipelines.Set(request.Pipeline, request.Note), cancellationToken);
    }

    /// <summary>Puts a pipeline into service that changes nothing.</summary>
    public Task<PipelineResponse> ClearPipelineAsync(ClearPipelineRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return TellAsync(() => _pipelines.Set(new RecommendationPipeline(), request.Note.Length > 0 ? request.Note : "cleared"), cancellationToken);
    }

    /// <summary>Puts a kept version of the pipeline back into service.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    public Task<PipelineResponse> RestorePipelineAsync(RestorePipelineRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return TellAsync(
            () =>
            {
                _pipelines.Restore(request.Version);
                return request.Version;
            }, cancellationToken);
    }

    /// <summary>What a pipeline would do to somebody's list, beside what is shown now. Nothing is changed.</summary>
    /// <exception cref="ModelNotTrainedException">No model is trained yet.</exception>
    /// <exception cref="ValidationException">The pipeline is refused, as <see cref="SetPipelineAsync"/> would.</exception>
    public async Task<PreviewResponse> PreviewAsync(PreviewRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        PipelineCheck.Require(request.Pipeline);
        LiveShop shop = await catalog.LiveAsync(cancellationToken);
        PipelineCheck.RequireKnown(request.Pipeline, _pipelines.StandingRules, shop);
        (IRanker ranker, LivePopularity popularity, _) = await _rankers.FindForAsync(shop, null, request.ShopperId, cancellationToken);
        History history = History.Of(shop, request.ShopperId, null, []);
        ranker = ranker.ReadsHistory && !ranker.CanScore(history.Steps) ? popularity.Recent : ranker;
        DateTimeOffset at = request.At ?? clock.GetUtcNow();
        var inService = new CompiledPipeline(shop, _pipelines.InService.Pipeline);
        var tried = new CompiledPipeline(shop, request.Pipeline);
        IReadOnlyCollection<int> spared = [.. history.Spared(shop, new RecommendRequest()), .. history.Latest];
        return new PreviewResponse(
            Maker(ranker.With(inService.Pipeline.Weights), popularity, inService, at, request.ShopperId).Make(request, history, spared, explains: false),
            Maker(ranker.With(request.Pipeline.Weights), popularity, tried, at, request.ShopperId).Make(request, history, spared, explains: true),
            ranker.Model);
    }

    /// <summary>Lets go of models in memory whose versions are deleted; what is kept is loaded anew.</summary>
    internal async Task ReloadAsync(CancellationToken cancellationToken)
    {
        _served.Release();
        await _rankers.ReloadAsync(await catalog.LiveAsync(cancellationToken), cancellationToken);
    }

    public void Dispose() => _rankers.Dispose();

    /// <param name="version">The version to tell, once it has done what it does; null for the one in service.</param>
    private async Task<PipelineResponse> TellAsync(Func<string?> version, CancellationToken cancellationToken)
    {
        PipelineResponse told = await Task.Run(() => Told(version()), cancellationToken);
        try
        {
            (IRanker? active, _) = await _rankers.FindOrNoneAsync(await catalog.LiveAsync(cancellationToken), cancellationToken);
            return active is null ? told : told with { Generators = active.Weights };
        }
        catch (ModelFormatException)
        {
            return told;                                         // a damaged model is told of where lists are asked for
        }
    }

    private PipelineResponse Told(string? version)
    {
        (string active, RecommendationPipeline pipeline) = _pipelines.InService;
        return version is null || version == active
            ? new PipelineResponse(active, true, pipeline, _pipelines.Listed)
            : new PipelineResponse(version, false, _pipelines.Of(version).Pipeline, _pipelines.Listed);
    }

    private async Task<RecommendResponse> AnswerAsync(LiveShop shop, RecommendRequest request, IRanker ranker, LivePopularity popularity, History history, string? fallback, CancellationToken cancellationToken)
    {
        (string version, RecommendationPipeline pipeline) = _pipelines.InService;
        DateTimeOffset now = clock.GetUtcNow();
        ListMaker maker = Maker(_served.Weighted(ranker, version, pipeline), popularity, _served.Compiled(shop, pipeline), now, request.Explore ? request.ShopperId ?? request.SessionId : null);
        RankedProduct[] results = maker.Make(request, history, [.. history.Spared(shop, request), .. history.Latest], request.Explain);
        if (maker.Draw?.Exposures(shop, results, request, $"{version}/{ranker.Model}/{ranker.Version}", now) is { Count: > 0 } drawn)
        {
            await exposures.KeepAsync(drawn, cancellationToken);
        }

        return new RecommendResponse(results, ranker.Model, ranker.Version, fallback ?? maker.WhyResting) { Pipeline = version.Length == 0 ? null : version };
    }

    private ListMaker Maker(IRanker ranker, LivePopularity popularity, CompiledPipeline pipeline, DateTimeOffset at, string? visitor) =>
        new(ranker, popularity.Recent, pipeline, at, visitor) { Reorders = _orders.Find(pipeline.Shop, pipeline.Pipeline.Ranker) };

    private static string WhyFallback(string? shopper, string? session, History history, string model) => (history.IsEmpty, shopper, session) switch
    {
        (false, _, _) => $"{model} knows none of the products in the history yet; these are popular now.",
        (true, not null, _) => $"Nothing is known of shopper '{shopper}' yet; these are popular now.",
        (true, _, not null) => $"Nothing is known of session '{session}' yet; these are popular now.",
        _ => "No shopper, session or basket was given; these are popular now.",
    };

    private static int Find(LiveShop shop, string productId)
    {
        int product = shop.ProductIndex(productId);
        return product != Snapshot.None ? product : throw new NotFoundException($"There is no product '{productId}' in the shop.");
    }
}
