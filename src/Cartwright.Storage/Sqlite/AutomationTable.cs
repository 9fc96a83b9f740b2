using System.Text.Json;
using Cartwright.Commerce.Automation;

namespace Cartwright.Storage.Sqlite;

/// <summary>Rules and what they did. Each method that writes is called inside a transaction.</summary>
internal static class AutomationTable
{
    private const string Stopped = "automation_stopped";

    public static bool PutRule(Connection connection, AutomationRule rule)
    {
        connection.Prepare("INSERT OR REPLACE INTO automation_rules (id, json) VALUES (?, ?)").Bind(1, rule.Id).Bind(2, JsonSerializer.Serialize(rule)).Run();
        return true;
    }

    public static bool RemoveRule(Connection connection, string id)
    {
        connection.Prepare("DELETE FROM automation_rules WHERE id = ?").Bind(1, id).Run();
        return connection.ChangeCount == 1;
    }

    public static IReadOnlyList<AutomationRule> ListRules(Connection connection) =>
        Read<AutomationRule>(connection.Prepare("SELECT json FROM automation_rules ORDER BY id"));

    /// <returns>False where that firing of the rule is there already.</returns>
    public static bool BeginRun(Connection connection, RuleRun run)
    {
        connection.Prepare("INSERT OR IGNORE INTO automation_runs (id, rule, firing, at, json) VALUES (?, ?, ?, ?, ?)")
            .Bind(1, run.Id).Bind(2, run.RuleId).Bind(3, run.Firing).Bind(4, ColumnValue.From(run.At)).Bind(5, JsonSerializer.Serialize(run)).Run();
        return connection.ChangeCount == 1;
    }

    public static bool SaveRun(Connection connection, RuleRun run)
    {
        connection.Prepare("UPDATE automation_runs SET json = ? WHERE id = ?").Bind(1, JsonSerializer.Serialize(run)).Bind(2, run.Id).Run();
        return connection.ChangeCount == 1;
    }

    public static IReadOnlyList<RuleRun> ListRuns(Connection connection, string? rule, int count) => Read<RuleRun>(rule is null
        ? connection.Prepare("SELECT json FROM automation_runs ORDER BY at DESC, rowid DESC LIMIT ?").Bind(1, count)
        : connection.Prepare("SELECT json FROM automation_runs WHERE rule = ? ORDER BY at DESC, rowid DESC LIMIT ?").Bind(1, rule).Bind(2, count));

    public static bool AddChanges(Connection connection, IReadOnlyList<AutomationChange> changes)
    {
        foreach (AutomationChange change in changes)
        {
            connection.Prepare("INSERT INTO automation_changes (id, run, rule, at, state, done_at, json) VALUES (?, ?, ?, ?, ?, ?, ?)")
                .Bind(1, change.Id).Bind(2, change.RunId).Bind(3, change.RuleId).Bind(4, ColumnValue.From(change.At)).Bind(5, (long)change.State)
                .Bind(6, ColumnValue.From(change.DoneAt)).Bind(7, JsonSerializer.Serialize(change)).Run();
            AddStep(connection, change);
        }

        return true;
    }

    /// <exception cref="ChangeMovedException">A change is no longer in the state it is moved from. The transaction must be undone.</exception>
    public static void MoveChanges(Connection connection, IReadOnlyList<AutomationChange> changes, ChangeState from)
    {
        foreach (AutomationChange change in changes)
        {
            connection.Prepare("UPDATE automation_changes SET state = ?, done_at = ?, json = ? WHERE id = ? AND state = ?")
                .Bind(1, (long)change.State).Bind(2, ColumnValue.From(change.DoneAt)).Bind(3, JsonSerializer.Serialize(change)).Bind(4, change.Id).Bind(5, (long)from).Run();
            if (connection.ChangeCount != 1)
            {
                throw new ChangeMovedException();
            }

            AddStep(connection, change);
        }
    }

    public static AutomationChange? FindChange(Connection connection, string id) =>
        Read<AutomationChange>(connection.Prepare("SELECT json FROM automation_changes WHERE id = ?").Bind(1, id)).SingleOrDefault();

    public static IReadOnlyList<AutomationChange> ListChanges(Connection connection, ChangeFilter filter)
    {
        var wheres = new List<string>();
        wheres.AddRange(filter.RuleId is null ? [] : ["rule = ?1"]);
        wheres.AddRange(filter.RunId is null ? [] : ["run = ?2"]);
        wheres.AddRange(filter.State is null ? [] : ["state = ?3"]);
        wheres.AddRange(filter.DoneSince is null ? [] : ["done_at >= ?4"]);
        string where = wheres.Count == 0 ? "" : $"WHERE {string.Join(" AND ", wheres)}";
        return Read<AutomationChange>(connection.Prepare($"SELECT json FROM automation_changes {where} ORDER BY at DESC, run DESC, rowid LIMIT ?5")
            .Bind(1, filter.RuleId).Bind(2, filter.RunId).Bind(3, filter.State is { } state ? (long)state : null)
            .Bind(4, ColumnValue.From(filter.DoneSince)).Bind(5, filter.Count));
    }

    public static IReadOnlyList<ChangeStep> ListSteps(Connection connection, string change)
    {
        Statement rows = connection.Prepare("SELECT at, state, note FROM automation_steps WHERE change = ? ORDER BY rowid").Bind(1, change);
        var steps = new List<ChangeStep>();
        while (rows.Step())
        {
            steps.Add(new ChangeStep(change, ColumnValue.Time(rows.Integer(0)), (ChangeState)rows.Integer(1), rows.OptionalText(2)));
        }

        rows.Reset();
        return steps;
    }

    public static StoppedAutomation? ReadStopped(Connection connection)
    {
        Statement row = connection.Prepare("SELECT value FROM shop WHERE name = ?").Bind(1, Stopped);
        StoppedAutomation? stopped = row.Step() ? JsonSerializer.Deserialize<StoppedAutomation>(row.Text(0)) : null;
        row.Reset();
        return stopped;
    }

    public static bool SetStopped(Connection connection, StoppedAutomation? stopped)
    {
        if (stopped is null)
        {
            connection.Prepare("DELETE FROM shop WHERE name = ?").Bind(1, Stopped).Run();
        }
        else
        {
            connection.Prepare("INSERT OR REPLACE INTO shop (name, value) VALUES (?, ?)").Bind(1, Stopped).Bind(2, JsonSerializer.Serialize(stopped)).Run();
        }

        return true;
    }

    public static bool RenewLease(Connection connection, string worker, DateTimeOffset until)
    {
        connection.Prepare("INSERT OR REPLACE INTO automation_leases (worker, until) VALUES (?, ?)").Bind(1, worker).Bind(2, ColumnValue.From(until)).Run();
        return true;
    }

    public static bool EndLease(Connection connection, string worker)
    {
        connection.Prepare("DELETE FROM automation_leases WHERE worker = ?").Bind(1, worker).Run();
        return connection.ChangeCount == 1;
    }

    public static bool IsWorkedOn(Connection connection, DateTimeOffset at)
    {
        Statement row = connection.Prepare("SELECT 1 FROM automation_leases WHERE until >= ? LIMIT 1").Bind(1, ColumnValue.From(at));
        bool isWorkedOn = row.Step();
        row.Reset();
        return isWorkedOn;
    }

    private static void AddStep(Connection connection, AutomationChange change) =>
        connection.Prepare("INSERT INTO automation_steps (change, at, state, note) VALUES (?, ?, ?, ?)")
            .Bind(1, change.Id).Bind(2, ColumnValue.From(change.StateAt)).Bind(3, (long)change.State).Bind(4, change.Note).Run();

    internal static List<T> Read<T>(Statement rows)
    {
        var records = new List<T>();
        while (rows.Step())
        {
            records.Add(JsonSerializer.Deserialize<T>(rows.Text(0))!);
        }

        rows.Reset();
        return records;
    }
}

/// <summary>Somebody else moved a change first.</summary>
internal sealed class ChangeMovedException : Exception;
