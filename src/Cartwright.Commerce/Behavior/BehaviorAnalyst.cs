using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Behavior;

/// <summary>The verbs of behavior.</summary>
/// <param name="catalog">The shop that is asked about.</param>
public sealed class BehaviorAnalyst(ShopCatalog catalog, TimeProvider clock)
{
    /// <summary>
    /// Learns who buys again within four weeks, or another thing of each row of a table, from one part of the rows and measures it on the other,
    /// baselines beside the models. The shop stays as it is.
    /// </summary>
    /// <exception cref="ValidationException">The table, a column or the target is not as the request says, or the shop's history is too short.</exception>
    /// <exception cref="ImportFormatException">The table or the folder can't be read.</exception>
    public async Task<EvaluationReport> EvaluateAsync(EvaluateRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        var evaluation = new TableEvaluation(clock);
        if (request.Predict == Foretold.Purchase)
        {
            return await EvaluateSessionsAsync(request, progress, cancellationToken);
        }

        if (request.Table is not null)
        {
            return request.Data is null
                ? await Task.Run(() => evaluation.Run(request, progress, cancellationToken), cancellationToken)
                : throw new ValidationException("Both --table and --data were given; one of them is learned from.");
        }

        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        Snapshot? test = request.Test is null ? null : await catalog.ReadAsync(request.Test, cancellationToken);
        return await Task.Run(() => evaluation.Run(request with { Id = "shopper" }, ReturnTable.Of(shop, ReturnTable.LatestCut(shop)),
            test is null ? null : ReturnTable.Of(test, ReturnTable.LatestCut(test)), ReturnTable.Returns, new Dictionary<string, ColumnKind>(StringComparer.Ordinal),
            countsRatios: null, progress, cancellationToken), cancellationToken);
    }

    /// <summary>What shoppers will be worth in the weeks ahead.</summary>
    /// <exception cref="ValidationException">The times only keep an order, or nobody bought twice.</exception>
    public async Task<ValueResponse> ValueAsync(ValueRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() => ShopperValues.Of(shop, request, cancellationToken), cancellationToken);
    }

    /// <summary>How many go from one step to the next.</summary>
    /// <exception cref="ValidationException">A limit in hours was given and the times only keep an order.</exception>
    public async Task<FunnelResponse> FunnelAsync(FunnelRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() => Funnels.Of(shop, request, cancellationToken), cancellationToken);
    }

    /// <summary>Which share of those who came first in a period came back in each period after.</summary>
    /// <exception cref="ValidationException">The times only keep an order.</exception>
    public async Task<RetentionResponse> RetentionAsync(RetentionRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() => Cohorts.Of(shop, request, cancellationToken), cancellationToken);
    }

    /// <summary>Sorts shoppers into segments of those who behave alike.</summary>
    /// <exception cref="ValidationException">There are too few shoppers.</exception>
    public async Task<SegmentResponse> SegmentAsync(SegmentRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() => new Segmentation(request, clock).Of(shop, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Finds bots, broken tracking and rows that can't be true.</summary>
    /// <exception cref="ImportFormatException">The folder can't be read.</exception>
    public async Task<AnomaliesResponse> AnomaliesAsync(AnomaliesRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        if (request.Data is not null)
        {
            ShopFolderContents contents = await ShopFolder.ReadSnapshotAsync(request.Data, cancellationToken);
            return await Task.Run(() => new AnomalySearch(request, clock).Of(contents.Snapshot, contents.Rejects, progress, cancellationToken), cancellationToken);
        }

        Snapshot shop = await catalog.ReadAsync(folder: null, cancellationToken);
        IReadOnlyList<ImportReport> reports = await catalog.ListImportReportsAsync(count: 1, cancellationToken);
        return await Task.Run(() => new AnomalySearch(request, clock).Of(shop, [.. reports.Where(report => report.IsStored).SelectMany(report => report.Rejects)], progress, cancellationToken), cancellationToken);
    }

    private async Task<EvaluationReport> EvaluateSessionsAsync(EvaluateRequest request, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.Table is not null || request.Split is not null || request.Model != "all")
        {
            throw new ValidationException("Purchases are told of a shop's sessions, and all models run: leave out --table, --split and --model, or predict returns.");
        }

        progress?.Report(new RunProgress("reading the shop", 0, 0, "rows"));
        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        Snapshot? test = request.Test is null ? null : await catalog.ReadAsync(request.Test, cancellationToken);
        return await Task.Run(() => new SessionEvaluation(clock).Run(request, shop, test, request.Data, progress, cancellationToken), cancellationToken);
    }
}
