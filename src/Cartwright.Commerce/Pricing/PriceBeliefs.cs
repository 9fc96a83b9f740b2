namespace Cartwright.Commerce.Pricing;

/// <summary>A product as repricing sees it on a day.</summary>
/// <param name="Cost">Of one unit.</param>
/// <param name="Price">Now.</param>
/// <param name="UsualPrice">What guardrails compare with.</param>
/// <param name="Stock">Units on hand; null where it is not known.</param>
/// <param name="Competitors">Mean of what competitors ask; null where nobody else is known to sell it.</param>
internal sealed record PricedToday(string Id, string Category, decimal Cost, decimal Price, decimal UsualPrice, double? Stock, double? Competitors);

/// <summary>What a product sold on a day, and at what price.</summary>
/// <param name="IsSoldOut">True where more might have sold.</param>
/// <param name="Promoted">Share of the units that sold under a promotion.</param>
/// <param name="Days">How many days it is of, where sales are told by the week.</param>
internal sealed record SoldDay(string Id, double Price, double? Competitors, double Units, bool IsSoldOut, double Promoted = 0, int Days = 1);

/// <summary>Beliefs about all products, each starting from its category's.</summary>
internal sealed class PriceBeliefs
{
    /// <summary>Elasticities before anything is known, and how they differ: most of published estimates for goods in shops lie within two deviations.</summary>
    /// <remarks>Bijmolt, van Heerde and Pieters, "New Empirical Generalizations on the Determinants of Price Elasticity", Journal of Marketing Research 2005: mean -2.62.</remarks>
    public const double UsualElasticity = -2.3;

    private const double UsualSpread = 0.8;
    private const double LeastSpread = 0.4;
    private const double CategorySpread = 0.3;            // of the means of categories around that of the shop
    private const double UsualPull = 0.3;
    private const double PullSpread = 0.2;
    private const double LevelSpread = 0.7;
    private const double UsualLift = 0.3;                 // of a promotion, beside what its lower price does
    private const double LiftSpread = 0.4;

    /// <summary>With fewer products a good day of the shop can't be told from the good day of a product.</summary>
    private const int FewestForFactor = 10;

    private readonly Dictionary<string, PriceBelief> _beliefs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _categories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _categoryOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Season> _seasons = new(StringComparer.Ordinal);
    private (double Mean, double Spread) _shop = (UsualElasticity, UsualSpread);

    /// <summary>Days that were learned from.</summary>
    public int Days { get; private set; }

    public bool Knows(string product) => _beliefs.ContainsKey(product);

    public PriceBelief Of(string product) => _beliefs[product];

    /// <summary>Learns from the past in two passes: the first says what the products of the shop and of a category have in common, the second starts from that.</summary>
    /// <param name="days">Oldest first, each with what the products sold on it.</param>
    public static PriceBeliefs Learn(IReadOnlyList<IReadOnlyList<SoldDay>> days, IReadOnlyDictionary<string, PricedToday> products)
    {
        var first = new PriceBeliefs();
        first.Start(days, products);
        var second = new PriceBeliefs();
        PricedToday[] known = [.. products.Values.Where(p => first.Knows(p.Id))];
        (double mean, double spread) = second._shop = Common([.. known.Select(p => first.Of(p.Id))]);
        foreach (IGrouping<string, PricedToday> category in known.GroupBy(p => p.Category, StringComparer.Ordinal))
        {
            second._categories[category.Key] = CategoryMean([.. category.Select(p => first.Of(p.Id))], mean, spread);
        }

        second.Start(days, products);
        return second;
    }

    /// <summary>Learns from a day of the whole shop.</summary>
    public void Observe(IReadOnlyList<SoldDay> day)
    {
        Days++;
        SoldDay[] known = [.. day.Where(sold => Knows(sold.Id))];
        double units = 0, expected = 0;
        foreach (SoldDay sold in known.Where(sold => !sold.IsSoldOut))
        {
            units += sold.Units;
            expected += Expected(sold) * _seasons[_categoryOf[sold.Id]].Factor;
        }

        double factor = known.Length >= FewestForFactor && expected > 0 ? Math.Clamp((units + 5) / (expected + 5), 0.1, 10) : 1;
        foreach (IGrouping<string, SoldDay> category in known.GroupBy(sold => _categoryOf[sold.Id], StringComparer.Ordinal))
        {
            SoldDay[] open = [.. category.Where(sold => !sold.IsSoldOut)];
            Season season = _seasons[category.Key];
            season.Observe(open.Sum(sold => sold.Units), factor * open.Sum(Expected), category.Max(sold => sold.Days));
            foreach (SoldDay sold in category)
            {
                Of(sold.Id).Observe(sold, factor * season.Factor);
            }
        }
    }

    private double Expected(SoldDay sold) => Of(sold.Id).Units(sold.Price, sold.Competitors, sold.Promoted) * sold.Days;

    /// <summary>How a category sells beside what its products' prices say: moves slowly, and is no fault of a price.</summary>
    private sealed class Season
    {
        /// <summary>Variance that the logarithm gains in a day: 2 % a day, a fifth in a season's turn.</summary>
        private const double Drift = 0.02 * 0.02;

        private double _log;
        private double _variance = Drift;

        public double Factor => Math.Exp(_log);

        /// <summary>Counts of a day against what the products' beliefs say, the day's factor included.</summary>
        public void Observe(double units, double expected, int days)
        {
            _variance += Drift * days;
            if (expected > 0)
            {
                (_log, _variance) = PriceBelief.Posterior(_log, _variance, units, expected);
            }
        }
    }

    private void Start(IReadOnlyList<IReadOnlyList<SoldDay>> days, IReadOnlyDictionary<string, PricedToday> products)
    {
        Dictionary<string, (double Units, int Days)> sold = new(StringComparer.Ordinal);
        foreach (SoldDay row in days.SelectMany(day => day))
        {
            (double units, int count) = sold.GetValueOrDefault(row.Id);
            sold[row.Id] = (units + row.Units, count + row.Days);
        }

        double usual = sold.Count == 0 ? 1 : sold.Values.Average(s => s.Units / s.Days);
        foreach (PricedToday product in products.Values.Where(p => p.UsualPrice > 0))
        {
            (double units, int count) = sold.GetValueOrDefault(product.Id);
            _categoryOf[product.Id] = product.Category;
            _seasons.TryAdd(product.Category, new Season());
            double mean = _categories.GetValueOrDefault(product.Category, _shop.Mean);
            _beliefs[product.Id] = new PriceBelief((double)product.UsualPrice,
                [Math.Log((units + usual) / (count + 1)), mean, UsualPull, UsualLift], [LevelSpread, _shop.Spread, PullSpread, LiftSpread]);
        }

        foreach (IReadOnlyList<SoldDay> day in days)
        {
            Observe(day);
        }
    }

    /// <summary>What each product's own sales say of its elasticity: the belief with the broad start that all had taken out again.</summary>
    private static (double Value, double Precision)[] Alone(PriceBelief[] products)
    {
        const double Start = 1 / (UsualSpread * UsualSpread);
        return [.. products.Select(p => (Posterior: 1 / (p.ElasticityDeviation * p.ElasticityDeviation), p.Elasticity)).Where(p => p.Posterior > 1.02 * Start)
            .Select(p => (((p.Posterior * p.Elasticity) - (Start * UsualElasticity)) / (p.Posterior - Start), p.Posterior - Start))];
    }

    /// <summary>Mean elasticity of the shop's products, and the spread among them beyond what is not known of each.</summary>
    /// <remarks>Moments: DerSimonian and Laird, "Meta-Analysis in Clinical Trials", 1986. The mean counts as one observation beside the usual one.</remarks>
    private static (double Mean, double Spread) Common(PriceBelief[] products)
    {
        (double Value, double Precision)[] data = Alone(products);
        if (data.Length < 3)
        {
            return (UsualElasticity, UsualSpread);
        }

        double sum = data.Sum(d => d.Precision);
        double mean = data.Sum(d => d.Precision * d.Value) / sum;
        double q = data.Sum(d => d.Precision * (d.Value - mean) * (d.Value - mean));
        double between = Math.Max(0, (q - (data.Length - 1)) / (sum - (data.Sum(d => d.Precision * d.Precision) / sum)));
        double weights = data.Sum(d => 1 / ((1 / d.Precision) + between));
        double shrunk = data.Sum(d => d.Value / ((1 / d.Precision) + between)) / weights;
        double trust = UsualSpread * UsualSpread / ((1 / weights) + (UsualSpread * UsualSpread));
        return ((trust * shrunk) + ((1 - trust) * UsualElasticity), Math.Clamp(Math.Sqrt(between + (1 / weights)), LeastSpread, UsualSpread));
    }

    /// <summary>Mean elasticity of a category, drawn toward that of the shop by as much as its products leave it uncertain.</summary>
    private static double CategoryMean(PriceBelief[] products, double shopMean, double spread)
    {
        (double Value, double Precision)[] data = Alone(products);
        double weights = data.Sum(d => 1 / ((1 / d.Precision) + (spread * spread)));
        double own = data.Sum(d => d.Value / ((1 / d.Precision) + (spread * spread)));
        const double Between = 1 / (CategorySpread * CategorySpread);
        return (own + (Between * shopMean)) / (weights + Between);
    }
}
