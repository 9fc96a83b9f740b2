using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Storage.Sqlite;

/// <summary>Deletes all that a shop keeps about one shopper.</summary>
internal static class Forgetting
{
    /// <summary>Texts of theirs that are looked for in the file afterwards, the longest; and bytes of each.</summary>
    private const int MostWords = 64;
    private const int MostBytes = 64;

    /// <summary>Tables whose rows hold texts that were written for other ends and may name somebody: table and column.</summary>
    private static readonly (string Table, string Column)[] Texts =
    [
        ("run_points", "json"), ("import_reports", "json"), ("automation_runs", "json"), ("automation_changes", "json"), ("automation_steps", "note"),
    ];

    /// <returns>What went, null where nothing names this shopper; and words of theirs that must not be left in the file.</returns>
    public static (ForgottenShopper? Receipt, IReadOnlyList<byte[]> Words) Forget(Connection connection, string id)
    {
        long? key = new Keys(connection, "shoppers", cacheCapacity: 0).Find(id);
        GatherSessions(connection, key, id);
        List<string> orders = ReadAll(connection, "SELECT id FROM orders WHERE shopper = ?1", id);
        List<byte[]> words = [Encoding.UTF8.GetBytes(id), .. WordsOf(connection, key, id)];

        InteractionTable.KeepLastSequence(connection);
        long interactions = Delete(connection, """
            DELETE FROM interactions WHERE shopper = ?1 OR (shopper IS NULL AND session IN (SELECT sessions.key FROM sessions JOIN their_sessions USING (id)))
            """, key);
        long searches = Delete(connection, $"DELETE FROM searches WHERE {Theirs}", id);
        long reviews = Delete(connection, "DELETE FROM reviews WHERE shopper = ?1", id);
        long deletedOrders = Delete(connection, "DELETE FROM orders WHERE shopper = ?1", id);
        long handOvers = Delete(connection, $"DELETE FROM handovers WHERE {Theirs}", id);
        long exposures = Delete(connection, $"DELETE FROM exposures WHERE {Theirs}", id);

        // A session that somebody else was in as well stays theirs.
        connection.Execute("""
            DELETE FROM their_sessions WHERE id IN (SELECT sessions.id FROM sessions JOIN interactions ON interactions.session = sessions.key)
                OR id IN (SELECT session FROM searches WHERE session IS NOT NULL);
            DELETE FROM sessions WHERE id IN (SELECT id FROM their_sessions)
            """);
        List<string> sessions = ReadAll(connection, "SELECT id FROM their_sessions ORDER BY id", null);
        long rows = Delete(connection, "DELETE FROM shoppers WHERE key = ?1", key) + ExperimentTable.Forget(connection, id) + exposures;
        foreach (string session in sessions)
        {
            rows += ExperimentTable.Forget(connection, session);
        }

        connection.Execute("DELETE FROM their_sessions");
        string[] traces = [id, .. sessions, .. orders];
        int results = Erase(connection, new Traces(traces));
        return rows + interactions + searches + reviews + deletedOrders + handOvers + results == 0 ? (null, words)
            : (new ForgottenShopper(id, interactions, reviews, searches, deletedOrders, handOvers) { Results = results, Traces = traces }, words);
    }

    private const string Theirs = "shopper = ?1 OR (shopper IS NULL AND session IN (SELECT id FROM their_sessions))";

    /// <summary>A session may have begun before they signed in: what nobody did in it is theirs.</summary>
    private static void GatherSessions(Connection connection, long? key, string id)
    {
        connection.Execute("""
            CREATE TEMP TABLE IF NOT EXISTS their_sessions (id TEXT PRIMARY KEY);
            DELETE FROM their_sessions
            """);
        connection.Prepare("""
            INSERT OR IGNORE INTO their_sessions (id) SELECT DISTINCT sessions.id FROM interactions JOIN sessions ON sessions.key = session WHERE shopper = ?
            """).Bind(1, key).Run();
        connection.Prepare("INSERT OR IGNORE INTO their_sessions (id) SELECT session FROM searches WHERE shopper = ? AND session IS NOT NULL").Bind(1, id).Run();
        connection.Prepare("INSERT OR IGNORE INTO their_sessions (id) SELECT session FROM handovers WHERE shopper = ? AND session IS NOT NULL").Bind(1, id).Run();
        connection.Prepare("INSERT OR IGNORE INTO their_sessions (id) SELECT session FROM exposures WHERE shopper = ? AND session IS NOT NULL").Bind(1, id).Run();
    }

    private static IEnumerable<byte[]> WordsOf(Connection connection, long? key, string id)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        texts.UnionWith(ReadAll(connection, "SELECT id FROM their_sessions", null));
        texts.UnionWith(ReadAll(connection, $"SELECT query FROM searches WHERE {Theirs}", id));
        texts.UnionWith(ReadAll(connection, $"SELECT json FROM handovers WHERE {Theirs}", id));
        texts.UnionWith(ReadAll(connection, "SELECT title FROM reviews WHERE shopper = ?1", id));
        texts.UnionWith(ReadAll(connection, "SELECT text FROM reviews WHERE shopper = ?1", id));
        texts.UnionWith(ReadAll(connection, "SELECT id FROM orders WHERE shopper = ?1", id));
        texts.UnionWith(ReadAll(connection, "SELECT tracking FROM orders WHERE shopper = ?1", id));
        Statement asked = connection.Prepare("SELECT DISTINCT query FROM interactions WHERE shopper = ? AND query IS NOT NULL").Bind(1, key);
        Read(asked, texts);
        Statement described = connection.Prepare("SELECT attributes FROM shoppers WHERE key = ? AND attributes IS NOT NULL").Bind(1, key);
        Read(described, texts);
        return texts.OrderByDescending(text => text.Length).ThenBy(text => text, StringComparer.Ordinal).Take(MostWords)
            .Select(text => Encoding.UTF8.GetBytes(text)).Select(bytes => bytes.Length > MostBytes ? bytes[..MostBytes] : bytes);
    }

    /// <summary>Takes ids out of what runs and rules wrote down.</summary>
    /// <returns>Results of runs that named the shopper and are gone; another run works them out again.</returns>
    private static int Erase(Connection connection, Traces traces)
    {
        foreach ((string table, string column) in Texts)
        {
            foreach ((long row, string text) in Naming(connection, $"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL", traces))
            {
                connection.Prepare($"UPDATE {table} SET {column} = ? WHERE rowid = ?").Bind(1, traces.Without(text)).Bind(2, row).Run();
            }
        }

        int results = 0;
        Statement runs = connection.Prepare("SELECT rowid, json FROM runs");
        var changed = new List<(long Row, Run Run)>();
        while (runs.Step())
        {
            Run run = JsonSerializer.Deserialize<Run>(runs.Text(1))!;
            bool named = traces.IsIn(run.Result);
            if (named || traces.IsIn(run.Request) || traces.IsIn(run.Error) || traces.IsIn(run.Progress?.Stage))
            {
                results += named ? 1 : 0;
                changed.Add((runs.Integer(0), run with
                {
                    Result = named ? null : run.Result,
                    Request = traces.Without(run.Request),
                    Error = run.Error is null ? null : traces.Without(run.Error),
                    Progress = run.Progress is null ? null : run.Progress with { Stage = traces.Without(run.Progress.Stage) },
                }));
            }
        }

        runs.Reset();
        foreach ((long row, Run run) in changed)
        {
            connection.Prepare("UPDATE runs SET json = ? WHERE rowid = ?").Bind(1, JsonSerializer.Serialize(run)).Bind(2, row).Run();
        }

        return results;
    }

    private static List<(long Row, string Text)> Naming(Connection connection, string sql, Traces traces)
    {
        var naming = new List<(long, string)>();
        Statement rows = connection.Prepare(sql);
        while (rows.Step())
        {
            if (rows.Text(1) is var text && traces.IsIn(text))
            {
                naming.Add((rows.Integer(0), text));
            }
        }

        rows.Reset();
        return naming;
    }

    private static List<string> ReadAll(Connection connection, string sql, string? id)
    {
        Statement rows = connection.Prepare(sql);
        var texts = new List<string>();
        Read(id is null ? rows : rows.Bind(1, id), texts);
        return texts;
    }

    private static void Read(Statement rows, ICollection<string> texts)
    {
        while (rows.Step())
        {
            if (rows.OptionalText(0) is { Length: > 0 } text)
            {
                texts.Add(text);
            }
        }

        rows.Reset();
    }

    private static long Delete(Connection connection, string sql, long? key)
    {
        connection.Prepare(sql).Bind(1, key).Run();
        return connection.ChangeCount;
    }

    private static long Delete(Connection connection, string sql, string id)
    {
        connection.Prepare(sql).Bind(1, id).Run();
        return connection.ChangeCount;
    }
}
