using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Automation;

/// <summary>Changes that rules wait to make.</summary>
internal sealed class AutomationAdvice(Automator automator) : IAdviser
{
    private const int MostChanges = 10_000;

    public AdviceTopic Topic => AdviceTopic.Automation;

    public bool IsOfDecisions => true;

    public async Task<IReadOnlyList<Advice>> AdviseAsync(LiveShop shop, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<AutomationChange> waiting = (await automator.ChangesAsync(new ChangesRequest { State = ChangeState.Waiting, Count = MostChanges }, cancellationToken)).Changes;
        return waiting.Count == 0 ? [] : [new Advice
        {
            Topic = Topic,
            Text = Advice.Say($"Decide on {waiting.Count:N0} {(waiting.Count == 1 ? "change that a rule proposes" : "changes that rules propose")}: nothing is changed until somebody says yes."),
            Reasons = [.. waiting.Take(3).Select(change => change.Why)],
            Command = "cartwright automation changes --state waiting",
        }];
    }
}
