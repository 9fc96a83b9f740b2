using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Pricing;

/// <summary>The verbs of pricing.</summary>
/// <param name="catalog">The shop that is asked about.</param>
/// <param name="modelFolder">Where versions are kept: <c>models/pricing</c> of the shop.</param>
public sealed class Pricer(ShopCatalog catalog, string modelFolder, TimeProvider clock)
{
    private readonly VersionFolders _versions = new(modelFolder, "pricing");
    private readonly ServedVersion<TableService> _served = new(new VersionFolders(modelFolder, "pricing"), TableModelFile.Load, "No model is trained yet. Run 'cartwright pricing train'.");

    /// <summary>Learns what things cost, and puts the model into service where it beats the one that is there.</summary>
    /// <exception cref="ValidationException">A column or the target is not as the request says, or there are too few prices.</exception>
    /// <exception cref="ImportFormatException">The table can't be read.</exception>
    public async Task<TableTrainResponse> TrainAsync(TrainRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        var training = new TableTraining(_versions, "pricing", clock);
        if (request.Table is { } path)
        {
            string target = request.Target ?? throw new ValidationException("Name the column to predict with --target <column>.");
            return await Task.Run(() => training.Run(
                request, Table.Read(path, cancellationToken), target, EmptyKinds, countsRatios: null, progress, cancellationToken), cancellationToken);
        }

        Snapshot shop = await catalog.Store.ReadSnapshotAsync(cancellationToken);
        ThrowUnlessPriced(shop, folder: null);
        return await Task.Run(() => training.Run(
            request, ProductTable.Of(shop.Info.Name, shop.Products), ProductTable.Price, ProductTable.Kinds, countsRatios: true, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Suggests a price for a listing.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="NotFoundException">There is no such product.</exception>
    /// <exception cref="ValidationException">An attribute is no "name=value", or nothing is said of the listing.</exception>
    public async Task<PriceResponse> PriceAsync(PriceRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Product? product = request.ProductId is null ? null : await catalog.FindProductAsync(request.ProductId, cancellationToken);
        return Listing.Price(request, product, _served);
    }

    /// <summary>Which price model is in service, and which versions are kept.</summary>
    public Task<KeptVersions> StatusAsync(StatusRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run(_versions.Status, cancellationToken);
    }

    /// <summary>Puts a kept version into service.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    public Task<KeptVersions> ActivateAsync(ActivateRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return _versions.ActivateAsync(request.Version, folder => _ = ModelFolder.LoadCard(folder), cancellationToken);
    }

    /// <summary>Learns to predict prices from one part of the rows and measures it on the other, baselines beside the models. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">A column or the target is not as the request says, or there are too few prices.</exception>
    /// <exception cref="ImportFormatException">The table or the folder can't be read.</exception>
    public async Task<EvaluationReport> EvaluateAsync(EvaluateRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        var evaluation = new TableEvaluation(clock);
        if (request.Table is not null)
        {
            return request.Data is null
                ? await Task.Run(() => evaluation.Run(request, progress, cancellationToken), cancellationToken)
                : throw new ValidationException("Both --table and --data were given; prices are predicted from one of them.");
        }

        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        ThrowUnlessPriced(shop, request.Data);
        Snapshot? test = request.Test is null ? null : await catalog.ReadAsync(request.Test, cancellationToken);
        return await Task.Run(() => evaluation.Run(request, ProductTable.Of(shop.Info.Name, shop.Products),
            test is null ? null : ProductTable.Of(test.Info.Name, test.Products), ProductTable.Price, ProductTable.Kinds, countsRatios: true, progress, cancellationToken), cancellationToken);
    }

    /// <summary>How demand answers to price, with intervals; a product whose price never moved gets the reason why it can't be told.</summary>
    /// <exception cref="NotFoundException">A product that is asked about is not there, or nothing was sold of it.</exception>
    /// <exception cref="ValidationException">There are neither sales nor purchases with a price.</exception>
    /// <exception cref="ImportFormatException">The folder can't be read.</exception>
    public async Task<ElasticityResponse> ElasticityAsync(ElasticityRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("reading sales", 0, 0, "rows"));
        Snapshot shop = await catalog.ReadAsync(request.Data, cancellationToken);
        SalesHistory history = await catalog.ReadPricedSalesAsync(request.Data, shop, cancellationToken);
        if (!history.HasPrices)
        {
            throw new ValidationException($"{request.Data ?? "The shop"} has neither sales nor purchases with a price, so nothing shows how demand answers to it. "
                + "Give it a sales.csv with date, product, units and price, or interactions with purchases.");
        }

        progress?.Report(new RunProgress("fitting demand", 0, 0, "products"));
        foreach (string id in request.ProductIds ?? [])
        {
            _ = history.Series.Any(series => series.Product == id) ? true
                : throw new NotFoundException(shop.ProductIndex(id) == Snapshot.None ? $"There is no product '{id}'." : $"Nothing was sold of product '{id}', so nothing shows how its demand answers to price.");
        }

        return await Task.Run(() => DemandModel.Fit(history, CategoryOf, request.ProductIds, cancellationToken), cancellationToken);

        string CategoryOf(string product) => shop.ProductIndex(product) is >= 0 and int index ? shop.Products[index].Category ?? "" : "";
    }

    private static void ThrowUnlessPriced(Snapshot shop, string? folder)
    {
        if (!shop.Products.Any(product => product.Price > 0))
        {
            throw new ValidationException($"None of the {shop.Products.Count} products of {folder ?? "the shop"} has a price to learn from. Prices stand in the column price of products.csv; for another table name it with --table and --target.");
        }
    }

    private static IReadOnlyDictionary<string, ColumnKind> EmptyKinds { get; } = new Dictionary<string, ColumnKind>(StringComparer.Ordinal);
}
