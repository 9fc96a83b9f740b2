using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>The days to come of all series, asked about by product.</summary>
internal sealed class DemandOutlook
{
    private readonly ForecastService _service;
    private readonly DemandPanel _panel;
    private readonly ForecastGrid _grid;
    private readonly int _origin;

    /// <param name="panel">Sales so far.</param>
    /// <param name="plan">What is planned for the days to come.</param>
    public DemandOutlook(ForecastService service, DemandPanel panel, DemandPlan plan)
    {
        _service = service;
        _origin = panel.Length;
        (_panel, _grid) = panel.Series.Count > 0 ? service.Ahead(panel, plan) : (panel, new ForecastGrid(0, service.Horizon));
    }

    /// <exception cref="NotFoundException">A product was never sold, or not in that store.</exception>
    public ForecastResponse Forecast(ForecastRequest request, string version)
    {
        int horizon = request.Horizon ?? _service.Horizon;
        HashSet<string>? products = request.ProductIds is { Count: > 0 } ids ? [.. ids] : null;
        int[] asked = [.. Enumerable.Range(0, _panel.Series.Count).Where(s => (products is null || products.Contains(_panel.Series[s].Product)) && (request.Store is null || _panel.Series[s].Store == request.Store))];
        string? missing = products?.FirstOrDefault(id => !asked.Any(s => _panel.Series[s].Product == id));
        if (missing is not null || (asked.Length == 0 && request.Store is not null))
        {
            throw new NotFoundException($"Nothing is known of sales{(missing is null ? "" : $" of product '{missing}'")}{(request.Store is null ? "" : $" in store '{request.Store}'")}.");
        }

        IEnumerable<ProductForecast> forecasts = asked.Select(s => ForecastOf(s, horizon, request.HistoryCount));
        return new ForecastResponse(_service.Period, [.. forecasts.OrderByDescending(f => f.Total).ThenBy(f => f.ProductId, StringComparer.Ordinal).ThenBy(f => f.Store, StringComparer.Ordinal).Take(request.Count)], version);
    }

    public ReplenishResponse Replenish(ReplenishRequest request, IReadOnlyList<Product> products, string currency, string version)
    {
        var rule = new ReorderRule(request, currency);
        ILookup<string, int> series = Enumerable.Range(0, _panel.Series.Count).ToLookup(s => _panel.Series[s].Product, StringComparer.Ordinal);
        List<Reorder> reorders = [.. products.Select(product => series[product.Id].Any()
            ? rule.Decide(product, Demand([.. series[product.Id]], rule.ProtectedDays(product)), Demand([.. series[product.Id]], rule.LeadTime(product)),
                units => StockOut([.. series[product.Id]], units))
            : new Reorder
            {
                ProductId = product.Id,
                Title = product.Title,
                Action = ReorderAction.NoSales,
                Stock = product.Stock,
                Reasons = ["Nothing was sold yet, so there is no forecast."],
            })];
        return new ReplenishResponse(
            [.. reorders.OrderBy(r => r.Action).ThenByDescending(r => r.StockOutChance).ThenByDescending(r => r.ExpectedCostWithoutOrder - r.ExpectedCost).ThenBy(r => r.ProductId, StringComparer.Ordinal).Take(request.Count)],
            reorders.Count(r => r.Action == ReorderAction.Order), reorders.Sum(r => r.Value), version);
    }

    private ProductForecast ForecastOf(int s, int horizon, int historyCount)
    {
        DemandSeries series = _panel.Series[s];
        int[] open = [.. Enumerable.Range(0, horizon).Where(h => series.IsOpen[_origin + h] && !float.IsNaN(_grid.Center[s][h]))];
        (int low, int high) = ForecastIntervals.Ends;
        LeadTimeDemand total = LeadTimeDemand.Sum(open.Select(h => Moments(s, h, 1)), _service.Intervals.Together);
        return new ProductForecast(series.Product, series.Store, total.Mean, total.Quantile(ForecastIntervals.Levels[low]), total.Quantile(ForecastIntervals.Levels[high]),
            [.. open.Select(h => new PeriodForecast(_panel.DateOf(_origin + h), Moments(s, h, 1).Mean, _service.Intervals.Units(_grid, s, h, low), _service.Intervals.Units(_grid, s, h, high)))])
        {
            History = [.. Enumerable.Range(Math.Max(0, _origin - historyCount), Math.Min(_origin, historyCount)).Select(t => new PeriodSales(_panel.DateOf(t), float.IsNaN(series.Units[t]) ? null : series.Units[t]))],
        };
    }

    /// <summary>Demand of all stores over some days. Behind the horizon the last season goes on.</summary>
    private LeadTimeDemand Demand(int[] series, double days)
    {
        double periods = days / _panel.DaysPerPeriod;
        return series.Select(s => LeadTimeDemand.Sum(Enumerable.Range(0, (int)Math.Ceiling(periods)).Select(h => Moments(s, h, Math.Min(1, periods - h))), _service.Intervals.Together))
            .Aggregate(new LeadTimeDemand(0, 0), (sum, of) => sum + of);
    }

    private DateOnly? StockOut(int[] series, double units)
    {
        double left = units;
        for (int h = 0; h < _service.Horizon; h++)
        {
            left -= series.Sum(s => Moments(s, h, 1).Mean);
            if (left < 0)
            {
                return _panel.DateOf(_origin + h);
            }
        }

        return null;
    }

    private (double Mean, double Deviation, double Share) Moments(int s, int step, double share)
    {
        int season = Math.Min(_panel.Period == DemandPeriod.Day ? 7 : 1, _service.Horizon);
        int h = step < _service.Horizon ? step : _service.Horizon - season + ((step - _service.Horizon) % season);
        if (!_panel.Series[s].IsOpen[_origin + h] || float.IsNaN(_grid.Center[s][h]))
        {
            return (0, 0, share);
        }

        (double mean, double deviation) = _service.Intervals.Moments(_grid, s, h);
        return (mean, deviation, share);
    }
}
