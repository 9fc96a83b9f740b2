using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The shop's baskets, kept up to date: a purchase counts the moment it is appended.</summary>
/// <remarks>
/// What was bought in one session is a basket; without a session, what a shopper bought on one day (UTC), where the shop's times are real. It
/// holds about 40 bytes a basket beside <see cref="Baskets"/>, to find the basket that a purchase belongs to. Once a shopper is forgotten it
/// is counted anew without them.
/// </remarks>
internal sealed class LiveBaskets
{
    private const int OfSession = -1;

    private readonly bool _hasRealTimes;
    private Dictionary<(string Owner, int Day), int> _numbers = [];
    private volatile Baskets _now = new();

    public LiveBaskets(LiveShop shop)
    {
        _hasRealTimes = shop.Snapshot.Info.HasRealTimes;
        shop.FollowEvents(Start, Add);
    }

    public Baskets Now => _now;

    private void Start(Snapshot snapshot, IReadOnlyList<LiveEvent> since)
    {
        _numbers = [];
        _now = Count(snapshot, _numbers);
        Add(since);
    }

    /// <summary>Called under the shop's write lock, so one call at a time.</summary>
    private void Add(IReadOnlyList<LiveEvent> events)
    {
        foreach (LiveEvent item in events.Where(item => item.Interaction.Kind == InteractionKind.Purchase))
        {
            int day = (int)(item.Interaction.At.UtcTicks / TimeSpan.TicksPerDay);
            Put(_now, _numbers, item.Session, item.Shopper, _hasRealTimes ? day : null, item.Interaction.Product);
        }
    }

    /// <summary>The baskets of a snapshot, in the order of time.</summary>
    public static Baskets Count(Snapshot snapshot) => Count(snapshot, []);

    private static Baskets Count(Snapshot snapshot, Dictionary<(string Owner, int Day), int> numbers)
    {
        InteractionColumns all = snapshot.Interactions;
        int[] rows = [.. Enumerable.Range(0, all.Count).Where(row => all.Kind[row] == InteractionKind.Purchase && all.Product[row] != Snapshot.None)];
        long[] times = Array.ConvertAll(rows, row => all.At[row]);
        Array.Sort(times, rows);
        var baskets = new Baskets();
        foreach (int row in rows)
        {
            int day = (int)(ShopTime.FromMicroseconds(all.At[row]).UtcTicks / TimeSpan.TicksPerDay);
            Put(baskets, numbers, all.Session[row] == Snapshot.None ? null : snapshot.Sessions[all.Session[row]],
                all.Shopper[row] == Snapshot.None ? null : snapshot.Shoppers[all.Shopper[row]].Id, snapshot.Info.HasRealTimes ? day : null, all.Product[row]);
        }

        return baskets;
    }

    private static void Put(Baskets baskets, Dictionary<(string Owner, int Day), int> numbers, string? session, string? shopper, int? day, int product)
    {
        (string Owner, int Day)? key = session is not null ? (session, OfSession) : shopper is not null && day is { } on ? (shopper, on) : null;
        if (key is { } known)
        {
            if (!numbers.TryGetValue(known, out int basket))
            {
                numbers[known] = basket = baskets.Open();
            }

            baskets.Add(basket, product);
        }
    }
}
