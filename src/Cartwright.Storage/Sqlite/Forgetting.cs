using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>Deletes all that a shop keeps about one shopper.</summary>
internal static class Forgetting
{
    /// <returns>What went; null where nothing names this shopper.</returns>
    public static ForgottenShopper? Forget(Connection connection, string id)
    {
        long? key = new Keys(connection, "shoppers", cacheCapacity: 0).Find(id);
        connection.Execute("""
            CREATE TEMP TABLE IF NOT EXISTS their_sessions (key INTEGER PRIMARY KEY, id TEXT);
            DELETE FROM their_sessions
            """);

        // A session may have begun before they signed in: those interactions name no shopper and are theirs.
        connection.Prepare("""
            INSERT OR IGNORE INTO their_sessions (key, id)
            SELECT DISTINCT session, sessions.id FROM interactions JOIN sessions ON sessions.key = session WHERE shopper = ?
            """).Bind(1, key).Run();
        connection.Prepare("""
            INSERT OR IGNORE INTO their_sessions (key, id)
            SELECT sessions.key, sessions.id FROM searches JOIN sessions ON sessions.id = searches.session WHERE searches.shopper = ?
            """).Bind(1, id).Run();

        InteractionTable.KeepLastSequence(connection);
        long interactions = Delete(connection,
            "DELETE FROM interactions WHERE shopper = ?1 OR (shopper IS NULL AND session IN (SELECT key FROM their_sessions))", key);
        long searches = Delete(connection,
            "DELETE FROM searches WHERE shopper = ?1 OR (shopper IS NULL AND session IN (SELECT id FROM their_sessions))", id);
        long reviews = Delete(connection, "DELETE FROM reviews WHERE shopper = ?1", id);
        long orders = Delete(connection, "DELETE FROM orders WHERE shopper = ?1", id);
        long handOvers = Delete(connection,
            "DELETE FROM handovers WHERE shopper = ?1 OR (shopper IS NULL AND session IN (SELECT id FROM their_sessions))", id);
        long exposures = Delete(connection,
            "DELETE FROM exposures WHERE shopper = ?1 OR (shopper IS NULL AND session IN (SELECT id FROM their_sessions))", id);
        connection.Execute("""
            DELETE FROM sessions WHERE key IN (SELECT key FROM their_sessions)
                AND key NOT IN (SELECT session FROM interactions WHERE session IN (SELECT key FROM their_sessions));
            DELETE FROM their_sessions
            """);
        long rows = Delete(connection, "DELETE FROM shoppers WHERE key = ?1", key);
        rows += ExperimentTable.Forget(connection, id) + exposures;
        return rows + interactions + searches + reviews + orders + handOvers == 0 ? null
            : new ForgottenShopper(id, interactions, reviews, searches, orders, handOvers);
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
