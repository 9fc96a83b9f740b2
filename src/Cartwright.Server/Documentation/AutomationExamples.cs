using System.Text.Json.Nodes;
using Cartwright.Commerce.Automation;

namespace Cartwright.Server.Documentation;

/// <summary>Examples of the records of automation.</summary>
internal static class AutomationExamples
{
    private const string RunId = "20260301-053000-3f9a1c";

    private static readonly DateTimeOffset At = new(2026, 3, 1, 5, 30, 0, TimeSpan.Zero);

    private static readonly AutomationRule Rule = new()
    {
        Id = "nightly-prices",
        Name = "Reprice each night, small steps by themselves",
        When = new RuleTrigger { Cron = "30 5 * * *" },
        If = [new RuleCondition { Measure = "units-per-day", AtLeast = 5 }],
        Do = new RuleAction { Slice = "pricing", Verb = "reprice", Request = new JsonObject { ["mostStep"] = 0.05 } },
        Limits = new RuleLimits { MostChangesPerRun = 50, MostChangesPerDay = 50, MostShare = 0.05 },
        Approval = new RuleApproval { Kind = ApprovalKind.Above, Share = 0.03 },
        Undo = new RuleUndo { WithinHours = 72, If = [new RuleCondition { Measure = "profit-change", AtMost = -0.2 }] },
        Mode = RuleMode.Live,
        SetAt = At.AddDays(-9),
    };

    private static readonly RuleRun Run = new()
    {
        Id = RunId,
        RuleId = Rule.Id,
        Firing = "at 2026-03-01T05:30Z",
        At = At,
        Mode = RuleMode.Live,
        Outcome = RuleOutcome.Done,
        Measures = new Dictionary<string, double?>(StringComparer.Ordinal) { ["units-per-day"] = 41.3 },
        Changes = new Dictionary<string, int>(StringComparer.Ordinal) { ["made"] = 1 },
        Summary = "Prices were looked at: 1 to change, 11 best left, 2 skipped. 1 made.",
    };

    private static readonly AutomationChange Change = new()
    {
        Id = RunId + "-0001",
        RunId = RunId,
        RuleId = Rule.Id,
        At = At,
        Kind = "price",
        Subject = "p-17",
        Before = "39.90",
        After = "41.00",
        Share = 0.0276,
        Why = "Expected to bring +1.35 EUR a day (80 %: -0.40 to +3.10) at an elasticity of -1.7 ± 0.3, from 140 days of sales. thompson to 2026-02-28, 180 days, seed 1.",
        Apply = new VerbCall("pricing", "approve", """{"proposalIds":["20260301053000-p-17"]}"""),
        Undo = new VerbCall("pricing", "undo", """{"proposalIds":["20260301053000-p-17"]}"""),
        State = ChangeState.Done,
        StateAt = At,
        DoneAt = At,
    };

    private static readonly Experiment Trial = new()
    {
        Id = "free-delivery",
        Name = "Free delivery from 30 EUR",
        Arms = [new ExperimentArm { Id = "from-50", Share = 0.5 }, new ExperimentArm { Id = "from-30", Share = 0.5 }],
    };

    private static readonly ChoiceSlot Slot = new() { Id = "home-first", Name = "First place of the home page", Arms = ["for-you", "popular"] };

    public static IReadOnlyList<object> All { get; } =
    [
        new RulesRequest(),
        new RulesResponse([new RuleStatus(Rule, At.AddDays(1), Run, Waiting: 0, DoneToday: 1)], StoppedAt: null, StoppedWhy: null),
        new PutRuleRequest { Rule = Rule with { SetAt = null } },
        new RemoveRuleRequest { RuleId = Rule.Id },
        new MeasuresRequest(),
        new MeasuresResponse([new MeasuredValue("units-per-day", 41.3, "Units bought a day, over seven days")]),
        new RunRequest { RuleId = Rule.Id, Mode = RuleMode.DryRun, HistoryDays = 30 },
        new RunResponse(Run, [Change], [new PastFiring(At.AddDays(-1), Holds: true, new Dictionary<string, double?>(StringComparer.Ordinal) { ["units-per-day"] = 39.9 })]),
        new ChangesRequest { State = ChangeState.Waiting },
        new ChangesResponse([Change], [new ChangeStep(Change.Id, At, ChangeState.Applying, null), new ChangeStep(Change.Id, At, ChangeState.Done, null)]),
        new ApproveRequest { ChangeIds = [Change.Id] },
        new RejectRequest { ChangeIds = [Change.Id] },
        new UndoRequest { RunId = RunId },
        new StopRequest { Why = "stocktaking" },
        new ResumeRequest(),
        new DriftRequest { Slice = "recommendation" },
        new DriftResponse([new ModelDrift("recommendation", "20260201-120000-sasrec", [new InputDrift("category", 0.31, 41_200, 9_800)], 0.21, 0.20, HasDrifted: true, "The most changed is category, by 0.310; more than 0.25.")
        {
            Quality = new ServedQuality("recall@10", 0.093, 0.088, 0.071, 0.106, 1_042, IsWorse: false, "It finds the next product in its top 10 for 8.8 % of 1,042 shoppers since (95 %: 7.1 % to 10.6 %); in its training it was 9.3 %."),
        }]),
        new PutExperimentRequest { Experiment = Trial },
        new ExperimentsRequest { ExperimentId = Trial.Id },
        new ExperimentsResponse(
            [
                new ExperimentResult(Trial, [new ArmResult("from-50", 2_410, 1_980, 0.081, null, null, null), new ArmResult("from-30", 2_388, 1_961, 0.104, 0.023, 0.002, 0.044)],
                    RatioChance: 1, "from-30 is better than from-50."),
            ]),
        new AssignRequest { ExperimentId = Trial.Id, ShopperId = "s-7" },
        new AssignResponse("from-30", Version: null),
        new RecordRequest { ExperimentId = Trial.Id, ShopperId = "s-7", Value = 1 },
        new RecordResponse(IsCounted: true),
        new PromoteRequest { ExperimentId = "new-recommendations" },
        new PromoteResponse("challenger", "20260301-120000-sasrec", "challenger is better than champion."),
        new PutSlotRequest { Slot = Slot },
        new SlotsRequest(),
        new SlotsResponse([new SlotResult(Slot, 1_204, [new SlotArm("for-you", 1_010, 0.121, 0.105, 0.139, 0.120, 0.93), new SlotArm("popular", 194, 0.083, 0.054, 0.118, 0.085, 0.07)])]),
        new ChooseRequest { SlotId = Slot.Id, ShopperId = "s-7" },
        new ChooseResponse("home-first-1205", "for-you", 0.93, [new ArmChance("for-you", 0.93), new ArmChance("popular", 0.07)]),
        new RewardRequest { ChoiceId = "home-first-1205", Value = 1 },
        new RewardResponse(IsCounted: true),
    ];
}
