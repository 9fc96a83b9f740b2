using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Finds rows that can't be true: prices that a product never had, quantities that nobody buys, products that the catalog does not know.</summary>
internal sealed class ImpossibleRows(Snapshot shop, StrayTimes history)
{
    /// <summary>No sale cuts a price to a quarter, and no product costs four times itself.</summary>
    private const double MostPriceRatio = 4;

    /// <summary>How many spreads from the usual are strange.</summary>
    private const double Strange = 6;

    /// <summary>So many times what 99 of 100 buy at most.</summary>
    private const double MostQuantityRatio = 10;

    private const int FewestRows = 5;

    /// <summary>Nothing counts as this much, so that its logarithm can be taken.</summary>
    private const double LeastPrice = 0.01;

    public IEnumerable<Anomaly> Find() => [.. Prices(), .. Quantities(), .. Unknown()];

    private IEnumerable<Anomaly> Prices()
    {
        InteractionColumns rows = shop.Interactions;
        int[] priced = [.. Enumerable.Range(0, rows.Count).Where(i => rows.Product[i] >= 0 && !float.IsNaN(rows.Price[i]))];
        double[] usual = UsualPrices(rows, priced);
        double Ratio(int row) => usual[rows.Product[row]] > 0 ? Math.Log(Math.Max(rows.Price[row], LeastPrice) / usual[rows.Product[row]]) : double.NaN;
        double shopSpread = RobustScale.Of(priced.Select(Ratio), leastSpread: 0.05).Spread;
        double[] spread = new double[usual.Length];
        Array.Fill(spread, shopSpread);
        foreach (IGrouping<int, int> of in priced.GroupBy(row => rows.Product[row]))
        {
            spread[of.Key] = Math.Max(shopSpread, RobustScale.Of(of.Select(Ratio)).Spread);
        }

        double Deviations(int row) => Math.Abs(Ratio(row)) / spread[rows.Product[row]];
        return priced.Where(row => Deviations(row) > Strange && Math.Abs(Ratio(row)) > Math.Log(MostPriceRatio))
            .GroupBy(row => (rows.Product[row], Day: DayOf(row))).Select(of =>
            {
                int worst = of.MaxBy(Deviations);
                return Found(AnomalyKind.WrongPrice, worst, of.Count(), Math.Min(AnomalySearch.MostScore, Deviations(worst)),
                    $"A {Word(worst)} at {rows.Price[worst]:0.##}; the product's usual price is {usual[rows.Product[worst]]:0.##}.");
            });
    }

    private IEnumerable<Anomaly> Quantities()
    {
        InteractionColumns rows = shop.Interactions;
        int[] counted = [.. Enumerable.Range(0, rows.Count).Where(i => rows.Product[i] >= 0 && rows.Kind[i] is InteractionKind.Cart or InteractionKind.Purchase or InteractionKind.Return)];
        if (counted.Length == 0)
        {
            return [];
        }

        double[] quantities = [.. counted.Select(row => (double)rows.Quantity[row]).Order()];
        double large = Math.Max(1, quantities[(int)(0.99 * (quantities.Length - 1))]);
        double Log(int row) => Math.Log(1 + rows.Quantity[row]);
        RobustScale ofShop = RobustScale.Of(counted.Select(Log), leastSpread: 0.25);
        var scales = new RobustScale[shop.Products.Count];
        foreach (IGrouping<int, int> of in counted.GroupBy(row => rows.Product[row]))
        {
            // Fuel is sold by the thousandth of a gallon: what is usual is the product's own affair, where it is known.
            scales[of.Key] = of.Count() < FewestRows ? ofShop : RobustScale.Of(of.Select(Log), ofShop.Spread);
        }

        double Deviations(int row) => rows.Quantity[row] <= 0 ? AnomalySearch.MostScore : scales[rows.Product[row]].Deviations(Log(row));
        return counted.Where(row => rows.Quantity[row] <= 0 || (rows.Quantity[row] > MostQuantityRatio * large && Deviations(row) > Strange))
            .GroupBy(row => (rows.Product[row], Day: DayOf(row))).Select(of =>
            {
                int worst = of.MaxBy(Deviations);
                return Found(AnomalyKind.WrongQuantity, worst, of.Count(), Math.Min(AnomalySearch.MostScore, Deviations(worst)),
                    $"A {Word(worst)} of {rows.Quantity[worst]:#,0.##} units; the usual quantity is {Math.Exp(scales[rows.Product[worst]].Median) - 1:#,0.##}, and of 100 rows 99 have {large:#,0.##} at most.");
            });
    }

    private IEnumerable<Anomaly> Unknown()
    {
        InteractionColumns rows = shop.Interactions;
        bool[] isUnknown = [.. shop.Products.Select(product => product is { Category: null, Brand: null, Price: null, Description: null, CreatedAt: null } && product.Title == product.Id)];
        int described = isUnknown.Count(unknown => !unknown);
        if (described < isUnknown.Length / 2.0)
        {
            return [];                                     // this shop describes no products, so an unknown one is no wonder
        }

        return Enumerable.Range(0, rows.Count).Where(row => rows.Product[row] >= 0 && isUnknown[rows.Product[row]]).GroupBy(row => rows.Product[row])
            .Select(of => Found(AnomalyKind.UnknownProduct, of.First(), of.Count(), AnomalySearch.MostScore,
                $"A product that the catalog does not describe; it describes {described:#,0} others."));
    }

    /// <summary>Median of a product's prices; what the catalog says where there are few.</summary>
    private double[] UsualPrices(InteractionColumns rows, int[] priced)
    {
        double[] usual = [.. shop.Products.Select(product => (double?)product.Price ?? double.NaN)];
        foreach (IGrouping<int, int> of in priced.GroupBy(row => rows.Product[row]))
        {
            double[] prices = [.. of.Select(row => (double)rows.Price[row])];
            usual[of.Key] = prices.Length >= FewestRows || double.IsNaN(usual[of.Key]) ? RobustScale.MedianOf(prices) : usual[of.Key];
        }

        return usual;
    }

    private Anomaly Found(AnomalyKind kind, int row, long rows, double score, FormattableString reason)
    {
        InteractionColumns of = shop.Interactions;
        return new Anomaly
        {
            Kind = kind,
            Day = DayOf(row),
            ShopperId = of.Shopper[row] >= 0 ? shop.Shoppers[of.Shopper[row]].Id : null,
            SessionId = of.Shopper[row] < 0 && of.Session[row] >= 0 ? shop.Sessions[of.Session[row]] : null,
            ProductId = shop.Products[of.Product[row]].Id,
            Of = of.Kind[row],
            Rows = rows,
            Score = score,
            Reason = reason.ToString(CultureInfo.InvariantCulture),
        };
    }

    private DateOnly? DayOf(int row) => shop.Info.HasRealTimes && history.Holds(shop.Interactions.At[row]) ? TrackingDays.DayOf(shop.Interactions.At[row]) : null;

    private string Word(int row) => shop.Interactions.Kind[row].ToString().ToLowerInvariant();
}
