using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>When products were wanted of late and for the first time, kept up to date: an interaction counts the moment it is appended.</summary>
/// <remarks>Every step of interest (view, click, cart, purchase, rating) counts 1. It holds 8 bytes a step of the last <see cref="MaxDays"/> days and of all that came since it was counted.</remarks>
internal sealed class LiveActivity
{
    /// <summary>Days before the newest step that are kept.</summary>
    public const int MaxDays = 140;

    /// <summary>Stands for a product that nobody ever wanted.</summary>
    public const int Never = int.MaxValue;

    private const int HoursPerDay = 24;

    private volatile GrowingList<(int Product, int Hour)> _steps = new([]);
    private volatile int[] _firstHour = [];
    private volatile int _newest = int.MinValue;

    public LiveActivity(LiveShop shop) => shop.FollowEvents(Start, Add);

    /// <summary>Hour of the newest step since 1970-01-01 UTC; <see cref="int.MinValue"/> where there is none.</summary>
    public int NewestHour => _newest;

    public static int HourOf(DateTimeOffset at) => (int)Math.Floor((at - DateTimeOffset.UnixEpoch).TotalHours);

    public static DateTimeOffset At(int hour) => DateTimeOffset.UnixEpoch.AddHours(hour);

    /// <summary>Hour in which a product was wanted for the first time; <see cref="Never"/> where nobody ever did.</summary>
    public int FirstHour(int product)
    {
        int[] first = _firstHour;
        return product < first.Length ? first[product] : Never;
    }

    /// <summary>Counts the steps of each product in two spans of time.</summary>
    /// <param name="from">Hour with which the later span begins; it ends with the newest step.</param>
    /// <param name="before">Hour with which the earlier one begins; it ends where the later begins.</param>
    /// <param name="late">[products], added to.</param>
    /// <param name="early">[products], added to.</param>
    /// <returns>Steps of all products in both.</returns>
    public (long Late, long Early) Count(int from, int before, Span<int> late, Span<int> early)
    {
        long lateSteps = 0, earlySteps = 0;
        GrowingList<(int Product, int Hour)> steps = _steps;
        int count = steps.Count;
        for (int i = 0; i < count; i++)
        {
            (int product, int hour) = steps[i];
            if (product >= late.Length || hour < before)
            {
                continue;
            }

            if (hour >= from)
            {
                late[product]++;
                lateSteps++;
            }
            else
            {
                early[product]++;
                earlySteps++;
            }
        }

        return (lateSteps, earlySteps);
    }

    private void Start(Snapshot snapshot, IReadOnlyList<LiveEvent> since)
    {
        InteractionColumns all = snapshot.Interactions;
        int[] rows = [.. Enumerable.Range(0, all.Count).Where(row => all.Product[row] != Snapshot.None && all.Kind[row].IsInterest())];
        int[] first = new int[snapshot.Products.Count];
        Array.Fill(first, Never);
        int newest = int.MinValue;
        foreach (int row in rows)
        {
            int hour = HourOf(ShopTime.FromMicroseconds(all.At[row]));
            first[all.Product[row]] = Math.Min(first[all.Product[row]], hour);
            newest = Math.Max(newest, hour);
        }

        _firstHour = first;
        _newest = newest;
        int from = newest == int.MinValue ? newest : newest - (MaxDays * HoursPerDay);
        _steps = new GrowingList<(int, int)>([.. rows.Select(row => (all.Product[row], HourOf(ShopTime.FromMicroseconds(all.At[row])))).Where(step => step.Item2 >= from)]);
        Add(since);
    }

    /// <summary>Called under the shop's write lock, so one call at a time.</summary>
    private void Add(IReadOnlyList<LiveEvent> events)
    {
        foreach (LiveEvent item in events.Where(item => item.Interaction.Kind.IsInterest()))
        {
            (int product, int hour) = (item.Interaction.Product, HourOf(item.Interaction.At));
            int[] first = _firstHour;
            if (product >= first.Length)
            {
                int known = first.Length;
                Array.Resize(ref first, Math.Max(product + 1, known + (known / 8)));
                first.AsSpan(known).Fill(Never);
            }

            first[product] = Math.Min(first[product], hour);
            _firstHour = first;
            _newest = Math.Max(_newest, hour);
            _steps.Add((product, hour));
        }
    }
}
