using System.Text;
using SQLitePCL;

namespace Cartwright.Storage.Sqlite;

/// <summary>A prepared statement: bind from 1, step, read columns from 0.</summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    private const int StackBytes = 512;

    /// <summary>A bit for each parameter that is NULL now, as all are at first: values stay bound, and most of a row is empty.</summary>
    private ulong _nulls = ulong.MaxValue;

    public Statement Bind(int index, long? value) => value is { } number ? Bound(index, raw.sqlite3_bind_int64(handle, index, number)) : BindNull(index);

    public Statement Bind(int index, double? value) => value is { } number ? Bound(index, raw.sqlite3_bind_double(handle, index, number)) : BindNull(index);

    public Statement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> bytes = most <= StackBytes ? stackalloc byte[StackBytes] : new byte[most];
        return Bind(index, bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
    }

    /// <summary>Binds UTF-8 text.</summary>
    public Statement Bind(int index, ReadOnlySpan<byte> text)
    {
        // A null pointer would bind NULL, and that is what an empty span is.
        return Bound(index, text.IsEmpty ? raw.sqlite3_bind_text(handle, index, "") : raw.sqlite3_bind_text(handle, index, text));
    }

    public Statement BindBlob(int index, ReadOnlySpan<byte> bytes) => Bound(index, raw.sqlite3_bind_blob(handle, index, bytes));

    /// <returns>True where it stands on a row; false where it is done.</returns>
    public bool Step()
    {
        int code = raw.sqlite3_step(handle);
        connection.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Steps to the end and makes it ready to be bound again.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Lets go of the row it stands on, and of what it locks.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Integer(int column) => raw.sqlite3_column_int64(handle, column);

    public long? OptionalInteger(int column) => IsNull(column) ? null : Integer(column);

    public double Real(int column) => raw.sqlite3_column_double(handle, column);

    public double? OptionalReal(int column) => IsNull(column) ? null : Real(column);

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public void Dispose() => handle.Dispose();

    private Statement Bound(int index, int code)
    {
        connection.Check(code);
        _nulls &= ~(1UL << index);
        return this;
    }

    private Statement BindNull(int index)
    {
        ulong bit = 1UL << index;
        if ((_nulls & bit) == 0)
        {
            connection.Check(raw.sqlite3_bind_null(handle, index));
            _nulls |= bit;
        }

        return this;
    }
}
