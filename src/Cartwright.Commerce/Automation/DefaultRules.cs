using System.Text.Json.Nodes;

namespace Cartwright.Commerce.Automation;

/// <summary>Rules that most shops want. They are set as dry runs: whoever runs the shop lets them loose.</summary>
public static class DefaultRules
{
    public const string Prices = "nightly-prices";
    public const string Orders = "morning-orders";
    public const string Forecasts = "monthly-forecasts";
    public const string Recommendations = "recommendations-on-drift";

    /// <summary>The slot that the page's first place is chosen for.</summary>
    public static ChoiceSlot FirstPlace { get; } = new() { Id = "home-first", Name = "First place of the home page", Arms = ["popular", "for-you", "like-last"] };

    /// <summary>The slot by which the storefront chooses the row of its home page that stands first; a click into that row is the reward.</summary>
    public static ChoiceSlot StoreHome { get; } = new() { Id = "store-home", Name = "First row of the storefront", Arms = ["popular", "new", "recommended"] };

    public static IReadOnlyList<AutomationRule> All { get; } =
    [
        new AutomationRule
        {
            Id = Prices,
            Name = "Reprice each night in small steps; take it back where profit falls by two fifths",
            When = new RuleTrigger { Cron = "30 4 * * *" },
            Do = new RuleAction { Slice = "pricing", Verb = "reprice", Request = new JsonObject { ["mostStep"] = 0.05, ["coverDays"] = 1 } },
            Limits = new RuleLimits { MostChangesPerRun = 200, MostChangesPerDay = 200, MostShare = 0.05 },
            Approval = new RuleApproval { Kind = ApprovalKind.Above, Share = 0.03 },
            Undo = new RuleUndo { WithinHours = 72, If = [new RuleCondition { Measure = "profit-change", AtMost = -0.4 }] },
        },
        new AutomationRule
        {
            Id = Orders,
            Name = "Order each morning what runs low; ask where an order is large",
            When = new RuleTrigger { Cron = "30 5 * * *" },
            Do = new RuleAction { Slice = "inventory", Verb = "replenish", Request = new JsonObject { ["reviewDays"] = 3, ["count"] = 1_000 } },
            Limits = new RuleLimits { MostChangesPerRun = 200, MostChangesPerDay = 200, MostAmountPerDay = 20_000 },
            Approval = new RuleApproval { Kind = ApprovalKind.Above, Amount = 1_000 },
        },
        new AutomationRule
        {
            Id = Forecasts,
            Name = "Learn to forecast anew each month",
            When = new RuleTrigger { Cron = "0 3 1 * *" },
            Do = new RuleAction { Slice = "inventory", Verb = "train" },
        },
        new AutomationRule
        {
            Id = Recommendations,
            Name = "Learn what shoppers want anew when they have changed",
            When = new RuleTrigger { Drift = "recommendation" },
            Do = new RuleAction { Slice = "recommendation", Verb = "train", Request = new JsonObject { ["minutes"] = 10 } },
        },
    ];
}
