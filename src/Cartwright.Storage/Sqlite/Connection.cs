using Cartwright.Commerce.Catalog;
using SQLitePCL;

namespace Cartwright.Storage.Sqlite;

/// <summary>One open SQLite database. Used by one thread at a time.</summary>
/// <remarks>Straight over the C interface: an import binds some ten values for each of millions of rows.</remarks>
internal sealed class Connection : IDisposable
{
    /// <summary>How long a call waits for another process that writes, in milliseconds.</summary>
    private const int BusyMilliseconds = 10_000;

    private readonly sqlite3 _handle;
    private readonly string _name;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    static Connection() => Batteries_V2.Init();

    private Connection(sqlite3 handle, string name)
    {
        _handle = handle;
        _name = name;
    }

    /// <exception cref="StorageException">The file can't be opened.</exception>
    public static Connection Open(string path) => Open(path, path);

    /// <summary>Opens an empty database in a file that the system deletes as soon as the connection ends, however it ends.</summary>
    /// <param name="shopPath">The shop it is for; errors name it.</param>
    public static Connection OpenTemporary(string shopPath) => Open("", $"{shopPath} (or the temporary file of an import into it)");

    private static Connection Open(string path, string name)
    {
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle,
            raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new Connection(handle, name);
        try
        {
            connection.Check(code);
            connection.Check(raw.sqlite3_extended_result_codes(handle, 1));
            connection.Check(raw.sqlite3_busy_timeout(handle, BusyMilliseconds));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that return nothing.</summary>
    public void Execute(string sql)
    {
        string rest = sql;
        while (rest.Trim().Length > 0)
        {
            Check(raw.sqlite3_prepare_v2(_handle, rest, out sqlite3_stmt prepared, out rest));
            using var statement = new Statement(this, prepared);
            while (statement.Step())
            {
            }
        }
    }

    /// <summary>A statement ready to be bound, prepared once and kept. Asked for again before it is done, it starts over.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            Check(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt prepared));
            statement = new Statement(this, prepared);
            _statements.Add(sql, statement);
        }

        statement.Reset();
        return statement;
    }

    /// <summary>The first column of the first row, or 0.</summary>
    public long ReadInteger(string sql)
    {
        Statement statement = Prepare(sql);
        long value = statement.Step() ? statement.Integer(0) : 0;
        statement.Reset();
        return value;
    }

    /// <summary>Rows that the last statement changed.</summary>
    public int ChangeCount => raw.sqlite3_changes(_handle);

    public long LastRowId => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Does the work in one transaction that holds the right to write from its start; undone where the work throws.</summary>
    public T Write<T>(Func<T> work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            T result = work();
            Execute("COMMIT");
            return result;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Lets go of every row that a statement still stands on.</summary>
    public void ResetAll()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Reset();
        }
    }

    public void Rollback()
    {
        ResetAll();
        if (IsInTransaction)
        {
            Execute("ROLLBACK");
        }
    }

    /// <exception cref="StorageException">The code is an error.</exception>
    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return;
        }

        string message = raw.sqlite3_errmsg(_handle).utf8_to_string();
        throw (code & 0xFF) switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StorageException(
                $"{_name} is being written by another process ({message}). Try again when it is done.", isTransient: true),
            raw.SQLITE_FULL or raw.SQLITE_IOERR => new StorageException(
                $"The disk refuses {_name} ({message}, code {code}). Look for free space and try again.", isTransient: true),
            raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM => new StorageException(
                $"{_name} can't be opened for writing ({message}). Check that the folder is there and may be written.", isTransient: false),
            raw.SQLITE_NOTADB => new StorageException(
                $"{_name} is not a shop's database. Move it away, or choose another folder.", isTransient: false),
            raw.SQLITE_CORRUPT => new StorageException(
                $"{_name} is damaged ({message}). Restore it from a backup, or import the shop folder into a new shop.", isTransient: false),
            _ => new StorageException($"{_name}: SQLite says {message} (code {code}).", isTransient: false),
        };
    }

    public void Dispose()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _handle.Dispose();
    }
}
