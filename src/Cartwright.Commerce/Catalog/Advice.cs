using System.Globalization;

namespace Cartwright.Commerce.Catalog;

/// <summary>Something that could be done for the shop now: what, why, and what it is expected to bring.</summary>
public sealed record Advice
{
    public required AdviceTopic Topic { get; init; }

    /// <summary>What to do and what it means, in one sentence.</summary>
    public required string Text { get; init; }

    /// <summary>What it was concluded from, one fact each.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Expected gain in the 30 days ahead, in the shop's currency; null where nothing tells it.</summary>
    public decimal? Worth { get; init; }

    /// <summary>True where waiting loses what can't be had back: a stock that runs out before a delivery.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>The command that does it or shows more: "cartwright inventory replenish".</summary>
    public required string Command { get; init; }

    /// <summary>Numbers as every door writes them: 1,234 and a period before decimals.</summary>
    internal static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The question of the shop that an advice answers.</summary>
public enum AdviceTopic
{
    Recommendation,
    Search,
    Pricing,
    Inventory,
    Behavior,
    Catalog,
    Assistant,
    Automation,
}

/// <summary>Looks at the shop from one side and says what should be done.</summary>
public interface IAdviser
{
    AdviceTopic Topic { get; }

    /// <summary>True where it tells of what somebody decides and costs no more than a look into the store: it is asked every time, so that what was decided is gone at once.</summary>
    bool IsOfDecisions => false;

    /// <returns>Empty where all is well.</returns>
    Task<IReadOnlyList<Advice>> AdviseAsync(LiveShop shop, CancellationToken cancellationToken = default);
}
