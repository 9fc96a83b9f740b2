using System.Globalization;
using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Catalog;

/// <summary>What each product sold in each store, day by day or week by week: columns for whatever learns from sales.</summary>
public sealed class SalesHistory
{
    private const string KnownPrefix = "known_";
    private const string StockColumn = "stock";
    private const int MostValuesOfCategory = 12;

    private SalesHistory(ShopInfo info, IReadOnlyList<string> known, IReadOnlyList<SalesSeries> series)
    {
        Info = info;
        Known = known;
        Series = series;
    }

    public ShopInfo Info { get; }

    /// <summary>Names of what is planned ahead beside price and promotion: a number each, or "name=value" for each value of words.</summary>
    public IReadOnlyList<string> Known { get; }

    /// <summary>By product, then store, in the order of their ids.</summary>
    public IReadOnlyList<SalesSeries> Series { get; }

    /// <summary>The sales of a shop folder.</summary>
    /// <exception cref="ImportFormatException">There is no such folder, it has no <c>sales.csv</c>, or the file is damaged.</exception>
    public static SalesHistory Read(string path, CancellationToken cancellation = default) => Read([path], cancellation);

    /// <summary>The sales of several shop folders as one, each going on where the one before ends; the first one says what shop it is.</summary>
    /// <exception cref="ImportFormatException">There is no such folder, it has no <c>sales.csv</c>, or the file is damaged.</exception>
    public static SalesHistory Read(IReadOnlyList<string> paths, CancellationToken cancellation = default) =>
        Of(ShopFolder.Open(paths[0]).ReadInfo(), paths.SelectMany(SalesOf), cancellation);

    private static IEnumerable<Sale> SalesOf(string path)
    {
        var log = new ImportLog();
        using CsvRecords<Sale> sales = ShopFolder.Open(path).Read(new SalesCsv(), log)
            ?? throw new ImportFormatException(path, null, "the folder has no sales.csv (or sales.csv.gz), and sales are what is asked about.");
        foreach (Sale sale in sales.Read())
        {
            yield return sale;
        }

        log.RequireFewRejects(path, sales);
    }

    /// <summary>The sales of a shop; the later of two rows of one day counts.</summary>
    public static SalesHistory Of(ShopInfo info, IEnumerable<Sale> sales, CancellationToken cancellation = default)
    {
        var rows = new Dictionary<(string Product, string Store), SortedDictionary<int, Sale>>();
        var values = new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (Sale sale in sales)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!rows.TryGetValue((sale.Product, sale.Store), out SortedDictionary<int, Sale>? days))
            {
                rows[(sale.Product, sale.Store)] = days = [];
            }

            days[sale.Date.DayNumber] = sale;
            foreach ((string name, string value) in sale.Covariates.Where(c => c.Key.StartsWith(KnownPrefix, StringComparison.Ordinal)))
            {
                if (!values.TryGetValue(name, out HashSet<string>? of))
                {
                    values[name] = of = new HashSet<string>(StringComparer.Ordinal);
                }

                if (of.Count <= MostValuesOfCategory)
                {
                    of.Add(value);
                }
            }
        }

        (string Name, string? Value)[] known = [.. values.SelectMany(v => Columns(v.Key, v.Value))];
        return new SalesHistory(info, [.. known.Select(k => Name(k.Name, k.Value))],
            [.. rows.OrderBy(r => r.Key.Product, StringComparer.Ordinal).ThenBy(r => r.Key.Store, StringComparer.Ordinal).Select(r => SeriesOf(r.Key, r.Value.Values, known))]);
    }

    /// <summary>What a shop's purchases say of its sales, a day with 0 where a product was on sale and nobody bought it.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">The shop's times only keep an order.</exception>
    internal static SalesHistory OfPurchases(Snapshot shop, CancellationToken cancellation = default) => new(shop.Info, [], DailyPurchases.Of(shop, cancellation));

    /// <summary>True where something sold at a price that is known.</summary>
    internal bool HasPrices => Series.Any(series => series.Price.Any(price => price > 0));

    /// <summary>Days that a row stands for: 7 where all lie whole weeks apart, else 1.</summary>
    internal int DaysPerRow
    {
        get
        {
            int first = Series.Min(series => series.Day[0]);
            return Series.All(series => series.Day.All(day => (day - first) % 7 == 0)) && Series.Any(series => series.Day[^1] > first) ? 7 : 1;
        }
    }

    // Numbers stay one column; words become a column of 0 and 1 for each of their values but the first.
    private static IEnumerable<(string Name, string? Value)> Columns(string name, HashSet<string> values) =>
        values.All(value => value.Length == 0 || IsNumber(value)) ? [(name, null)]
        : values.Count > MostValuesOfCategory ? []
        : values.Order(StringComparer.Ordinal).Skip(1).Select(value => (name, (string?)value));

    private static string Name(string name, string? value) => name[KnownPrefix.Length..] + (value is null ? "" : $"={value}");

    private static bool IsNumber(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static SalesSeries SeriesOf((string Product, string Store) key, IReadOnlyCollection<Sale> sales, (string Name, string? Value)[] known) => new()
    {
        Product = key.Product,
        Store = key.Store,
        Day = [.. sales.Select(sale => sale.Date.DayNumber)],
        Units = [.. sales.Select(sale => (float)sale.Units)],
        Price = [.. sales.Select(sale => sale.Price is { } price ? (float)price : float.NaN)],
        Promoted = [.. sales.Select(sale => (float)(sale.Promoted ?? 0))],
        IsSoldOut = [.. sales.Select(sale => sale.Units == 0 && float.TryParse(sale.Covariates.GetValueOrDefault(StockColumn), NumberStyles.Float, CultureInfo.InvariantCulture, out float left) && left <= 0)],
        Known = [.. known.Select(k => sales.Select(sale => KnownOf(sale, k.Name, k.Value)).ToArray())],
    };

    private static float KnownOf(Sale sale, string name, string? value) => KnownOf(sale.Covariates, name, value);

    /// <param name="known">One of <see cref="Known"/>.</param>
    internal static float KnownOf(IReadOnlyDictionary<string, string> covariates, string known)
    {
        string[] parts = known.Split('=', 2);
        return KnownOf(covariates, KnownPrefix + parts[0], parts.Length == 2 ? parts[1] : null);
    }

    private static float KnownOf(IReadOnlyDictionary<string, string> covariates, string name, string? value)
    {
        string found = covariates.GetValueOrDefault(name, "");
        return value is not null ? found == value ? 1 : 0
            : float.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : 0;
    }
}

/// <summary>What one product sold in one store, by day: columns of the same length, days rising.</summary>
public sealed class SalesSeries
{
    public required string Product { get; init; }

    /// <summary>Empty for a shop with one store.</summary>
    public required string Store { get; init; }

    /// <summary>Days since 0001-01-01, as <see cref="DateOnly.DayNumber"/>. Days without a row are not here.</summary>
    public required int[] Day { get; init; }

    public required float[] Units { get; init; }

    /// <summary>Price of one unit; NaN where none was said.</summary>
    public required float[] Price { get; init; }

    /// <summary>Share sold under a promotion, from 0 to 1.</summary>
    public required float[] Promoted { get; init; }

    /// <summary>True where nothing was sold and a column "stock", what is left at the end of the day, says that there was nothing to sell: such days say nothing of demand.</summary>
    public required bool[] IsSoldOut { get; init; }

    /// <summary>What was planned ahead: [<see cref="SalesHistory.Known"/>][days].</summary>
    public required float[][] Known { get; init; }

    public int Count => Day.Length;
}
