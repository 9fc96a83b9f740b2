using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>An import as one transaction of the writing connection.</summary>
/// <remarks>
/// Into an empty shop, interactions go in without their index of ids, which is built at the end from sorted ids and then
/// shows which ones came twice. Into a shop that has some, each id is looked up before it goes in.
/// </remarks>
internal sealed class SqliteImport : IShopImport
{
    /// <summary>Keys of ids kept in memory per table: some 100 bytes each.</summary>
    private const int CachedKeys = 200_000;

    private readonly Connection _connection;
    private readonly Action _onEnd;
    private readonly InteractionTable _interactions;
    private readonly ContentId _contentId = new();
    private readonly bool _isFirst;
    private long _appended;
    private bool _isEnded;

    /// <param name="onEnd">Called once, when the connection is free again.</param>
    public SqliteImport(Connection connection, Action onEnd)
    {
        _connection = connection;
        _onEnd = onEnd;
        _interactions = new InteractionTable(connection, CachedKeys);
        connection.Execute("BEGIN IMMEDIATE");
        _isFirst = connection.ReadInteger("SELECT EXISTS (SELECT 1 FROM interactions)") == 0;
        if (_isFirst)
        {
            connection.Execute("DROP INDEX interactions_by_id");
        }
    }

    public void SetInfo(ShopInfo info) => CatalogTables.PutInfo(_connection, info);

    public int Put(IReadOnlyList<Product> products) => products.Count(product => CatalogTables.Put(_connection, product));

    public int Put(IReadOnlyList<Shopper> shoppers) => shoppers.Count(shopper => CatalogTables.Put(_connection, shopper));

    public int Put(IReadOnlyList<Sale> sales) => sales.Count(sale => HistoryTables.Put(_connection, sale));

    public int Put(IReadOnlyList<CompetitorPrice> prices) => prices.Count(price => HistoryTables.Put(_connection, price));

    public int Put(IReadOnlyList<Judgment> judgments) => judgments.Count(judgment => HistoryTables.Put(_connection, judgment));

    public int Append(IReadOnlyList<Review> reviews) => reviews.Count(review => HistoryTables.Append(_connection, review, _contentId));

    public int Append(IReadOnlyList<Search> searches) => searches.Count(search => HistoryTables.Append(_connection, search, _contentId));

    public int Append(IReadOnlyList<Utterance> utterances)
        => utterances.Count(utterance => HistoryTables.Append(_connection, utterance, _contentId));

    public void Append(IReadOnlyList<Interaction> interactions)
    {
        foreach (Interaction interaction in interactions)
        {
            _appended += _interactions.Add(_interactions.IdOf(interaction), interaction, isKnownNew: _isFirst) ? 1 : 0;
        }
    }

    public Task<ImportTotals> CompleteAsync(CancellationToken cancellationToken = default) => Task.Run(
        () =>
        {
            if (_isFirst)
            {
                _connection.Execute("CREATE INDEX interactions_by_id ON interactions (id_hash)");
                _appended -= DeleteRepeated();
            }

            cancellationToken.ThrowIfCancellationRequested();
            long unknown = _connection.ReadInteger("SELECT COUNT(*) FROM judgments WHERE product NOT IN (SELECT id FROM products)");
            _connection.Execute("COMMIT");
            End();
            return new ImportTotals(_appended, _interactions.Products.CreatedCount, _interactions.Shoppers.CreatedCount, unknown);
        }, cancellationToken);

    public ValueTask DisposeAsync()
    {
        if (!_isEnded)
        {
            try
            {
                _connection.Rollback();
            }
            finally
            {
                End();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Of the interactions with one id, the first stays.</summary>
    private int DeleteRepeated()
    {
        _connection.Execute("""
            DELETE FROM interactions WHERE sequence IN (
                SELECT sequence FROM (
                    SELECT sequence, ROW_NUMBER() OVER (PARTITION BY id_hash, id ORDER BY sequence) AS occurrence
                    FROM interactions
                    WHERE id_hash IN (SELECT id_hash FROM interactions GROUP BY id_hash HAVING COUNT(*) > 1))
                WHERE occurrence > 1)
            """);
        return _connection.ChangeCount;
    }

    private void End()
    {
        _isEnded = true;
        _onEnd();
    }
}
