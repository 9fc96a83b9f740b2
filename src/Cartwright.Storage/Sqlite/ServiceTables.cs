using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>Writes and reads what shoppers are told after they chose: the merchant's texts and the orders. Each write says whether it changed something.</summary>
internal static class ServiceTables
{
    public const string TextColumns = "id, topic, title, text";
    public const string OrderColumns = "id, at, shopper, status, expected_at, carrier, tracking, postcode, products";

    private static readonly string PutOneText = PutTexts("texts", "VALUES (?, ?, ?, ?)");
    private static readonly string PutOneOrder = PutOrders("orders", "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");

    /// <param name="rows">A VALUES or SELECT of <see cref="TextColumns"/>.</param>
    public static string PutTexts(string table, string rows) => $"""
        INSERT INTO {table} ({TextColumns}) {rows}
        ON CONFLICT (id) DO UPDATE SET topic = excluded.topic, title = excluded.title, text = excluded.text
        WHERE (topic, title, text) IS NOT (excluded.topic, excluded.title, excluded.text)
        """;

    /// <param name="rows">A VALUES or SELECT of <see cref="OrderColumns"/>.</param>
    public static string PutOrders(string table, string rows) => $"""
        INSERT INTO {table} ({OrderColumns}) {rows}
        ON CONFLICT (id) DO UPDATE SET at = excluded.at, shopper = excluded.shopper, status = excluded.status, expected_at = excluded.expected_at,
            carrier = excluded.carrier, tracking = excluded.tracking, postcode = excluded.postcode, products = excluded.products
        WHERE (at, shopper, status, expected_at, carrier, tracking, postcode, products) IS NOT
            (excluded.at, excluded.shopper, excluded.status, excluded.expected_at, excluded.carrier, excluded.tracking, excluded.postcode, excluded.products)
        """;

    public static bool Put(Connection connection, ShopText text)
    {
        connection.Prepare(PutOneText).Bind(1, text.Id).Bind(2, text.Topic).Bind(3, text.Title).Bind(4, text.Text).Run();
        return connection.ChangeCount > 0;
    }

    public static bool Put(Connection connection, Order order)
    {
        connection.Prepare(PutOneOrder)
            .Bind(1, order.Id)
            .Bind(2, ColumnValue.From(order.At))
            .Bind(3, order.Shopper)
            .Bind(4, order.Status)
            .Bind(5, ColumnValue.From(order.ExpectedAt))
            .Bind(6, order.Carrier)
            .Bind(7, order.Tracking)
            .Bind(8, order.Postcode)
            .Bind(9, ColumnValue.From(order.Products, '|'))
            .Run();
        return connection.ChangeCount > 0;
    }

    public static IEnumerable<ShopText> Texts(Connection connection)
    {
        Statement rows = connection.Prepare($"SELECT {TextColumns} FROM texts ORDER BY rowid");
        while (rows.Step())
        {
            yield return new ShopText { Id = rows.Text(0), Topic = rows.OptionalText(1), Title = rows.Text(2), Text = rows.Text(3) };
        }
    }

    public static IEnumerable<Order> Orders(Connection connection) => Read(connection.Prepare($"SELECT {OrderColumns} FROM orders ORDER BY rowid"));

    public static Order? FindOrder(Connection connection, string id)
    {
        Statement row = connection.Prepare($"SELECT {OrderColumns} FROM orders WHERE id = ? COLLATE NOCASE ORDER BY id LIMIT 1").Bind(1, id);
        Order? order = Read(row).FirstOrDefault();
        row.Reset();
        return order;
    }

    /// <summary>The first with this status that has a shopper and a postcode.</summary>
    public static Order? FindOrderWithStatus(Connection connection, string status)
    {
        Statement row = connection.Prepare($"SELECT {OrderColumns} FROM orders WHERE status = ? AND shopper IS NOT NULL AND postcode IS NOT NULL ORDER BY rowid LIMIT 1").Bind(1, status);
        Order? order = Read(row).FirstOrDefault();
        row.Reset();
        return order;
    }

    /// <summary>A shopper's orders, newest first.</summary>
    public static IReadOnlyList<Order> OrdersOf(Connection connection, string shopper, int count)
    {
        Statement rows = connection.Prepare($"SELECT {OrderColumns} FROM orders WHERE shopper = ? ORDER BY at DESC, rowid DESC LIMIT ?").Bind(1, shopper).Bind(2, count);
        Order[] orders = [.. Read(rows)];
        rows.Reset();
        return orders;
    }

    private static IEnumerable<Order> Read(Statement rows)
    {
        while (rows.Step())
        {
            yield return new Order
            {
                Id = rows.Text(0),
                At = ColumnValue.Time(rows.OptionalInteger(1)),
                Shopper = rows.OptionalText(2),
                Status = rows.Text(3),
                ExpectedAt = ColumnValue.Time(rows.OptionalInteger(4)),
                Carrier = rows.OptionalText(5),
                Tracking = rows.OptionalText(6),
                Postcode = rows.OptionalText(7),
                Products = ColumnValue.Words(rows.OptionalText(8), '|'),
            };
        }
    }
}
