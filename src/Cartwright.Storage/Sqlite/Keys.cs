namespace Cartwright.Storage.Sqlite;

/// <summary>The whole-number keys that stand for the ids of one table inside the store; rows are made for ids that have none.</summary>
/// <param name="table">products, shoppers or sessions.</param>
/// <param name="cacheCapacity">Keys remembered, at most. Right only as long as one transaction lasts; 0 remembers none.</param>
internal sealed class Keys(Connection connection, string table, int cacheCapacity)
{
    private readonly Dictionary<string, long> _cache = new(StringComparer.Ordinal);
    private readonly Statement _find = connection.Prepare($"SELECT key FROM {table} WHERE id = ?");
    private readonly Statement _create = connection.Prepare(
        table == "products" ? $"INSERT INTO products (id, title, origin) VALUES (?1, ?1, {CatalogTables.Mentioned})" : $"INSERT INTO {table} (id) VALUES (?)");

    private string? _lastId;
    private long _lastKey;

    /// <summary>Rows that were made.</summary>
    public long CreatedCount { get; private set; }

    public long? Find(string id)
    {
        long? key = _find.Bind(1, id).Step() ? _find.Integer(0) : null;
        _find.Reset();
        return key;
    }

    public long? FindOrCreate(string? id)
    {
        if (id is null)
        {
            return null;
        }

        // Rows of one session mostly follow each other.
        if (id == _lastId && cacheCapacity > 0)
        {
            return _lastKey;
        }

        if (_cache.TryGetValue(id, out long key))
        {
            (_lastId, _lastKey) = (id, key);
            return key;
        }

        key = Find(id) ?? Create(id);
        if (cacheCapacity > 0)
        {
            if (_cache.Count >= cacheCapacity)
            {
                _cache.Clear();
            }

            _cache.Add(id, key);
        }

        return key;
    }

    private long Create(string id)
    {
        _create.Bind(1, id).Run();
        CreatedCount++;
        return connection.LastRowId;
    }
}
