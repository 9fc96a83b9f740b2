using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Search;

/// <summary>The verbs of search that learn: from clicks why they happen, and from clicks or judgments in which order results should stand.</summary>
/// <param name="catalog">The shop that is asked about.</param>
/// <param name="modelFolder">Where versions of the ranker are kept: <c>models/search</c> of the shop.</param>
public sealed class SearchTrainer(ShopCatalog catalog, string modelFolder, TimeProvider clock)
{
    /// <summary>Judged queries that are enough to learn from.</summary>
    private const int EnoughJudged = 20;

    private readonly VersionFolders _versions = new(modelFolder, "search");
    private readonly SearchSource _source = new(catalog);

    /// <summary>Learns click models from the first searches and measures them on the later ones. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">There are no searches or no clicks.</exception>
    /// <exception cref="ImportFormatException">A folder can't be read.</exception>
    public async Task<EvaluationReport> EvaluateClicksAsync(EvaluateClicksRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("reading searches", 0, 0, "rows"));
        (ShopInfo info, IReadOnlyList<Catalog.Search> searches) = await _source.ReadAsync(request.Data, cancellationToken);
        IReadOnlyList<Catalog.Search>? test = request.Test is null ? null : (await _source.ReadAsync(request.Test, cancellationToken)).Searches;
        return await Task.Run(() => ClickEvaluation.Run(request, info, searches, test, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Learns in which order results should stand, and puts the ranker into service where it beats what ranks now.</summary>
    /// <exception cref="ValidationException">There are too few judged or clicked queries.</exception>
    public async Task<TrainResponse> TrainAsync(TrainRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("reading the shop", 0, 0, "rows"));
        Snapshot shop = await catalog.ReadAsync(folder: null, cancellationToken);
        List<JudgedQuery> judged = request.From == LearnedFromAttribute.Clicks ? [] : JudgedQuery.Of(await JudgmentsAsync(folder: null, cancellationToken), shop.ProductIndex);
        if (request.From == LearnedFromAttribute.Judgments || judged.Count >= EnoughJudged)
        {
            return await Task.Run(() => new RankerTraining(_versions, clock).Run(request, shop, LearnedFromAttribute.Judgments, judged, progress, cancellationToken), cancellationToken);
        }

        IReadOnlyList<Catalog.Search> searches = (await _source.ReadAsync(data: null, cancellationToken)).Searches;
        return await Task.Run(() => new RankerTraining(_versions, clock).Run(request, shop, LearnedFromAttribute.Clicks,
            JudgedQuery.OfClicks(searches, shop.ProductIndex, cancellationToken), progress, cancellationToken), cancellationToken);
    }

    /// <summary>Which ranker is in service, and which versions are kept.</summary>
    public Task<KeptVersions> StatusAsync(StatusRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run(_versions.Status, cancellationToken);
    }

    /// <summary>Puts a kept version into service.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">One of its files is missing or damaged; the version in service stays.</exception>
    public Task<KeptVersions> ActivateAsync(ActivateRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return _versions.ActivateAsync(request.Version, folder => _ = RankerFile.Load(folder), cancellationToken);
    }

    /// <summary>Ranks all products for judged queries with each model and measures how high the good ones stand. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">There are too few judged queries.</exception>
    /// <exception cref="ImportFormatException">A folder can't be read.</exception>
    public async Task<EvaluationReport> EvaluateAsync(EvaluateRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("reading the shop", 0, 0, "rows"));
        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        List<Judgment> judgments = await JudgmentsAsync(request.Data, cancellationToken);
        Snapshot? other = request.Test is null ? null : await catalog.ReadAsync(request.Test, cancellationToken);
        List<Judgment>? tested = request.Test is null ? null : await JudgmentsAsync(request.Test, cancellationToken);
        return await Task.Run(() =>
        {
            Product[] products = [.. shop.Products, .. (other?.Products ?? []).Where(product => shop.ProductIndex(product.Id) == Snapshot.None)];
            var indexes = products.Select((product, i) => (product.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i, StringComparer.Ordinal);
            int IndexOf(string id) => indexes.GetValueOrDefault(id, Snapshot.None);
            var evaluation = new RankEvaluation(shop.Info, products, ProductPopularity.Of(shop, products.Length), clock);
            return evaluation.Run(request, JudgedQuery.Of(judgments, IndexOf), tested is null ? null : JudgedQuery.Of(tested, IndexOf), progress, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>What stands behind the clicks at each place: who looked, and who was attracted.</summary>
    /// <exception cref="ValidationException">There are no searches or no clicks.</exception>
    /// <exception cref="NotFoundException">The query was never searched.</exception>
    /// <exception cref="ImportFormatException">The folder can't be read.</exception>
    public async Task<ClicksResponse> ClicksAsync(ClicksRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (_, IReadOnlyList<Catalog.Search> searches) = await _source.ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() => ClickCurve.Of(request, searches, cancellationToken), cancellationToken);
    }

    private async Task<List<Judgment>> JudgmentsAsync(string? folder, CancellationToken cancellation)
    {
        if (folder is not null)
        {
            return await Task.Run(() => JudgedQuery.Read(folder, cancellation), cancellation);
        }

        using IShopReading reading = await catalog.Store.BeginReadingAsync(cancellation);
        return await Task.Run(() => reading.Judgments().ToList(), cancellation);
    }
}
