using Cartwright.Commerce.Automation;

namespace Cartwright.Storage.Sqlite;

/// <summary>Rules, their journal, experiments and choices, in the shop's own file.</summary>
/// <param name="shop">Lends its connections.</param>
internal sealed class SqliteAutomationStore(SqliteShopStore shop) : IAutomationStore, IExperimentStore
{
    public Task PutRuleAsync(AutomationRule rule, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => AutomationTable.PutRule(connection, rule), cancellationToken);

    public Task<bool> RemoveRuleAsync(string id, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => AutomationTable.RemoveRule(connection, id), cancellationToken);

    public Task<IReadOnlyList<AutomationRule>> ListRulesAsync(CancellationToken cancellationToken = default)
        => shop.ReadAsync(AutomationTable.ListRules, cancellationToken);

    public Task<bool> BeginRuleRunAsync(RuleRun run, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => AutomationTable.BeginRun(connection, run), cancellationToken);

    public Task SaveRuleRunAsync(RuleRun run, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => AutomationTable.SaveRun(connection, run), cancellationToken);

    public Task<IReadOnlyList<RuleRun>> ListRuleRunsAsync(string? ruleId, int count, CancellationToken cancellationToken = default)
        => shop.ReadAsync(connection => AutomationTable.ListRuns(connection, ruleId, count), cancellationToken);

    public Task AddChangesAsync(IReadOnlyList<AutomationChange> changes, CancellationToken cancellationToken = default)
        => changes.Count == 0 ? Task.CompletedTask : shop.WriteAsync(connection => AutomationTable.AddChanges(connection, changes), cancellationToken);

    public async Task<bool> MoveChangesAsync(IReadOnlyList<AutomationChange> changes, ChangeState from, CancellationToken cancellationToken = default)
    {
        try
        {
            return await shop.WriteAsync(
                connection =>
                {
                    AutomationTable.MoveChanges(connection, changes, from);
                    return true;
                }, cancellationToken);
        }
        catch (ChangeMovedException)
        {
            return false;   // What the transaction had written by then is undone.
        }
    }

    public Task<AutomationChange?> FindChangeAsync(string id, CancellationToken cancellationToken = default)
        => shop.ReadAsync(connection => AutomationTable.FindChange(connection, id), cancellationToken);

    public Task<IReadOnlyList<AutomationChange>> ListChangesAsync(ChangeFilter filter, CancellationToken cancellationToken = default)
        => shop.ReadAsync(connection => AutomationTable.ListChanges(connection, filter), cancellationToken);

    public Task<IReadOnlyList<ChangeStep>> ListStepsAsync(string changeId, CancellationToken cancellationToken = default)
        => shop.ReadAsync(connection => AutomationTable.ListSteps(connection, changeId), cancellationToken);

    public Task<StoppedAutomation?> ReadStoppedAsync(CancellationToken cancellationToken = default)
        => shop.ReadAsync(AutomationTable.ReadStopped, cancellationToken);

    public Task SetStoppedAsync(StoppedAutomation? stopped, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => AutomationTable.SetStopped(connection, stopped), cancellationToken);

    public Task RenewLeaseAsync(string worker, DateTimeOffset until, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => AutomationTable.RenewLease(connection, worker, until), cancellationToken);

    public Task EndLeaseAsync(string worker, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => AutomationTable.EndLease(connection, worker), cancellationToken);

    public Task<bool> IsWorkedOnAsync(DateTimeOffset at, CancellationToken cancellationToken = default)
        => shop.ReadAsync(connection => AutomationTable.IsWorkedOn(connection, at), cancellationToken);

    public Task PutExperimentAsync(Experiment experiment, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => ExperimentTable.PutExperiment(connection, experiment), cancellationToken);

    public Task<IReadOnlyList<Experiment>> ListExperimentsAsync(CancellationToken cancellationToken = default)
        => shop.ReadAsync(ExperimentTable.ListExperiments, cancellationToken);

    public Task<Assignment> AssignAsync(string experimentId, Assignment assignment, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => ExperimentTable.Assign(connection, experimentId, assignment), cancellationToken);

    public Task<bool?> RecordAsync(string experimentId, string shopperId, double value, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => ExperimentTable.Record(connection, experimentId, shopperId, value), cancellationToken);

    public Task<IReadOnlyList<Assignment>> ListAssignmentsAsync(string experimentId, CancellationToken cancellationToken = default)
        => shop.ReadAsync(connection => ExperimentTable.ListAssignments(connection, experimentId), cancellationToken);

    public Task PutSlotAsync(ChoiceSlot slot, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => ExperimentTable.PutSlot(connection, slot), cancellationToken);

    public Task<IReadOnlyList<SlotCounts>> ListSlotsAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
        => shop.ReadAsync(connection => ExperimentTable.ListSlots(connection, now), cancellationToken);

    public Task<Choice?> ChooseAsync(string slotId, DateTimeOffset now, Func<SlotCounts, Choice> choose, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => ExperimentTable.Choose(connection, slotId, now, choose), cancellationToken);

    public Task<bool?> RewardAsync(string choiceId, double value, CancellationToken cancellationToken = default)
        => shop.WriteAsync(connection => ExperimentTable.Reward(connection, choiceId, value), cancellationToken);
}
