using Cartwright.Commerce.Catalog;
using Cartwright.Storage.Sqlite;

namespace Cartwright.Storage.Tests.Sqlite;

/// <summary>Products that interactions name: where there is a catalog they wait for it, where there is none they are it.</summary>
public sealed class MentionedProductTests
{
    private const string Header = "at,shopper,kind,product\n";

    [Fact]
    public async Task Beside_a_catalog_they_are_no_products_and_what_was_done_with_them_is_kept()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        string folder = Path.Combine(temp.Root, "out");

        await shop.Catalog.ExportAsync(new ExportRequest { Folder = folder });

        Assert.Equal(["p1", "p2", "p3"], await ListedAsync(shop));
        Assert.DoesNotContain("p9", File.ReadAllText(Path.Combine(folder, "products.csv")), StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(folder, "interactions.csv")).Count(line => line.Contains("p9", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_catalog_what_imports_name_is_listed_and_what_is_posted_is_not()
    {
        using TempShop temp = new TempShop().Write("interactions.csv", Header + "2024-01-01,anna,view,a\n");
        await using Shop shop = await temp.OpenAsync();
        await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = [new Interaction { Shopper = "anna", Product = "b" }, new Interaction { Shopper = "anna", Product = "c" }] });
        Assert.Empty(await ListedAsync(shop));

        await temp.ImportAsync(shop);
        Assert.Equal(["a"], await ListedAsync(shop));

        await temp.Write("interactions.csv", Header + "2024-01-02,anna,view,b\n").ImportAsync(shop);
        Assert.Equal(["b", "a"], await ListedAsync(shop));
    }

    [Fact]
    public async Task A_product_file_without_a_row_describes_no_catalog()
    {
        using TempShop temp = new TempShop().Write("products.csv", "id,title\n").Write("interactions.csv", Header + "2024-01-01,anna,view,a\n");
        await using Shop shop = await temp.OpenAsync();

        await temp.ImportAsync(shop);

        Assert.Equal(["a"], await ListedAsync(shop));
        Assert.Equal([("a", false)], (await ShopFolder.ReadSnapshotAsync(temp.Source)).Snapshot.Products.Select(product => (product.Id, product.IsMentioned)));
    }

    [Fact]
    public async Task Interactions_that_are_imported_alone_into_a_shop_with_a_catalog_add_no_product()
    {
        using TempShop temp = new TempShop().Write("interactions.csv", Header + "2024-01-01,anna,view,a\n");
        await using Shop shop = await temp.OpenAsync();
        await shop.Catalog.PutProductAsync(new Product { Id = "pan", Title = "Pan" });

        ImportReport report = await temp.ImportAsync(shop);

        Assert.Equal(1, report.ProductsCreated);
        Assert.Equal(["pan"], await ListedAsync(shop));
    }

    [Theory]
    [InlineData(true, "pan")]
    [InlineData(false, "a b")]
    public async Task A_shop_of_an_earlier_version_is_read_the_same_way(bool hasCatalog, string listed)
    {
        using TempShop temp = new TempShop();
        await (await temp.OpenAsync()).DisposeAsync();
        using (var earlier = Connection.Open(Path.Combine(temp.ShopPath, "shop.db")))
        {
            earlier.Execute("ALTER TABLE products DROP COLUMN origin; DELETE FROM migrations WHERE version = (SELECT MAX(version) FROM migrations)");
            earlier.Execute("INSERT INTO products (id, title) VALUES ('a', 'a'), ('b', 'b')");
            earlier.Execute("INSERT INTO interactions (id, id_hash, at, kind, product, sequence) SELECT id, key, 0, 1, key, key FROM products");
            earlier.Execute(hasCatalog ? "INSERT INTO products (id, title, price) VALUES ('pan', 'pan', 5)" : "SELECT 1");
        }

        await using Shop shop = await temp.OpenAsync();

        Assert.Equal(listed.Split(' '), await ListedAsync(shop));
    }

    /// <summary>By the store's count, its records and the shop in memory, which must agree.</summary>
    private static async Task<string[]> ListedAsync(Shop shop)
    {
        using IShopReading reading = await shop.Store.BeginReadingAsync();
        string[] listed = [.. reading.Products().Select(product => product.Id)];
        Assert.Equal(listed.Length, (await shop.Store.CountAsync()).Products);
        Assert.Equal(listed.Order(), (await shop.Catalog.LiveAsync()).ListedProducts.Select(product => product.Id).Order());
        return listed;
    }
}
