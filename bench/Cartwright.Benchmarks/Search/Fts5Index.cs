using Cartwright.Storage.Sqlite;

namespace Cartwright.Benchmarks.Search;

/// <summary>SQLite's full-text index in memory, as the peer of ours.</summary>
internal sealed class Fts5Index : IDisposable
{
    /// <summary>Splits at what is no letter or digit, and drops accents.</summary>
    public const string Plain = "unicode61 remove_diacritics 2";

    /// <summary>Takes English endings off too.</summary>
    public const string Stemmed = "porter unicode61 remove_diacritics 2";

    private readonly Connection _database = Connection.Open(":memory:");

    /// <param name="texts">By row, from 0.</param>
    public Fts5Index(string tokenizer, IEnumerable<string> texts)
    {
        _database.Execute($"CREATE VIRTUAL TABLE t USING fts5(text, tokenize='{tokenizer}')");
        _database.Execute("BEGIN");
        int row = 0;
        foreach (string text in texts)
        {
            _database.Prepare("INSERT INTO t(rowid, text) VALUES (?, ?)").Bind(1, ++row).Bind(2, text).Run();
        }

        _database.Execute("COMMIT; INSERT INTO t(t) VALUES ('optimize')");
    }

    /// <summary>The rows with the lowest bm25, best first.</summary>
    public int[] Best(string match, int count)
    {
        var rows = new List<int>(count);
        Statement statement = _database.Prepare("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?").Bind(1, match).Bind(2, count);
        while (statement.Step())
        {
            rows.Add((int)statement.Integer(0) - 1);
        }

        statement.Reset();
        return [.. rows];
    }

    public void Dispose() => _database.Dispose();
}
