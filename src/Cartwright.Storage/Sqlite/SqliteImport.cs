using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>An import: gathered in a temporary database of its own while others write the shop, then merged in one transaction.</summary>
/// <remarks>
/// The temporary database has the tables of a shop. Interactions that the shop has are left out while they are gathered, so
/// the merge, for which others wait, handles what is new and nothing else.
/// </remarks>
internal sealed class SqliteImport : IShopImport
{
    /// <summary>Keys of ids kept in memory per table: some 100 bytes each.</summary>
    private const int CachedKeys = 200_000;

    private readonly GroupCommit _writer;
    private readonly Connection _connection;
    private readonly InteractionTable _interactions;
    private readonly Statement _findKept;
    private readonly ContentId _contentId = new();
    private readonly long _lastKept;

    /// <summary>Rows of products and shoppers up to these keys were described; later ones were only mentioned.</summary>
    private (long Products, long Shoppers)? _described;

    /// <param name="writer">Gives the right to write to the shop's file.</param>
    private SqliteImport(GroupCommit writer, Connection connection)
    {
        _writer = writer;
        _connection = connection;
        _interactions = new InteractionTable(connection, CachedKeys);
        _findKept = connection.Prepare("SELECT 1 FROM kept.interactions WHERE id_hash = ? AND id = ?");
        _lastKept = InteractionTable.ReadLastSequence(connection, "kept");
        connection.Execute("DROP INDEX main.interactions_by_id");
    }

    /// <param name="path">The shop's file.</param>
    public static SqliteImport Begin(string path, GroupCommit writer, DateTimeOffset now)
    {
        var connection = Connection.OpenTemporary(path);
        try
        {
            // Nobody else sees the temporary file, and nobody needs it after a crash: no log, no waiting for the disk.
            connection.Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; PRAGMA threads = 2");
            Migrations.Apply(connection, path, now);
            connection.Prepare("ATTACH ? AS kept").Bind(1, path).Run();
            connection.Execute("PRAGMA kept.synchronous = FULL; PRAGMA kept.secure_delete = ON; PRAGMA kept.cache_size = -65536; PRAGMA wal_autocheckpoint = 0");
            return new SqliteImport(writer, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void SetInfo(ShopInfo info) => CatalogTables.PutInfo(_connection, info);

    public void Put(IReadOnlyList<Product> products) => Gather(products, product => CatalogTables.Put(_connection, product));

    public void Put(IReadOnlyList<Shopper> shoppers) => Gather(shoppers, shopper => CatalogTables.Put(_connection, shopper));

    public void Put(IReadOnlyList<Sale> sales) => Gather(sales, sale => HistoryTables.Put(_connection, sale));

    public void Put(IReadOnlyList<CompetitorPrice> prices) => Gather(prices, price => HistoryTables.Put(_connection, price));

    public void Put(IReadOnlyList<Judgment> judgments) => Gather(judgments, judgment => HistoryTables.Put(_connection, judgment));

    public void Put(IReadOnlyList<ShopText> texts) => Gather(texts, text => ServiceTables.Put(_connection, text));

    public void Put(IReadOnlyList<Order> orders) => Gather(orders, order => ServiceTables.Put(_connection, order));

    public void Append(IReadOnlyList<Review> reviews) => Gather(reviews, review => HistoryTables.Append(_connection, review, _contentId));

    public void Append(IReadOnlyList<Search> searches) => Gather(searches, search => HistoryTables.Append(_connection, search, _contentId));

    public void Append(IReadOnlyList<Utterance> utterances)
        => Gather(utterances, utterance => HistoryTables.Append(_connection, utterance, _contentId));

    public void Append(IReadOnlyList<Interaction> interactions)
    {
        _described ??= Described();
        Gather(interactions, interaction =>
        {
            string id = _interactions.IdOf(interaction);
            return (_lastKept == 0 || !_interactions.Exists(id, _findKept)) && _interactions.Add(id, interaction, isKnownNew: true);
        });
    }

    public Task<ImportTotals> CompleteAsync(CancellationToken cancellationToken = default) => Task.Run(
        async () =>
        {
            _connection.Execute("CREATE INDEX main.interactions_by_id ON interactions (id_hash)");
            DeleteRepeated();
            (long products, long shoppers) = _described ?? Described();
            var merge = new ImportMerge(_connection, products, shoppers, _lastKept);
            ImportTotals totals;
            await _writer.TakeAsync(cancellationToken);
            try
            {
                totals = _connection.Write(merge.Run);
            }
            finally
            {
                _writer.Release();
            }

            // Others write again while the log goes into the file.
            _connection.ReadInteger("PRAGMA kept.wal_checkpoint(PASSIVE)");
            return totals;
        }, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Keeps a batch in one transaction, which reads the shop's file and locks nobody out of it.</summary>
    private void Gather<T>(IReadOnlyList<T> records, Func<T, bool> put)
    {
        _connection.Execute("BEGIN");
        foreach (T record in records)
        {
            put(record);
        }

        _connection.Execute("COMMIT");
    }

    private (long Products, long Shoppers) Described() => (
        _connection.ReadInteger("SELECT MAX(key) FROM products"), _connection.ReadInteger("SELECT MAX(key) FROM shoppers"));

    /// <summary>Of the interactions with one id, the first stays.</summary>
    private void DeleteRepeated() => _connection.Execute("""
        DELETE FROM interactions WHERE sequence IN (
            SELECT sequence FROM (
                SELECT sequence, ROW_NUMBER() OVER (PARTITION BY id_hash, id ORDER BY sequence) AS occurrence
                FROM interactions
                WHERE id_hash IN (SELECT id_hash FROM interactions GROUP BY id_hash HAVING COUNT(*) > 1))
            WHERE occurrence > 1)
        """);
}
