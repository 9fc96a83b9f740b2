using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>Copies what an import gathered (schema main) into the shop (schema kept), inside one transaction.</summary>
/// <param name="lastDescribedProduct">Products with higher keys were only mentioned: they are made where they are missing, and change nothing.</param>
/// <param name="lastDescribedShopper">The same for shoppers.</param>
/// <param name="lastKept">The shop's last interaction when the import began; what the import gathered was not among those up to it.</param>
internal sealed class ImportMerge(Connection connection, long lastDescribedProduct, long lastDescribedShopper, long lastKept)
{
    public ImportTotals Run()
    {
        Change("INSERT INTO kept.shop (name, value) SELECT name, value FROM shop WHERE name = 'info' ON CONFLICT (name) DO UPDATE SET value = excluded.value");
        long products = Change(CatalogTables.PutProducts("kept.products", $"SELECT {CatalogTables.ProductColumns} FROM products WHERE key <= {lastDescribedProduct} ORDER BY key"));
        long shoppers = Change(CatalogTables.PutShoppers("kept.shoppers", $"SELECT {CatalogTables.ShopperColumns} FROM shoppers WHERE key <= {lastDescribedShopper} ORDER BY key"));
        return new ImportTotals
        {
            Products = products,
            Shoppers = shoppers,
            ProductsCreated = MergeMentionedProducts(),
            ShoppersCreated = Change($"INSERT INTO kept.shoppers (id) SELECT id FROM shoppers WHERE key > {lastDescribedShopper} ORDER BY key ON CONFLICT DO NOTHING"),
            Interactions = MergeInteractions(),
            Sales = Change(HistoryTables.PutSales("kept.sales", $"SELECT {HistoryTables.SaleColumns} FROM sales WHERE true")),
            Reviews = Change(HistoryTables.AppendReviews("kept.reviews", $"SELECT {HistoryTables.ReviewColumns} FROM reviews WHERE true ORDER BY sequence")),
            CompetitorPrices = Change(HistoryTables.PutPrices("kept.competitor_prices", $"SELECT {HistoryTables.PriceColumns} FROM competitor_prices WHERE true")),
            Searches = Change(HistoryTables.AppendSearches("kept.searches", $"SELECT {HistoryTables.SearchColumns} FROM searches WHERE true ORDER BY sequence")),
            Judgments = Change(HistoryTables.PutJudgments("kept.judgments", $"SELECT {HistoryTables.JudgmentColumns} FROM judgments WHERE true")),
            Utterances = Change(HistoryTables.AppendUtterances("kept.utterances", $"SELECT {HistoryTables.UtteranceColumns} FROM utterances WHERE true ORDER BY sequence")),
            Texts = Change(ServiceTables.PutTexts("kept.texts", $"SELECT {ServiceTables.TextColumns} FROM texts WHERE true ORDER BY rowid")),
            Orders = Change(ServiceTables.PutOrders("kept.orders", $"SELECT {ServiceTables.OrderColumns} FROM orders WHERE true ORDER BY rowid")),
            JudgmentsOfUnknownProducts = connection.ReadInteger(
                "SELECT COUNT(*) FROM kept.judgments WHERE product NOT IN (SELECT id FROM kept.products WHERE origin <> 1)"),
        };
    }

    /// <summary>What interactions name and no file describes waits for the catalog to have it. Where there is no catalog, what they name is it.</summary>
    private long MergeMentionedProducts()
    {
        bool hasCatalog = connection.ReadInteger($"SELECT COUNT(*) FROM (SELECT 1 FROM kept.products WHERE origin = {CatalogTables.Described} LIMIT 1)") > 0;
        return Change($"""
            INSERT INTO kept.products (id, title, origin)
            SELECT id, title, {(hasCatalog ? CatalogTables.Mentioned : CatalogTables.WithoutCatalog)} FROM products WHERE key > {lastDescribedProduct} ORDER BY key
            ON CONFLICT (id) DO UPDATE SET origin = excluded.origin WHERE origin = {CatalogTables.Mentioned} AND excluded.origin = {CatalogTables.WithoutCatalog}
            """);
    }

    private long MergeInteractions()
    {
        // What was posted since the import began may be in the import too.
        Change($"""
            DELETE FROM interactions WHERE sequence IN (
                SELECT gathered.sequence FROM kept.interactions AS posted
                JOIN interactions AS gathered ON gathered.id_hash = posted.id_hash AND gathered.id = posted.id
                WHERE posted.sequence > {lastKept})
            """);
        Change("INSERT INTO kept.sessions (id) SELECT id FROM sessions WHERE true ORDER BY key ON CONFLICT DO NOTHING");
        foreach (string table in (string[])["products", "shoppers", "sessions"])
        {
            Change($"CREATE TABLE {table}_keys (gathered INTEGER PRIMARY KEY, kept INTEGER NOT NULL) STRICT");
            Change($"INSERT INTO {table}_keys (gathered, kept) SELECT g.key, k.key FROM {table} AS g JOIN kept.{table} AS k ON k.id = g.id ORDER BY g.key");
        }

        // Sorting an index anew is quicker than adding more rows to it than it has.
        long offset = InteractionTable.ReadLastSequence(connection, "kept");
        bool isSorted = connection.ReadInteger("SELECT COUNT(*) FROM interactions") > offset;
        if (isSorted)
        {
            Change("DROP INDEX kept.interactions_by_id");
        }

        long added = Change($"""
            INSERT INTO kept.interactions (sequence, id, id_hash, at, shopper, session, kind, product, quantity, price, query, position, value)
            SELECT sequence + {offset}, id, id_hash, at, shoppers_keys.kept, sessions_keys.kept, kind, products_keys.kept,
                quantity, price, query, position, value
            FROM interactions
            LEFT JOIN shoppers_keys ON shoppers_keys.gathered = shopper
            LEFT JOIN sessions_keys ON sessions_keys.gathered = session
            LEFT JOIN products_keys ON products_keys.gathered = product
            ORDER BY sequence
            """);
        if (isSorted)
        {
            Change("CREATE INDEX kept.interactions_by_id ON interactions (id_hash)");
        }

        return added;
    }

    /// <returns>Rows that the statement changed.</returns>
    private long Change(string sql)
    {
        connection.Execute(sql);
        return connection.ChangeCount;
    }
}
