using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Simulation;

/// <summary>One thing that happens in the simulation.</summary>
internal readonly record struct SimulatedEvent(long Second, InteractionKind Kind)
{
    /// <summary>Index, or -1 for somebody who is not signed in.</summary>
    public int Shopper { get; init; } = -1;

    /// <summary>From 1; 0 where it belongs to no session.</summary>
    public int Session { get; init; }

    /// <summary>Index, or -1.</summary>
    public int Product { get; init; } = -1;

    public int Quantity { get; init; }

    public int PriceCents { get; init; }

    /// <summary>Index of the query, or -1.</summary>
    public int Query { get; init; } = -1;

    /// <summary>From 1; 0 where there is none.</summary>
    public int Position { get; init; }

    public int Grade { get; init; }

    /// <summary>The true chance that the session ends with a purchase, as it stands after this.</summary>
    public float PurchaseChance { get; init; }
}

/// <summary>Keeps what happens until its day is over, so that the days can be written in the order of time.</summary>
internal sealed class Diary
{
    public const long SecondsPerDay = 86_400;

    private readonly Dictionary<int, List<SimulatedEvent>> _days = [];

    /// <summary>Seconds count from the first day's midnight.</summary>
    public void Add(in SimulatedEvent happened)
    {
        int day = (int)(happened.Second / SecondsPerDay);
        if (!_days.TryGetValue(day, out List<SimulatedEvent>? events))
        {
            _days.Add(day, events = []);
        }

        events.Add(happened);
    }

    /// <returns>The day's events by time; equal times keep the order in which they were added.</returns>
    public IReadOnlyList<SimulatedEvent> Take(int day) =>
        _days.Remove(day, out List<SimulatedEvent>? events) ? [.. events.OrderBy(e => e.Second)] : [];
}
