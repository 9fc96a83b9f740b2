using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Inventory;

/// <summary>The verbs of inventory.</summary>
/// <param name="catalog">The shop that is asked about.</param>
/// <param name="modelFolder">Where versions are kept: <c>models/inventory</c> of the shop.</param>
public sealed class StockPlanner(ShopCatalog catalog, string modelFolder, TimeProvider clock)
{
    private readonly VersionFolders _versions = new(modelFolder, "inventory");
    private volatile Latest? _latest;

    /// <summary>Learns to forecast the shop's demand, and puts the model into service where it beats the one that is there.</summary>
    /// <exception cref="ValidationException">There is too little to learn from.</exception>
    public async Task<TrainResponse> TrainAsync(TrainRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("reading sales", 0, 0, "rows"));
        (DemandPanel panel, _) = await new DemandSource(catalog).ReadAsync(null, null, request.Period, cancellationToken);
        return await Task.Run(() => new ForecastTraining(_versions, clock).Run(request, panel, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Forecasts the last periods from those before them, and measures how well, baselines beside the models. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">There is too little to forecast from, or the request contradicts the data.</exception>
    /// <exception cref="ImportFormatException">A folder can't be read.</exception>
    public async Task<EvaluationReport> EvaluateAsync(EvaluateRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        if (request.Test is not null && request.Data is null)
        {
            throw new ValidationException("--test names sales that go on after those of --data; name those with --data.");
        }

        progress?.Report(new RunProgress("reading sales", 0, 0, "rows"));
        (DemandPanel panel, int? origin) = await new DemandSource(catalog).ReadAsync(request.Data, request.Test, request.Period, cancellationToken);
        return await Task.Run(() => new ForecastEvaluation(clock).Run(request, panel, origin, progress, cancellationToken), cancellationToken);
    }

    /// <summary>How much will sell after the last day of sales.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="NotFoundException">A product was never sold, or not in that store.</exception>
    /// <exception cref="ValidationException">More periods are asked for than were trained for, or a plan does not fit what was learned from.</exception>
    /// <exception cref="ImportFormatException">The plan file can't be read.</exception>
    public async Task<ForecastResponse> ForecastAsync(ForecastRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (ForecastService service, string version) = Served();
        if (request.Horizon > service.Horizon)
        {
            throw new ValidationException($"The model was trained to forecast {service.Horizon} {ForecastEvaluation.Words(service.Period)}; {request.Horizon} were asked for. Train for more: 'cartwright inventory train --horizon {request.Horizon}'.");
        }

        if (request.Plan is not null && request.PlanFile is not null)
        {
            throw new ValidationException("Both a plan and a plan file were given; the plan is one or the other.");
        }

        IReadOnlyList<PlannedSale> planned = request.PlanFile is { } file ? await Task.Run(() => PlanCsv.ReadAll(file), cancellationToken) : request.Plan ?? [];
        DemandOutlook outlook = await OutlookAsync(service, version, new DemandPlan((request.PromotedDates ?? []).ToHashSet(), planned), cancellationToken);
        return await Task.Run(() => outlook.Forecast(request, version), cancellationToken);
    }

    /// <summary>What to reorder now, and why.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="NotFoundException">There is no such product.</exception>
    public async Task<ReplenishResponse> ReplenishAsync(ReplenishRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (ForecastService service, string version) = Served();
        Snapshot shop = await catalog.Store.ReadSnapshotAsync(cancellationToken);
        if (request.ProductIds?.FirstOrDefault(id => shop.ProductIndex(id) is var index && (index == Snapshot.None || shop.Products[index].IsMentioned)) is { } missing)
        {
            throw new NotFoundException($"There is no product '{missing}' in the shop.");
        }

        Product[] products = request.ProductIds is { Count: > 0 } ids ? [.. ids.Distinct(StringComparer.Ordinal).Select(id => shop.Products[shop.ProductIndex(id)])] : [.. shop.Products.Where(product => !product.IsMentioned)];
        DemandOutlook outlook = await OutlookAsync(service, version, DemandPlan.None, cancellationToken);
        return await Task.Run(() => outlook.Replenish(request, products, shop.Info.Currency, version), cancellationToken);
    }

    /// <summary>Notes units as ordered.</summary>
    /// <exception cref="NotFoundException">There is no such product; nothing was noted.</exception>
    /// <exception cref="ValidationException">More would be taken back of a product than is on its way; nothing was noted.</exception>
    public async Task<OrderResponse> OrderAsync(OrderRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        var products = new Dictionary<string, Product>(StringComparer.Ordinal);
        var orders = new List<OnOrder>(request.Orders.Count);
        foreach (OrderedUnits order in request.Orders)
        {
            Product product = products.GetValueOrDefault(order.ProductId) ?? await catalog.FindProductAsync(order.ProductId, cancellationToken);
            double before = ReorderRule.OnOrder(product);
            double now = before + order.Units;
            if (now < 0)
            {
                throw new ValidationException(FormattableString.Invariant($"{-order.Units:#,0} units of product '{order.ProductId}' were to be taken back, and {before:#,0} are on their way. Nothing was noted."));
            }

            products[order.ProductId] = product with
            {
                Attributes = new Dictionary<string, string>(product.Attributes, StringComparer.Ordinal) { [ReorderRule.OnOrderAttribute] = now.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            };
            orders.Add(new OnOrder(order.ProductId, before, now));
        }

        foreach (Product product in products.Values)
        {
            await catalog.ReplaceProductAsync(product, cancellationToken);
        }

        return new OrderResponse(orders);
    }

    /// <summary>Which forecast model is in service, and which versions are kept.</summary>
    public Task<KeptVersions> StatusAsync(StatusRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run(_versions.Status, cancellationToken);
    }

    /// <summary>Puts a kept version into service.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="ModelFormatException">One of its files is missing or damaged; the version in service stays.</exception>
    public Task<KeptVersions> ActivateAsync(ActivateRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return _versions.ActivateAsync(request.Version, folder => _ = ForecastModelFile.Load(folder), cancellationToken);
    }

    private (ForecastService Service, string Version) Served()
    {
        string version = _versions.Active ?? throw new ModelNotTrainedException("No forecast model is trained yet. Run 'cartwright inventory train'.");
        return (ForecastModelFile.Load(_versions.FolderOf(version)), version);
    }

    // All series are forecast at once, since they learn from each other, and that takes longer than to read them: kept until something is sold.
    private async Task<DemandOutlook> OutlookAsync(ForecastService service, string version, DemandPlan plan, CancellationToken cancellationToken)
    {
        (DemandPanel panel, _) = await new DemandSource(catalog).ReadAsync(null, null, service.Period, cancellationToken);
        string key = $"{version} {panel.Fingerprint()} {string.Join(' ', plan.Promoted.Order())}";
        if (!plan.HasSales && _latest is { } latest && latest.Key == key)
        {
            return latest.Outlook;
        }

        DemandOutlook outlook = await Task.Run(() => new DemandOutlook(service, panel, plan), cancellationToken);
        _latest = plan.HasSales ? _latest : new Latest(key, outlook);
        return outlook;
    }

    private sealed record Latest(string Key, DemandOutlook Outlook);
}
