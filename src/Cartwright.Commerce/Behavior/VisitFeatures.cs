using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>One visit in numbers.</summary>
internal readonly record struct VisitFeatures
{
    private const long Minute = 60L * 1_000_000;
    private const int FewestGaps = 5;

    /// <summary>Names of <see cref="Numbers"/>, in their order.</summary>
    public static readonly string[] Names =
        ["acts", "views", "most acts a minute", "minutes", "seconds between acts", "evenness of the time between acts", "share of views", "carts", "purchases", "searches", "lists shown a view", "different products a view"];

    /// <summary>Everything but lists that were shown.</summary>
    public int Acts { get; init; }

    public int Views { get; init; }

    public int Carts { get; init; }

    public int Purchases { get; init; }

    public int Searches { get; init; }

    public int Impressions { get; init; }

    public int Products { get; init; }

    /// <summary>Acts in the busiest 60 seconds.</summary>
    public int PeakPerMinute { get; init; }

    public double Minutes { get; init; }

    /// <summary>Median of the seconds between two acts; NaN for one act.</summary>
    public double Gap { get; init; }

    /// <summary>Median distance of the gaps from their median, over it: 0 for a clock, about 0.5 and more for people; NaN for few acts.</summary>
    public double Unevenness { get; init; }

    public static VisitFeatures Of(InteractionColumns rows, Visit visit)
    {
        (int acts, int views, int carts, int purchases, int searches) = (0, 0, 0, 0, 0);
        var products = new HashSet<int>();
        var times = new List<long>();
        for (int i = visit.Start; i < visit.End; i++)
        {
            InteractionKind kind = rows.Kind[i];
            if (kind == InteractionKind.Impression)
            {
                continue;
            }

            acts++;
            times.Add(rows.At[i]);
            views += kind is InteractionKind.View or InteractionKind.Click ? 1 : 0;
            carts += kind == InteractionKind.Cart ? 1 : 0;
            purchases += kind == InteractionKind.Purchase ? 1 : 0;
            searches += kind == InteractionKind.Search ? 1 : 0;
            if (rows.Product[i] >= 0 && kind is InteractionKind.View or InteractionKind.Click)
            {
                products.Add(rows.Product[i]);
            }
        }

        double[] gaps = [.. Enumerable.Range(1, Math.Max(0, times.Count - 1)).Select(i => (times[i] - times[i - 1]) / 1e6)];
        RobustScale scale = RobustScale.Of(gaps);
        return new VisitFeatures
        {
            Acts = acts, Views = views, Carts = carts, Purchases = purchases, Searches = searches, Impressions = visit.End - visit.Start - acts, Products = products.Count,
            PeakPerMinute = Peak(times), Minutes = times.Count == 0 ? 0 : (times[^1] - times[0]) / (double)Minute, Gap = gaps.Length == 0 ? double.NaN : scale.Median,
            Unevenness = gaps.Length < FewestGaps || scale.Median == 0 ? double.NaN : scale.Spread / scale.Median,
        };
    }

    /// <summary>As the network reads them; counts and times by their logarithm, since they grow by factors.</summary>
    public double[] Numbers() =>
    [
        Log(Acts), Log(Views), Log(PeakPerMinute), Log(Minutes), Log(Gap), Log(Unevenness), Acts == 0 ? double.NaN : (double)Views / Acts, Log(Carts), Log(Purchases), Log(Searches),
        Views == 0 ? double.NaN : Log((double)Impressions / Views), Views == 0 ? double.NaN : (double)Products / Views,
    ];

    private static double Log(double value) => Math.Log(1 + value);

    private static int Peak(List<long> times)
    {
        (int peak, int first) = (0, 0);
        for (int i = 0; i < times.Count; i++)
        {
            while (times[i] - times[first] >= Minute)
            {
                first++;
            }

            peak = Math.Max(peak, i - first + 1);
        }

        return peak;
    }
}
