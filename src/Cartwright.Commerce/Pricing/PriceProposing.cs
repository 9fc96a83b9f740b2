using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Pricing;

/// <summary>Makes proposals from what a shop has sold.</summary>
/// <param name="history">Sales, or what purchases say of them.</param>
internal sealed class PriceProposing(RepriceRequest request, SalesHistory history, DateTimeOffset now)
{
    private readonly Dictionary<string, SoldOn[]> _sales = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, CompetitorPrice>> _competitors = new(StringComparer.Ordinal);
    private readonly List<Product> _products = [];

    /// <summary>What all stores sold on one day, at their mean price; the share of it that sold under a promotion.</summary>
    private sealed record SoldOn(DateOnly Date, double Units, double Price, double Promoted);

    /// <returns>The proposals, and the ids of all products that were looked at.</returns>
    /// <exception cref="ValidationException">The shop has no sales with prices.</exception>
    /// <exception cref="NotFoundException">A named product is not there.</exception>
    public (RepriceResponse Response, IReadOnlyCollection<string> Looked) Run(IShopReading reading, CancellationToken cancellation)
    {
        Read(reading, cancellation);
        if (_sales.Count == 0)
        {
            throw new ValidationException("The shop has neither sales nor purchases with a price, so there is nothing to learn from. Import a folder with sales.csv or interactions.csv: 'cartwright catalog import <folder>'.");
        }

        DateOnly last = _sales.Values.Max(days => days[^1].Date);
        DateOnly first = last.AddDays(1 - request.HistoryDays);
        string version = FormattableString.Invariant($"thompson to {last:yyyy-MM-dd}, {request.HistoryDays} days, seed {request.Seed}");
        var skipped = new List<SkippedProduct>();
        var today = new Dictionary<string, PricedToday>(StringComparer.Ordinal);
        foreach (Product product in _products)
        {
            if (Today(product, first, out string reason) is { } priced)
            {
                today.Add(product.Id, priced);
            }
            else
            {
                skipped.Add(new SkippedProduct(product.Id, reason));
            }
        }

        PriceBeliefs beliefs = PriceBeliefs.Learn(Days(first, today), today);
        var repricer = new Repricer(beliefs, new Guardrails(request.LeastMargin, request.MostAboveUsual, request.MostStep), request.CoverDays, new Random(request.Seed));
        var proposals = new List<PriceProposal>();
        int unchanged = 0;
        foreach (PricedToday product in today.Values.Where(product => request.ProductIds?.Contains(product.Id, StringComparer.Ordinal) ?? true))
        {
            cancellation.ThrowIfCancellationRequested();
            if (repricer.Price(product) is not { } price)
            {
                skipped.Add(new SkippedProduct(product.Id, "No price keeps floor, ceiling and step at once: its price now is too far from where it may be. Set it by hand."));
            }
            else if (price == product.Price)
            {
                unchanged++;
            }
            else
            {
                proposals.Add(Proposal(product, price, repricer, beliefs.Of(product.Id), version, first));
            }
        }

        string[] looked = [.. request.ProductIds ?? _products.Select(product => product.Id)];
        return (new RepriceResponse([.. proposals.OrderByDescending(p => p.ExpectedChange)], unchanged,
            [.. skipped.Where(s => request.ProductIds?.Contains(s.ProductId, StringComparer.Ordinal) ?? true)], version), looked);
    }

    private void Read(IShopReading reading, CancellationToken cancellation)
    {
        _products.AddRange(reading.Products());
        if (request.ProductIds?.FirstOrDefault(id => !_products.Exists(product => product.Id == id)) is { } missing)
        {
            throw new NotFoundException($"There is no product '{missing}'.");
        }

        foreach (IGrouping<string, SalesSeries> product in history.Series.GroupBy(series => series.Product, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            SoldOn[] days = [.. DaysOf(product).OrderBy(day => day.Date)];
            if (days.Length > 0)
            {
                _sales[product.Key] = days;
            }
        }

        foreach (CompetitorPrice price in reading.CompetitorPrices().Where(price => price.Price > 0))
        {
            if (!_competitors.TryGetValue(price.Product, out Dictionary<string, CompetitorPrice>? latest))
            {
                _competitors[price.Product] = latest = new Dictionary<string, CompetitorPrice>(StringComparer.Ordinal);
            }

            if (!latest.TryGetValue(price.Competitor, out CompetitorPrice? other) || other.At <= price.At)
            {
                latest[price.Competitor] = price;
            }
        }
    }

    private static IEnumerable<SoldOn> DaysOf(IEnumerable<SalesSeries> stores)
    {
        var days = new Dictionary<int, (double Units, double Weight, double Revenue, double Promoted)>();
        foreach (SalesSeries store in stores)
        {
            for (int i = 0; i < store.Count; i++)
            {
                if (store.Price[i] > 0 && store.Units[i] >= 0 && !store.IsSoldOut[i])
                {
                    (double units, double sum, double revenue, double promoted) = days.GetValueOrDefault(store.Day[i]);
                    double weight = Math.Max(store.Units[i], 1e-3);       // a store that sold nothing still had a price
                    days[store.Day[i]] = (units + store.Units[i], sum + weight, revenue + (weight * store.Price[i]), promoted + (weight * store.Promoted[i]));
                }
            }
        }

        return days.Select(day => new SoldOn(DateOnly.FromDayNumber(day.Key), day.Value.Units, day.Value.Revenue / day.Value.Weight, day.Value.Promoted / day.Value.Weight));
    }

    private PricedToday? Today(Product product, DateOnly first, out string reason)
    {
        SoldOn[] days = [.. Recent(product.Id, first)];
        bool hasRegular = days.Any(day => day.Promoted < 0.5);
        double[] prices = [.. days.Where(day => !hasRegular || day.Promoted < 0.5).Select(day => day.Price).Order()];
        reason = product.Price is not > 0 ? "It has no price."
            : product.Cost is null ? "Its cost is not known, so neither is what a price earns."
            : prices.Length == 0 ? "It has no sales to learn from."
            : "";
        return reason.Length > 0 ? null : new PricedToday(product.Id, product.Category ?? "", product.Cost!.Value, product.Price!.Value,
            Math.Round((decimal)prices[prices.Length / 2], 2), product.Stock, (double?)Competitors(product.Id));
    }

    private decimal? Competitors(string product) => _competitors.TryGetValue(product, out Dictionary<string, CompetitorPrice>? latest) ? latest.Values.Average(price => price.Price) : null;

    private IEnumerable<SoldOn> Recent(string product, DateOnly first) => _sales.GetValueOrDefault(product, []).Where(day => day.Date >= first);

    // What competitors asked on past days would say more; their latest prices stand for all days, and so for none.
    private SoldDay[][] Days(DateOnly first, Dictionary<string, PricedToday> today)
    {
        int daysPerRow = history.DaysPerRow;
        return [.. today.Keys.SelectMany(product => Recent(product, first).Select(day => (product, day)))
            .GroupBy(at => at.day.Date).OrderBy(day => day.Key)
            .Select(day => day.Select(at => new SoldDay(at.product, at.day.Price, today[at.product].Competitors, at.day.Units, IsSoldOut: false, at.day.Promoted, daysPerRow)).ToArray())];
    }

    private PriceProposal Proposal(PricedToday product, decimal price, Repricer repricer, PriceBelief belief, string version, DateOnly first)
    {
        PriceOutcome outcome = repricer.Outcome(product, price);
        return new PriceProposal
        {
            Id = FormattableString.Invariant($"{now.UtcDateTime:yyyyMMddHHmmss}-{product.Id}"),
            ProductId = product.Id,
            At = now,
            CurrentPrice = product.Price,
            ProposedPrice = price,
            ExpectedChange = outcome.Profit.Median,
            ExpectedLow = outcome.Profit.Low,
            ExpectedHigh = outcome.Profit.High,
            UnitsChange = outcome.Units.Median,
            UnitsLow = outcome.Units.Low,
            UnitsHigh = outcome.Units.High,
            Demand = outcome.Demand,
            HeldBy = repricer.HeldBy(product, price),
            Inputs = new ProposalInputs(product.Cost, product.UsualPrice, (int?)product.Stock, Competitors(product.Id), belief.Units((double)product.Price, product.Competitors),
                belief.Elasticity, belief.ElasticityDeviation, Recent(product.Id, first).Count(), product.Stock is { } stock ? stock / request.CoverDays : null),
            ModelVersion = version,
        };
    }
}
