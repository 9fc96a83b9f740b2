using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>The tables, as steps from an empty database to what this program reads. A step that was published never changes.</summary>
internal static class Migrations
{
    /// <summary>"Cart" in ASCII, written into the file's header: says whose database it is.</summary>
    private const int ApplicationId = 0x43617274;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE shop (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE products (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, is_removed INTEGER NOT NULL DEFAULT 0,
            title TEXT NOT NULL, description TEXT, category TEXT, brand TEXT, price INTEGER, cost INTEGER, stock INTEGER,
            created_at INTEGER, image TEXT, tags TEXT, attributes TEXT) STRICT;

        CREATE TABLE shoppers (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created_at INTEGER, attributes TEXT) STRICT;

        CREATE TABLE sessions (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;

        CREATE TABLE interactions (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, id_hash INTEGER NOT NULL, at INTEGER NOT NULL,
            shopper INTEGER, session INTEGER, kind INTEGER NOT NULL, product INTEGER,
            quantity REAL, price INTEGER, query TEXT, position INTEGER, value REAL) STRICT;
        CREATE INDEX interactions_by_id ON interactions (id_hash);

        CREATE TABLE sales (
            product TEXT NOT NULL, store TEXT NOT NULL, date INTEGER NOT NULL, units REAL NOT NULL, price INTEGER, promoted REAL,
            covariates TEXT, PRIMARY KEY (product, store, date)) STRICT, WITHOUT ROWID;
        CREATE TABLE reviews (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER, shopper TEXT, product TEXT NOT NULL,
            rating REAL, title TEXT, text TEXT) STRICT;
        CREATE TABLE competitor_prices (
            product TEXT NOT NULL, competitor TEXT NOT NULL, at INTEGER NOT NULL, price INTEGER NOT NULL,
            PRIMARY KEY (product, competitor, at)) STRICT, WITHOUT ROWID;
        CREATE TABLE searches (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER, session TEXT, shopper TEXT, query TEXT NOT NULL,
            shown TEXT NOT NULL, clicked TEXT NOT NULL) STRICT;
        CREATE TABLE judgments (
            query TEXT NOT NULL, product TEXT NOT NULL, grade REAL NOT NULL, PRIMARY KEY (query, product)) STRICT, WITHOUT ROWID;
        CREATE TABLE utterances (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, intent TEXT NOT NULL,
            slots TEXT NOT NULL, split TEXT) STRICT;

        CREATE TABLE runs (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
        CREATE TABLE run_points (run TEXT NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
        CREATE INDEX run_points_by_run ON run_points (run);
        CREATE TABLE api_keys (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, roles INTEGER NOT NULL, hash BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT;
        CREATE TABLE import_reports (id TEXT PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
        """,
        """
        CREATE TABLE price_proposals (id TEXT PRIMARY KEY, at INTEGER NOT NULL, status INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
        CREATE INDEX price_proposals_by_status ON price_proposals (status, at);
        """,
        "ALTER TABLE price_proposals ADD COLUMN demand TEXT",
        "CREATE TABLE picture_corrections (id TEXT PRIMARY KEY, at INTEGER NOT NULL, product TEXT, label TEXT NOT NULL, picture BLOB) STRICT",
        """
        CREATE TABLE texts (id TEXT PRIMARY KEY, topic TEXT, title TEXT NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE TABLE orders (
            id TEXT PRIMARY KEY, at INTEGER, shopper TEXT, status TEXT NOT NULL, expected_at INTEGER,
            carrier TEXT, tracking TEXT, postcode TEXT, products TEXT) STRICT;
        CREATE INDEX orders_by_shopper ON orders (shopper, at);
        """,
        """
        CREATE TABLE automation_rules (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
        CREATE TABLE automation_runs (
            id TEXT PRIMARY KEY, rule TEXT NOT NULL, firing TEXT NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL, UNIQUE (rule, firing)) STRICT;
        CREATE INDEX automation_runs_by_time ON automation_runs (rule, at);
        CREATE TABLE automation_changes (
            id TEXT PRIMARY KEY, run TEXT NOT NULL, rule TEXT NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL, done_at INTEGER, json TEXT NOT NULL) STRICT;
        CREATE INDEX automation_changes_by_run ON automation_changes (run);
        CREATE INDEX automation_changes_by_state ON automation_changes (state, at);
        CREATE INDEX automation_changes_by_done ON automation_changes (done_at);
        CREATE TABLE automation_steps (change TEXT NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL, note TEXT) STRICT;
        CREATE INDEX automation_steps_by_change ON automation_steps (change);
        CREATE TABLE experiments (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
        CREATE TABLE experiment_units (
            experiment TEXT NOT NULL, unit TEXT NOT NULL, sequence INTEGER NOT NULL, arm TEXT NOT NULL, at INTEGER NOT NULL, value REAL,
            PRIMARY KEY (experiment, unit)) STRICT, WITHOUT ROWID;
        CREATE INDEX experiment_units_by_sequence ON experiment_units (experiment, sequence);
        CREATE TABLE slots (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
        CREATE TABLE choices (
            id TEXT PRIMARY KEY, slot TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, shopper TEXT, arm TEXT NOT NULL, propensity REAL NOT NULL,
            reward REAL, UNIQUE (slot, number)) STRICT;
        CREATE INDEX choices_by_shopper ON choices (shopper);
        CREATE INDEX experiment_units_by_unit ON experiment_units (unit);
        """,
        """
        CREATE INDEX orders_by_typed_id ON orders (id COLLATE NOCASE);
        CREATE TABLE handovers (
            id TEXT PRIMARY KEY, at INTEGER NOT NULL, shopper TEXT, session TEXT, closed_at INTEGER, json TEXT NOT NULL) STRICT;
        """,
        """
        CREATE TABLE slot_arms (
            slot TEXT NOT NULL, arm TEXT NOT NULL, chosen INTEGER NOT NULL, reward REAL NOT NULL, weighted REAL NOT NULL, PRIMARY KEY (slot, arm)) STRICT, WITHOUT ROWID;
        INSERT INTO slot_arms
            SELECT slot, arm, COUNT(*), COALESCE(SUM(reward), 0), COALESCE(SUM(reward / propensity), 0) FROM choices GROUP BY slot, arm;
        CREATE INDEX choices_without_reward ON choices (slot, arm, at) WHERE reward IS NULL;
        """,
        """
        CREATE TABLE automation_leases (worker TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT;
        """,
        """
        CREATE TABLE exposures (
            sequence INTEGER PRIMARY KEY, list TEXT NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL, shopper TEXT, session TEXT, policy TEXT NOT NULL,
            product TEXT NOT NULL, propensity REAL NOT NULL, model_product TEXT NOT NULL, UNIQUE (list, place)) STRICT;
        CREATE INDEX exposures_by_shopper ON exposures (shopper) WHERE shopper IS NOT NULL;
        CREATE INDEX exposures_by_session ON exposures (session) WHERE session IS NOT NULL;
        """,
        """
        ALTER TABLE products ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
        CREATE TEMPORARY TABLE named AS SELECT key FROM products
            WHERE title = id AND COALESCE(description, category, brand, price, cost, stock, created_at, image, tags, attributes) IS NULL
                AND key IN (SELECT product FROM interactions);
        UPDATE products SET origin = CASE WHEN (SELECT COUNT(*) FROM named) < (SELECT COUNT(*) FROM products) THEN 1 ELSE 2 END
            WHERE key IN (SELECT key FROM named);
        DROP TABLE named;
        """,
    ];

    /// <summary>Brings the database to the newest step, in one transaction.</summary>
    /// <exception cref="StorageException">The database is somebody else's, or newer than this program.</exception>
    public static void Apply(Connection connection, string path, DateTimeOffset now)
    {
        Check(connection, path);
        connection.Write(() =>
        {
            // Another process may have been first while this one waited.
            long version = Check(connection, path);
            if (version == 0)
            {
                connection.Execute($"""
                    PRAGMA application_id = {ApplicationId};
                    CREATE TABLE migrations (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT;
                    """);
            }

            for (long step = version; step < Steps.Length; step++)
            {
                connection.Execute(Steps[step]);
                connection.Prepare("INSERT INTO migrations (version, applied_at) VALUES (?, ?)")
                    .Bind(1, step + 1).Bind(2, ColumnValue.From(now)).Run();
            }

            return 0;
        });
    }

    /// <returns>Steps that the database has taken.</returns>
    private static long Check(Connection connection, string path)
    {
        bool isEmpty = connection.ReadInteger("SELECT COUNT(*) FROM sqlite_master") == 0;
        if (isEmpty)
        {
            return 0;
        }

        if (connection.ReadInteger("PRAGMA application_id") != ApplicationId)
        {
            throw new StorageException($"{path} is another program's database. Choose another folder for the shop.", isTransient: false);
        }

        long version = connection.ReadInteger("SELECT MAX(version) FROM migrations");
        return version <= Steps.Length ? version : throw new StorageException(
            $"{path} was written by a newer Cartwright (step {version}; this one knows {Steps.Length}). Update this program.", isTransient: false);
    }
}
