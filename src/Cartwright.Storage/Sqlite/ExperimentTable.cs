using System.Text.Json;
using Cartwright.Commerce.Automation;

namespace Cartwright.Storage.Sqlite;

/// <summary>Experiments, who was assigned, and choices for slots. Each method that writes is called inside a transaction.</summary>
internal static class ExperimentTable
{
    public static bool PutExperiment(Connection connection, Experiment experiment)
    {
        connection.Prepare("INSERT OR REPLACE INTO experiments (id, json) VALUES (?, ?)").Bind(1, experiment.Id).Bind(2, JsonSerializer.Serialize(experiment)).Run();
        return true;
    }

    public static IReadOnlyList<Experiment> ListExperiments(Connection connection) =>
        AutomationTable.Read<Experiment>(connection.Prepare("SELECT json FROM experiments ORDER BY id"));

    public static Assignment Assign(Connection connection, string experiment, Assignment assignment)
    {
        connection.Prepare("INSERT OR IGNORE INTO experiment_units (experiment, unit, sequence, arm, at, value) VALUES (?, ?, 0, ?, ?, NULL)")
            .Bind(1, experiment).Bind(2, assignment.ShopperId).Bind(3, assignment.Arm).Bind(4, ColumnValue.From(assignment.At)).Run();
        return ReadAssignments(connection.Prepare("SELECT unit, arm, at, value FROM experiment_units WHERE experiment = ? AND unit = ?").Bind(1, experiment).Bind(2, assignment.ShopperId)).Single();
    }

    /// <returns>False where an outcome is there already; null where the shopper was not assigned.</returns>
    public static bool? Record(Connection connection, string experiment, string shopper, double value)
    {
        connection.Prepare("""
            UPDATE experiment_units SET value = ?3, sequence = (SELECT COALESCE(MAX(sequence), 0) + 1 FROM experiment_units WHERE experiment = ?1)
            WHERE experiment = ?1 AND unit = ?2 AND value IS NULL
            """).Bind(1, experiment).Bind(2, shopper).Bind(3, value).Run();
        if (connection.ChangeCount == 1)
        {
            return true;
        }

        Statement row = connection.Prepare("SELECT COUNT(*) FROM experiment_units WHERE experiment = ? AND unit = ?").Bind(1, experiment).Bind(2, shopper);
        bool isAssigned = row.Step() && row.Integer(0) > 0;
        row.Reset();
        return isAssigned ? false : null;
    }

    public static IReadOnlyList<Assignment> ListAssignments(Connection connection, string experiment) => ReadAssignments(connection.Prepare(
        "SELECT unit, arm, at, value FROM experiment_units WHERE experiment = ? ORDER BY value IS NULL, sequence, at, unit").Bind(1, experiment));

    public static bool PutSlot(Connection connection, ChoiceSlot slot)
    {
        connection.Prepare("INSERT OR REPLACE INTO slots (id, json) VALUES (?, ?)").Bind(1, slot.Id).Bind(2, JsonSerializer.Serialize(slot)).Run();
        return true;
    }

    public static IReadOnlyList<SlotCounts> ListSlots(Connection connection, DateTimeOffset now) =>
        [.. AutomationTable.Read<ChoiceSlot>(connection.Prepare("SELECT json FROM slots ORDER BY id")).Select(slot => Count(connection, slot, now))];

    public static Choice? Choose(Connection connection, string slotId, DateTimeOffset now, Func<SlotCounts, Choice> choose)
    {
        ChoiceSlot? slot = AutomationTable.Read<ChoiceSlot>(connection.Prepare("SELECT json FROM slots WHERE id = ?").Bind(1, slotId)).SingleOrDefault();
        if (slot is null)
        {
            return null;
        }

        Choice choice = choose(Count(connection, slot, now));
        connection.Prepare("INSERT INTO choices (id, slot, number, at, shopper, arm, propensity, reward) VALUES (?, ?, ?, ?, ?, ?, ?, NULL)")
            .Bind(1, choice.Id).Bind(2, slotId).Bind(3, choice.Number).Bind(4, ColumnValue.From(choice.At)).Bind(5, choice.ShopperId)
            .Bind(6, choice.Arm).Bind(7, choice.Propensity).Run();
        connection.Prepare("INSERT INTO slot_arms (slot, arm, chosen, reward, weighted) VALUES (?, ?, 1, 0, 0) ON CONFLICT (slot, arm) DO UPDATE SET chosen = chosen + 1")
            .Bind(1, slotId).Bind(2, choice.Arm).Run();
        return choice;
    }

    /// <returns>False where a reward is there already; null where there is no such choice.</returns>
    public static bool? Reward(Connection connection, string choice, double value)
    {
        connection.Prepare("UPDATE choices SET reward = ? WHERE id = ? AND reward IS NULL").Bind(1, value).Bind(2, choice).Run();
        if (connection.ChangeCount == 1)
        {
            connection.Prepare("""
                UPDATE slot_arms SET reward = slot_arms.reward + choices.reward, weighted = weighted + (choices.reward / choices.propensity)
                FROM choices WHERE choices.id = ? AND choices.slot = slot_arms.slot AND choices.arm = slot_arms.arm
                """).Bind(1, choice).Run();
            return true;
        }

        Statement row = connection.Prepare("SELECT COUNT(*) FROM choices WHERE id = ?").Bind(1, choice);
        bool isThere = row.Step() && row.Integer(0) > 0;
        row.Reset();
        return isThere ? false : null;
    }

    /// <summary>Takes a shopper out: assignments go, choices stay as counts that name nobody.</summary>
    public static long Forget(Connection connection, string shopper)
    {
        connection.Prepare("DELETE FROM experiment_units WHERE unit = ?").Bind(1, shopper).Run();
        long assignments = connection.ChangeCount;
        connection.Prepare("UPDATE choices SET shopper = NULL WHERE shopper = ?").Bind(1, shopper).Run();
        return assignments + connection.ChangeCount;
    }

    /// <summary>From sums that are carried along: a visit waits for a choice, and a slot has as many of them as the shop had visits.</summary>
    private static SlotCounts Count(Connection connection, ChoiceSlot slot, DateTimeOffset now)
    {
        Statement rows = connection.Prepare("""
            SELECT arm, chosen,
                chosen - (SELECT COUNT(*) FROM choices WHERE choices.slot = slot_arms.slot AND choices.arm = slot_arms.arm AND choices.reward IS NULL AND choices.at > ?2),
                reward, weighted FROM slot_arms WHERE slot = ?1
            """).Bind(1, slot.Id).Bind(2, ColumnValue.From(now - TimeSpan.FromHours(slot.RewardHours)));
        var counts = new Dictionary<string, ArmCount>(StringComparer.Ordinal);
        long all = 0;
        while (rows.Step())
        {
            counts[rows.Text(0)] = new ArmCount(rows.Text(0), rows.Integer(1), rows.Integer(2), rows.Real(3), rows.Real(4));
            all += rows.Integer(1);
        }

        rows.Reset();
        return new SlotCounts(slot, all, [.. slot.Arms.Select(arm => counts.GetValueOrDefault(arm) ?? new ArmCount(arm, 0, 0, 0, 0))]);
    }

    private static List<Assignment> ReadAssignments(Statement rows)
    {
        var assignments = new List<Assignment>();
        while (rows.Step())
        {
            assignments.Add(new Assignment(rows.Text(0), rows.Text(1), ColumnValue.Time(rows.Integer(2)), rows.OptionalReal(3)));
        }

        rows.Reset();
        return assignments;
    }
}
