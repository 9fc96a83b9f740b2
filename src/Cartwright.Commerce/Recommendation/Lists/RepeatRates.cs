using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products shoppers buy again, and after how long, counted over all shoppers. It holds 20 bytes a product and nothing of a shopper.</summary>
/// <remarks>
/// The share of a product's buyers who bought it on another day again is the repeat customer probability of Bhagat, Muralidharan, Lobzhanidze and
/// Vishwanath, "Buy It Again: Modeling Repeat Purchase Recommendations", KDD 2018; here it and the mean gap are drawn to those of the whole
/// shop, as if <see cref="Prior"/> buyers and gaps more had been as usual.
/// </remarks>
internal sealed class RepeatRates
{
    private const double Prior = 5;
    private const long Lately = LatelyDays * 86_400_000_000L;

    /// <summary>Days that <see cref="LatelyOf"/> counts.</summary>
    public const int LatelyDays = 45;

    private readonly int[] _buyers;
    private readonly int[] _repeaters;
    private readonly int[] _gaps;
    private readonly int[] _gapDays;
    private readonly int[] _lately;

    private RepeatRates(int productCount)
    {
        _buyers = new int[productCount];
        _repeaters = new int[productCount];
        _gaps = new int[productCount];
        _gapDays = new int[productCount];
        _lately = new int[productCount];
    }

    /// <summary>Share of a product's buyers who buy it again, over all products.</summary>
    public double MeanShare { get; private set; }

    /// <summary>Mean days between two purchases of one product by one shopper.</summary>
    public double MeanGap { get; private set; } = 1;

    /// <summary>True where somebody bought something again.</summary>
    public bool Any => MeanShare > 0;

    /// <param name="before">Only what happened before, in microseconds since 1970-01-01 UTC.</param>
    public static RepeatRates Of(Snapshot snapshot, long before = long.MaxValue)
    {
        var rates = new RepeatRates(snapshot.Products.Count);
        InteractionColumns all = snapshot.Interactions;
        var last = new Dictionary<int, (int Day, int Times)>();
        long until = Math.Min(before, all.Count == 0 ? 0 : all.At.Max());
        for (int shopper = 0; shopper < snapshot.Shoppers.Count; shopper++)
        {
            last.Clear();
            for (int row = all.ShopperStart[shopper]; row < all.ShopperStart[shopper + 1]; row++)
            {
                if (all.Kind[row] == InteractionKind.Purchase && all.Product[row] != Snapshot.None && all.At[row] < before)
                {
                    rates.Add(last, all.Product[row], DayOf(all.At[row]));
                    rates._lately[all.Product[row]] += all.At[row] >= until - Lately ? 1 : 0;
                }
            }
        }

        rates.MeanShare = (double)rates._repeaters.Sum() / Math.Max(1, rates._buyers.Sum());
        rates.MeanGap = Math.Max(1, (double)rates._gapDays.Sum(days => (long)days) / Math.Max(1, rates._gaps.Sum()));
        return rates;
    }

    public static int DayOf(long microseconds) => (int)(microseconds / 86_400_000_000);

    /// <summary>Share of a product's buyers who buy it again.</summary>
    public double ShareOf(int product) => product >= _buyers.Length ? MeanShare : (_repeaters[product] + (Prior * MeanShare)) / (_buyers[product] + Prior);

    /// <summary>Mean days until a product is bought again by who does.</summary>
    public double GapOf(int product) => product >= _gaps.Length ? MeanGap : (_gapDays[product] + (Prior * MeanGap)) / (_gaps[product] + Prior);

    /// <summary>How often all shoppers bought it in the last 45 days that were counted.</summary>
    public int LatelyOf(int product) => product >= _lately.Length ? 0 : _lately[product];

    /// <summary>True where two shoppers or more bought it again, and a share of its buyers that is not below the shop's.</summary>
    public bool IsBoughtAgain(int product) => product < _repeaters.Length && _repeaters[product] >= 2 && ShareOf(product) >= MeanShare;

    private void Add(Dictionary<int, (int Day, int Times)> last, int product, int day)
    {
        ref (int Day, int Times) before = ref CollectionsMarshal.GetValueRefOrAddDefault(last, product, out bool isKnown);
        if (!isKnown)
        {
            _buyers[product]++;
        }
        else if (before.Day == day)
        {
            return;
        }
        else
        {
            _repeaters[product] += before.Times == 1 ? 1 : 0;
            _gaps[product]++;
            _gapDays[product] += day - before.Day;
        }

        before = (day, before.Times + 1);
    }
}
