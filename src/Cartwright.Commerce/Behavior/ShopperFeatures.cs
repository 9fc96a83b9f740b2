using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>What is known of each shopper by the last day, as numbers with names.</summary>
internal sealed class ShopperFeatures
{
    private const long Day = 24L * 60 * 60 * 1_000_000;

    /// <summary>So many purchases, visits or carts as everybody's are added to a shopper's own share, so that one purchase is no taste.</summary>
    private const double Shrinkage = 3;

    private readonly Snapshot _shop;
    private readonly InterestCategories _categories;
    private readonly long _end;

    private ShopperFeatures(Snapshot shop, DateTimeOffset now)
    {
        _shop = shop;
        InteractionColumns rows = shop.Interactions;
        long known = ShopTime.ToMicroseconds(now);
        _end = rows.At.Where(at => at <= known).DefaultIfEmpty(0).Max();      // a clock that ran ahead is no last day
        Until = shop.Info.HasRealTimes ? DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(_end / Day)) : null;
        _categories = InterestCategories.Of(shop);
        Features = [.. ShopperFeature.All.Where(feature => shop.Info.HasRealTimes || !feature.NeedsTimes), .. _categories.Names.Select(ShopperFeature.OfCategory)];
        Shoppers = [.. Enumerable.Range(0, shop.Shoppers.Count).Where(IsActive)];
        Values = new double[Shoppers.Length * Features.Count];
        Tallies = new ShopperTally[Shoppers.Length];
        for (int i = 0; i < Shoppers.Length; i++)
        {
            Fill(i);
        }
    }

    public IReadOnlyList<ShopperFeature> Features { get; }

    /// <summary>Dense indexes of the shoppers who did something.</summary>
    public int[] Shoppers { get; }

    /// <summary>[shoppers, features]; NaN where it can't be told.</summary>
    public double[] Values { get; }

    /// <summary>What each did, counted.</summary>
    public ShopperTally[] Tallies { get; }

    /// <summary>The last day looked at; null where times only keep an order.</summary>
    public DateOnly? Until { get; }

    /// <param name="now">What is said to have happened later is left out.</param>
    public static ShopperFeatures Of(Snapshot shop, DateTimeOffset now) => new(shop, now);

    /// <summary>
    /// Shares drawn toward everybody's where they are of few, logarithms of what is skewed, mean 0 and deviation 1, cut at 4 deviations; what can't be told
    /// is 0: [shoppers, features].
    /// </summary>
    public float[] Scaled()
    {
        int width = Features.Count;
        float[] scaled = new float[Values.Length];
        double[] column = new double[Shoppers.Length];
        for (int f = 0; f < width; f++)
        {
            ShopperFeature feature = Features[f];
            (double usual, _) = Scale(Raw(f));
            for (int i = 0; i < column.Length; i++)
            {
                double value = Values[(i * width) + f];
                double count = feature.Count?.Invoke(Tallies[i]) ?? double.PositiveInfinity;
                column[i] = double.IsNaN(value) ? usual
                    : double.IsInfinity(count) ? feature.Transform(value)
                    : ((feature.Transform(value) * count) + (usual * Shrinkage)) / (count + Shrinkage);
            }

            (double mean, double deviation) = Scale(column);
            for (int i = 0; i < column.Length; i++)
            {
                scaled[(i * width) + f] = deviation == 0 ? 0 : (float)(Math.Clamp((column[i] - mean) / deviation, -4, 4) * feature.Weight);
            }
        }

        return scaled;
    }

    /// <summary>Standard deviation of a feature over all shoppers, after its transform; 0 where it is the same for all.</summary>
    public double Deviation(int feature) => Scale(Raw(feature)).Deviation;

    private double[] Raw(int feature) =>
        [.. Enumerable.Range(0, Shoppers.Length).Select(i => Features[feature].Transform(Values[(i * Features.Count) + feature])).Where(value => !double.IsNaN(value))];

    private static (double Mean, double Deviation) Scale(double[] values)
    {
        double mean = values.Length == 0 ? 0 : values.Average();
        double variance = values.Length == 0 ? 0 : values.Average(value => (value - mean) * (value - mean));
        return (mean, variance > 1e-12 ? Math.Sqrt(variance) : 0);
    }

    private bool IsActive(int shopper)
    {
        InteractionColumns rows = _shop.Interactions;
        for (int i = rows.ShopperStart[shopper]; i < rows.ShopperStart[shopper + 1]; i++)
        {
            if (rows.Kind[i] != InteractionKind.Impression && rows.At[i] <= _end)
            {
                return true;
            }
        }

        return false;
    }

    private void Fill(int place)
    {
        ShopperTally tally = ShopperTally.Of(_shop.Interactions, Shoppers[place], _end);
        Tallies[place] = tally;
        Span<double> values = Values.AsSpan(place * Features.Count, Features.Count);
        int own = Features.Count - _categories.Names.Count;
        for (int f = 0; f < own; f++)
        {
            values[f] = Features[f].Of(tally);
        }

        _categories.Share(_shop.Interactions, Shoppers[place], tally.Purchases > 0, _end, values[own..]);
    }
}
