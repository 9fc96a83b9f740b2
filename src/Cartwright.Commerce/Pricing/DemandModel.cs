using Cartwright.Commerce.Catalog;
using MathNet.Numerics.Distributions;

namespace Cartwright.Commerce.Pricing;

/// <summary>Learns how demand answers to price, of each product by its own sales and drawn toward its category.</summary>
/// <remarks>
/// ln units = product and store + elasticity · ln price + promotion + what is known ahead + trend + season, per product; as counts with weekdays
/// where days without a sale are told. Then each is drawn toward its category (<see cref="CategoryPool"/>): a product with few sales far, one
/// with many hardly.
/// </remarks>
internal static class DemandModel
{
    private const double LeastPriceMoves = 0.01;
    private const int FewestRows = 20;
    private const double MostZeros = 0.02;                // of a product's rows, that may be left out for the logarithm
    private const double DaysOfYear = 365.25;

    // Most of a year shows its season, in shops whose prices move slowly too; without it what the season does is put down to them.
    private const double LeastOfYear = 0.75;

    public static ElasticityResponse Fit(SalesHistory history, Func<string, string> categoryOf, IReadOnlyCollection<string>? asked, CancellationToken cancellation)
    {
        var alone = new List<Estimate>();
        foreach (IGrouping<string, SalesSeries> product in history.Series.GroupBy(series => series.Product, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            alone.Add(Alone(product.Key, categoryOf(product.Key), [.. product], history.Known.Count));
        }

        var results = new List<ProductElasticity>();
        var categories = new List<CategoryElasticity>();
        foreach (IGrouping<string, Estimate> category in alone.GroupBy(e => e.Category, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Estimate[] told = [.. category.Where(e => e.Reason is null)];
            // With fewer than three products the category says nothing that the product does not.
            CategoryPool? pool = told.Length < 3 ? null : new CategoryPool([.. told.Select(e => (e.Value, e.Error))]);
            if (told.Length > 0)
            {
                categories.Add(new CategoryElasticity(category.Key, pool?.Mean ?? told.Average(e => e.Value), pool?.Spread ?? 0, told.Length));
            }

            results.AddRange(category.Select(e => Drawn(e, pool)));
        }

        return new ElasticityResponse(
            [.. results.Where(r => asked is null || asked.Contains(r.ProductId)).OrderBy(r => r.ProductId, StringComparer.Ordinal)], categories);
    }

    private sealed record Estimate(string Product, string Category, double Value, double Error, double Freedom, double? Promotion, int Rows, string? Reason);

    private static Estimate Alone(string product, string category, SalesSeries[] stores, int knownCount)
    {
        Estimate Refused(string reason, int rows) => new(product, category, double.NaN, double.NaN, double.NaN, null, rows, reason);
        // Where days without a sale are told, leaving them out would hide what a high price does.
        bool counts = stores.Sum(s => s.Units.Where((units, i) => units == 0 && !s.IsSoldOut[i]).Count()) > MostZeros * stores.Sum(s => s.Count);
        (SalesSeries Series, int[] Days)[] used = [.. stores.Select(s => (s, Enumerable.Range(0, s.Count).Where(i => s.Price[i] > 0 && (s.Units[i] > 0 || (counts && s.Units[i] == 0 && !s.IsSoldOut[i]))).ToArray()))
            .Where(s => s.Item2.Length >= 3 && s.Item2.Any(i => s.s.Units[i] > 0))];
        int rows = used.Sum(s => s.Days.Length);
        int sold = used.Sum(s => s.Days.Count(i => s.Series.Units[i] > 0));
        if (sold < FewestRows)
        {
            return Refused($"It has {sold} sales with units and a price; {FewestRows} are the fewest.", rows);
        }

        bool hasPromotion = used.Any(s => s.Days.Any(i => s.Series.Promoted[i] > 0)) && used.Any(s => s.Days.Any(i => s.Series.Promoted[i] < 1));
        int first = used.Min(s => s.Series.Day[s.Days[0]]);
        int last = used.Max(s => s.Series.Day[s.Days[^1]]);
        int waves = last - first >= LeastOfYear * DaysOfYear ? 2 : 0;
        bool hasWeekdays = counts && used.Any(s => s.Days.Any(i => (s.Series.Day[i] - first) % 7 != 0));
        double[][] x = new double[rows][];
        double[] y = new double[rows];
        int[] store = new int[rows];
        int[] period = new int[rows];
        int row = 0;
        for (int s = 0; s < used.Length; s++)
        {
            (SalesSeries series, int[] days) = used[s];
            foreach (int i in days)
            {
                y[row] = counts ? series.Units[i] : Math.Log(series.Units[i]);
                x[row] = Regressors(series, i, hasPromotion, knownCount, first, last, waves, hasWeekdays);
                store[row] = s;
                period[row++] = series.Day[i] / 7;
            }
        }

        SubtractMeans(x, counts ? new double[rows] : y, store);
        double moved = Math.Sqrt(x.Average(r => r[0] * r[0]));
        if (moved < LeastPriceMoves)
        {
            return Refused($"Its price never moved: within a store it differs by {100 * moved:0.0} % from its mean, and {100 * LeastPriceMoves:0} % is the least that shows how demand answers.", rows);
        }

        // What never moves beside the price says nothing and would only make the equations unsolvable.
        int[] kept = [.. Enumerable.Range(0, x[0].Length).Where(c => c == 0 || x.Average(r => r[c] * r[c]) > 1e-10)];
        double[][] moving = [.. x.Select(r => Array.ConvertAll(kept, c => r[c]))];
        (double[] Coefficients, double Error, double Freedom)? fit = counts ? DemandCounts.Fit(moving, y, store, period) : DemandRegression.Fit(moving, y, store, period);
        return fit is not { } found
            ? Refused("Its price moves only together with promotions or the season, or in one week alone, so their effects can't be told apart.", rows)
            : new Estimate(product, category, found.Coefficients[0], found.Error, found.Freedom, hasPromotion && kept.Contains(1) ? Math.Exp(found.Coefficients[Array.IndexOf(kept, 1)]) : null, rows, null);
    }

    private static double[] Regressors(SalesSeries series, int i, bool hasPromotion, int knownCount, int first, int last, int waves, bool hasWeekdays)
    {
        double[] x = new double[3 + knownCount + (2 * waves) + (hasWeekdays ? 6 : 0)];
        x[0] = Math.Log(series.Price[i]);
        x[1] = hasPromotion ? series.Promoted[i] : 0;
        x[2] = (series.Day[i] - first) / (double)Math.Max(1, last - first);
        for (int k = 0; k < knownCount; k++)
        {
            x[3 + k] = series.Known[k][i];
        }

        for (int w = 0; w < waves; w++)
        {
            (x[3 + knownCount + (2 * w)], x[4 + knownCount + (2 * w)]) = Math.SinCos(2 * Math.PI * (w + 1) * series.Day[i] / DaysOfYear);
        }

        if (hasWeekdays && series.Day[i] % 7 is > 0 and int weekday)
        {
            x[2 + knownCount + (2 * waves) + weekday] = 1;
        }

        return x;
    }

    private static void SubtractMeans(double[][] x, double[] y, int[] store)
    {
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, y.Length).GroupBy(row => store[row]))
        {
            double mean = rows.Average(row => y[row]);
            double[] means = [.. Enumerable.Range(0, x[0].Length).Select(c => rows.Average(row => x[row][c]))];
            foreach (int row in rows)
            {
                y[row] -= mean;
                for (int c = 0; c < means.Length; c++)
                {
                    x[row][c] -= means[c];
                }
            }
        }
    }

    private static ProductElasticity Drawn(Estimate e, CategoryPool? pool)
    {
        if (e.Reason is not null)
        {
            return new ProductElasticity(e.Product, e.Category, null, null, null, null, null, e.Rows, e.Reason);
        }

        (double value, double deviation) = pool?.Draw(e.Value, e.Error) ?? (e.Value, e.Error);
        double reach = StudentT.InvCDF(0, 1, e.Freedom, 0.975) * deviation;
        return new ProductElasticity(e.Product, e.Category, value, value - reach, value + reach, e.Value, e.Promotion, e.Rows, null);
    }
}
