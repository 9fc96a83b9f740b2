using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>A view of the shop as one reading transaction: what is written meanwhile does not show.</summary>
internal sealed class SqliteReading : IShopReading
{
    private readonly Connection _connection;
    private readonly Action<Connection> _onEnd;

    public SqliteReading(Connection connection, Action<Connection> onEnd)
    {
        _connection = connection;
        _onEnd = onEnd;
        connection.Execute("BEGIN");
    }

    public ShopInfo Info => CatalogTables.ReadInfo(_connection);

    public IEnumerable<Product> Products() => CatalogTables.Products(_connection).Select(row => row.Product).Where(product => !product.IsMentioned);

    public IEnumerable<Shopper> Shoppers() => CatalogTables.Shoppers(_connection).Select(row => row.Shopper);

    public IEnumerable<Interaction> Interactions()
    {
        Statement rows = _connection.Prepare("""
            SELECT i.id, i.at, shoppers.id, sessions.id, i.kind, products.id, i.quantity, i.price, i.query, i.position, i.value
            FROM interactions AS i
            LEFT JOIN shoppers ON shoppers.key = i.shopper
            LEFT JOIN sessions ON sessions.key = i.session
            LEFT JOIN products ON products.key = i.product
            WHERE products.is_removed IS NOT 1
            ORDER BY i.sequence
            """);
        while (rows.Step())
        {
            yield return new Interaction
            {
                Id = rows.Text(0),
                At = ColumnValue.Time(rows.Integer(1)),
                Shopper = rows.OptionalText(2),
                Session = rows.OptionalText(3),
                Kind = (InteractionKind)rows.Integer(4),
                Product = rows.OptionalText(5),
                Quantity = rows.OptionalReal(6),
                Price = ColumnValue.Price(rows.OptionalInteger(7)),
                Query = rows.OptionalText(8),
                Position = (int?)rows.OptionalInteger(9),
                Value = rows.OptionalReal(10),
            };
        }
    }

    public IEnumerable<Sale> Sales() => HistoryTables.Sales(_connection);

    public IEnumerable<Review> Reviews() => HistoryTables.Reviews(_connection);

    public IEnumerable<CompetitorPrice> CompetitorPrices() => HistoryTables.CompetitorPrices(_connection);

    public IEnumerable<Search> Searches() => HistoryTables.Searches(_connection);

    public IEnumerable<Judgment> Judgments() => HistoryTables.Judgments(_connection);

    public IEnumerable<Utterance> Utterances() => HistoryTables.Utterances(_connection);

    public IEnumerable<ShopText> Texts() => ServiceTables.Texts(_connection);

    public IEnumerable<Order> Orders() => ServiceTables.Orders(_connection);

    public Snapshot ReadSnapshot(CancellationToken cancellationToken)
    {
        var builder = new SnapshotBuilder();
        Dictionary<long, int> products = CatalogTables.Products(_connection).ToDictionary(row => row.Key, row => builder.AddProduct(row.Product));
        Dictionary<long, int> shoppers = CatalogTables.Shoppers(_connection).ToDictionary(row => row.Key, row => builder.AddShopper(row.Shopper));
        Dictionary<long, int> sessions = ReadSessions(builder);

        long sequence = 0;
        Statement rows = _connection.Prepare("""
            SELECT sequence, at, shopper, session, kind, product, quantity, price, value, position FROM interactions ORDER BY sequence
            """);
        for (int count = 1; rows.Step(); count++)
        {
            sequence = rows.Integer(0);
            int product = rows.OptionalInteger(5) is { } key ? products.GetValueOrDefault(key, RemovedProduct) : Snapshot.None;
            if (product == RemovedProduct)
            {
                continue;
            }

            builder.Add(
                rows.OptionalInteger(2) is { } shopper ? shoppers[shopper] : Snapshot.None,
                rows.OptionalInteger(3) is { } session ? sessions[session] : Snapshot.None,
                product,
                (InteractionKind)rows.Integer(4),
                rows.Integer(1),
                (float)(rows.OptionalReal(6) ?? 1),
                (float?)ColumnValue.Price(rows.OptionalInteger(7)) ?? float.NaN,
                (float?)rows.OptionalReal(8) ?? float.NaN,
                (int?)rows.OptionalInteger(9) ?? 0);
            if (count % 65_536 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return builder.Build(Info, sequence);
    }

    private const int RemovedProduct = -2;

    public void Dispose()
    {
        _connection.Rollback();
        _onEnd(_connection);
    }

    private Dictionary<long, int> ReadSessions(SnapshotBuilder builder)
    {
        var sessions = new Dictionary<long, int>();
        Statement rows = _connection.Prepare("SELECT key, id FROM sessions ORDER BY key");
        while (rows.Step())
        {
            sessions.Add(rows.Integer(0), builder.MentionSession(rows.Text(1)));
        }

        return sessions;
    }
}
