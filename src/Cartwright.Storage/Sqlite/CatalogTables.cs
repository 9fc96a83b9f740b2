using System.Text.Json;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>Writes and reads the rows of the tables that are not interactions. Each write says whether it changed something.</summary>
internal static class CatalogTables
{
    public const string ProductColumns = "id, title, description, category, brand, price, cost, stock, created_at, image, tags, attributes";
    public const string ShopperColumns = "id, created_at, attributes";

    /// <summary>Of a product: the catalog has it.</summary>
    public const int Described = 0;

    /// <summary>Of a product: interactions name it, and the catalog does not have it.</summary>
    public const int Mentioned = 1;

    /// <summary>Of a product: it was imported by the interactions of a shop that has no catalog.</summary>
    public const int WithoutCatalog = 2;

    /// <summary>Says of a row of products that the shop has it now.</summary>
    public const string IsListed = "is_removed = 0 AND origin <> 1";

    private static readonly string PutOneProduct = PutProducts("products", "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    private static readonly string PutOneShopper = PutShoppers("shoppers", "VALUES (?, ?, ?)");

    /// <param name="rows">A VALUES or SELECT of <see cref="ProductColumns"/>.</param>
    public static string PutProducts(string table, string rows) => $"""
        INSERT INTO {table} ({ProductColumns}) {rows}
        ON CONFLICT (id) DO UPDATE SET is_removed = 0, origin = 0, title = excluded.title, description = excluded.description,
            category = excluded.category, brand = excluded.brand, price = excluded.price, cost = excluded.cost,
            stock = excluded.stock, created_at = excluded.created_at, image = excluded.image, tags = excluded.tags,
            attributes = excluded.attributes
        WHERE is_removed OR origin <> 0 OR (title, description, category, brand, price, cost, stock, created_at, image, tags, attributes) IS NOT
            (excluded.title, excluded.description, excluded.category, excluded.brand, excluded.price, excluded.cost,
             excluded.stock, excluded.created_at, excluded.image, excluded.tags, excluded.attributes)
        """;

    /// <param name="rows">A VALUES or SELECT of <see cref="ShopperColumns"/>.</param>
    public static string PutShoppers(string table, string rows) => $"""
        INSERT INTO {table} ({ShopperColumns}) {rows}
        ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, attributes = excluded.attributes
        WHERE (created_at, attributes) IS NOT (excluded.created_at, excluded.attributes)
        """;

    public static bool Put(Connection connection, Product product)
    {
        connection.Prepare(PutOneProduct)
            .Bind(1, product.Id)
            .Bind(2, product.Title)
            .Bind(3, product.Description)
            .Bind(4, product.Category)
            .Bind(5, product.Brand)
            .Bind(6, ColumnValue.From(product.Price))
            .Bind(7, ColumnValue.From(product.Cost))
            .Bind(8, product.Stock)
            .Bind(9, ColumnValue.From(product.CreatedAt))
            .Bind(10, product.Image)
            .Bind(11, ColumnValue.From(product.Tags, '|'))
            .Bind(12, ColumnValue.From(product.Attributes))
            .Run();
        return connection.ChangeCount > 0;
    }

    /// <summary>Key and product, in the order in which they came; removed ones are left out, those that interactions name are not.</summary>
    public static IEnumerable<(long Key, Product Product)> Products(Connection connection)
    {
        Statement rows = connection.Prepare($"SELECT {ProductColumns}, key, origin FROM products WHERE is_removed = 0 ORDER BY key");
        while (rows.Step())
        {
            yield return (rows.Integer(12), ReadProduct(rows) with { IsMentioned = rows.Integer(13) == Mentioned });
        }
    }

    public static Product? FindProduct(Connection connection, string id)
    {
        Statement row = connection.Prepare($"SELECT {ProductColumns} FROM products WHERE id = ? AND {IsListed}").Bind(1, id);
        Product? product = row.Step() ? ReadProduct(row) : null;
        row.Reset();
        return product;
    }

    public static bool Put(Connection connection, Shopper shopper)
    {
        connection.Prepare(PutOneShopper)
            .Bind(1, shopper.Id)
            .Bind(2, ColumnValue.From(shopper.CreatedAt))
            .Bind(3, ColumnValue.From(shopper.Attributes))
            .Run();
        return connection.ChangeCount > 0;
    }

    /// <summary>Key and shopper, in the order in which they came.</summary>
    public static IEnumerable<(long Key, Shopper Shopper)> Shoppers(Connection connection)
    {
        Statement rows = connection.Prepare("SELECT id, created_at, attributes, key FROM shoppers ORDER BY key");
        while (rows.Step())
        {
            yield return (rows.Integer(3), new Shopper
            {
                Id = rows.Text(0),
                CreatedAt = ColumnValue.Time(rows.OptionalInteger(1)),
                Attributes = ColumnValue.Attributes(rows.OptionalText(2)),
            });
        }
    }

    public static void PutInfo(Connection connection, ShopInfo info)
        => connection.Prepare("INSERT INTO shop (name, value) VALUES ('info', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .Bind(1, JsonSerializer.Serialize(info)).Run();

    public static ShopInfo ReadInfo(Connection connection)
    {
        Statement row = connection.Prepare("SELECT value FROM shop WHERE name = 'info'");
        ShopInfo? info = row.Step() ? JsonSerializer.Deserialize<ShopInfo>(row.Text(0)) : null;
        row.Reset();
        return info ?? new ShopInfo();
    }

    private static Product ReadProduct(Statement row) => new()
    {
        Id = row.Text(0),
        Title = row.Text(1),
        Description = row.OptionalText(2),
        Category = row.OptionalText(3),
        Brand = row.OptionalText(4),
        Price = ColumnValue.Price(row.OptionalInteger(5)),
        Cost = ColumnValue.Price(row.OptionalInteger(6)),
        Stock = (int?)row.OptionalInteger(7),
        CreatedAt = ColumnValue.Time(row.OptionalInteger(8)),
        Image = row.OptionalText(9),
        Tags = ColumnValue.Words(row.OptionalText(10), '|'),
        Attributes = ColumnValue.Attributes(row.OptionalText(11)),
    };
}
