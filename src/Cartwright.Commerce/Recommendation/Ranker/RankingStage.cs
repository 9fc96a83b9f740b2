using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The verbs of the ranking stage: rankers that learn from impressions in which order candidates should stand.</summary>
/// <param name="catalog">The shop that is asked about.</param>
/// <param name="modelFolder">Where versions of the recommendation model are kept: <c>models/recommendation</c> of the shop.</param>
/// <param name="rankerFolder">Where versions of the ranker are kept: <c>models/ranker</c> of the shop.</param>
/// <param name="pipelineFolder">Where versions of the pipeline are kept: <c>pipelines</c> of the shop.</param>
public sealed class RankingStage(ShopCatalog catalog, string modelFolder, string rankerFolder, string pipelineFolder, TimeProvider clock)
{
    private readonly ModelVersions _models = new(modelFolder);
    private readonly RankerVersions _rankers = new(rankerFolder);
    private readonly PipelineVersions _pipelines = new(pipelineFolder, clock);

    /// <summary>Learns a ranker from the shop's impressions, and puts it into the pipeline where its order beats what is there.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">There are too few impressions or clicks; the message says how many there are and how many it takes.</exception>
    /// <exception cref="ModelNotTrainedException">No recommendation model is in service that could generate candidates.</exception>
    public async Task<TrainRankerResponse> TrainRankerAsync(TrainRankerRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        string active = _models.Folders.Active ?? throw new ModelNotTrainedException(
            "A ranker reorders what the recommendation model puts first, and none is in service. Run 'cartwright recommendation train --model blend'.");
        Snapshot shop = await catalog.ReadAsync(folder: null, cancellationToken);
        return await Task.Run(
            () =>
            {
                RecommendationPipeline pipeline = _pipelines.InService.Pipeline;
                TrainRankerResponse trained = new RankerTraining(_rankers, clock).Run(request, shop, _models.Load(active).Model, pipeline.Ranker, progress, cancellationToken);
                if (trained.IsActive)
                {
                    _rankers.Folders.Activate(trained.Version);
                    _pipelines.Set(_pipelines.InService.Pipeline with { Ranker = trained.Version }, "train-ranker put it in");
                }

                _rankers.Settle([trained.Version, .. _pipelines.Rankers]);
                return trained;
            }, cancellationToken);
    }

    /// <summary>Learns a ranker from one part of the impressions and judges it on the latest, baselines beside it. The shop stays as it is.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">No such model, or too few impressions or clicks.</exception>
    public async Task<EvaluationReport> EvaluateRankerAsync(EvaluateRankerRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() => new RankerTraining(_rankers, clock).Evaluate(request, shop, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Which rankers are kept, and which one the pipeline in service has.</summary>
    public Task<KeptVersions> RankersAsync(RankersRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run(() => _rankers.Status(_pipelines.InService.Pipeline.Ranker), cancellationToken);
    }
}
