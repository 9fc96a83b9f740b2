using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>Writes and reads sales, reviews, competitors' prices, searches, judgments and utterances. Each write says whether it changed something.</summary>
internal static class HistoryTables
{
    public const string SaleColumns = "product, store, date, units, price, promoted, covariates";
    public const string ReviewColumns = "id, at, shopper, product, rating, title, text";
    public const string PriceColumns = "product, competitor, at, price";
    public const string SearchColumns = "id, at, session, shopper, query, shown, clicked";
    public const string JudgmentColumns = "query, product, grade";
    public const string UtteranceColumns = "id, text, intent, slots, split";

    private static readonly string PutOneSale = PutSales("sales", "VALUES (?, ?, ?, ?, ?, ?, ?)");
    private static readonly string AppendOneReview = AppendReviews("reviews", "VALUES (?, ?, ?, ?, ?, ?, ?)");
    private static readonly string PutOnePrice = PutPrices("competitor_prices", "VALUES (?, ?, ?, ?)");
    private static readonly string AppendOneSearch = AppendSearches("searches", "VALUES (?, ?, ?, ?, ?, ?, ?)");
    private static readonly string PutOneJudgment = PutJudgments("judgments", "VALUES (?, ?, ?)");
    private static readonly string AppendOneUtterance = AppendUtterances("utterances", "VALUES (?, ?, ?, ?, ?)");

    /// <param name="rows">A VALUES or SELECT of <see cref="SaleColumns"/>.</param>
    public static string PutSales(string table, string rows) => $"""
        INSERT INTO {table} ({SaleColumns}) {rows}
        ON CONFLICT (product, store, date) DO UPDATE SET units = excluded.units, price = excluded.price,
            promoted = excluded.promoted, covariates = excluded.covariates
        WHERE (units, price, promoted, covariates) IS NOT (excluded.units, excluded.price, excluded.promoted, excluded.covariates)
        """;

    /// <param name="rows">A VALUES or SELECT of <see cref="ReviewColumns"/>.</param>
    public static string AppendReviews(string table, string rows)
        => $"INSERT INTO {table} ({ReviewColumns}) {rows} ON CONFLICT (id) DO NOTHING";

    /// <param name="rows">A VALUES or SELECT of <see cref="PriceColumns"/>.</param>
    public static string PutPrices(string table, string rows)
        => $"INSERT INTO {table} ({PriceColumns}) {rows} ON CONFLICT (product, competitor, at) DO UPDATE SET price = excluded.price WHERE price IS NOT excluded.price";

    /// <param name="rows">A VALUES or SELECT of <see cref="SearchColumns"/>.</param>
    public static string AppendSearches(string table, string rows)
        => $"INSERT INTO {table} ({SearchColumns}) {rows} ON CONFLICT (id) DO NOTHING";

    /// <param name="rows">A VALUES or SELECT of <see cref="JudgmentColumns"/>.</param>
    public static string PutJudgments(string table, string rows)
        => $"INSERT INTO {table} ({JudgmentColumns}) {rows} ON CONFLICT (query, product) DO UPDATE SET grade = excluded.grade WHERE grade IS NOT excluded.grade";

    /// <param name="rows">A VALUES or SELECT of <see cref="UtteranceColumns"/>.</param>
    public static string AppendUtterances(string table, string rows)
        => $"INSERT INTO {table} ({UtteranceColumns}) {rows} ON CONFLICT (id) DO NOTHING";

    public static bool Put(Connection connection, Sale sale)
    {
        connection.Prepare(PutOneSale)
            .Bind(1, sale.Product)
            .Bind(2, sale.Store)
            .Bind(3, sale.Date.DayNumber)
            .Bind(4, sale.Units)
            .Bind(5, ColumnValue.From(sale.Price))
            .Bind(6, sale.Promoted)
            .Bind(7, ColumnValue.From(sale.Covariates))
            .Run();
        return connection.ChangeCount > 0;
    }

    public static IEnumerable<Sale> Sales(Connection connection)
    {
        Statement rows = connection.Prepare("SELECT product, store, date, units, price, promoted, covariates FROM sales ORDER BY product, store, date");
        while (rows.Step())
        {
            yield return new Sale
            {
                Product = rows.Text(0),
                Store = rows.Text(1),
                Date = DateOnly.FromDayNumber((int)rows.Integer(2)),
                Units = rows.Real(3),
                Price = ColumnValue.Price(rows.OptionalInteger(4)),
                Promoted = rows.OptionalReal(5),
                Covariates = ColumnValue.Attributes(rows.OptionalText(6)),
            };
        }
    }

    public static bool Append(Connection connection, Review review, ContentId contentId)
    {
        connection.Prepare(AppendOneReview)
            .Bind(1, review.Id ?? contentId.Of(review))
            .Bind(2, ColumnValue.From(review.At))
            .Bind(3, review.Shopper)
            .Bind(4, review.Product)
            .Bind(5, review.Rating)
            .Bind(6, review.Title)
            .Bind(7, review.Text)
            .Run();
        return connection.ChangeCount > 0;
    }

    public static IEnumerable<Review> Reviews(Connection connection)
    {
        Statement rows = connection.Prepare("SELECT id, at, shopper, product, rating, title, text FROM reviews ORDER BY sequence");
        while (rows.Step())
        {
            yield return new Review
            {
                Id = rows.Text(0),
                At = ColumnValue.Time(rows.OptionalInteger(1)),
                Shopper = rows.OptionalText(2),
                Product = rows.Text(3),
                Rating = rows.OptionalReal(4),
                Title = rows.OptionalText(5),
                Text = rows.OptionalText(6),
            };
        }
    }

    public static bool Put(Connection connection, CompetitorPrice price)
    {
        connection.Prepare(PutOnePrice)
            .Bind(1, price.Product)
            .Bind(2, price.Competitor)
            .Bind(3, ColumnValue.From(price.At))
            .Bind(4, ColumnValue.From(price.Price))
            .Run();
        return connection.ChangeCount > 0;
    }

    public static IEnumerable<CompetitorPrice> CompetitorPrices(Connection connection)
    {
        Statement rows = connection.Prepare("SELECT product, competitor, at, price FROM competitor_prices ORDER BY product, competitor, at");
        while (rows.Step())
        {
            yield return new CompetitorPrice
            {
                Product = rows.Text(0),
                Competitor = rows.Text(1),
                At = ColumnValue.Time(rows.Integer(2)),
                Price = ColumnValue.Price(rows.Integer(3)).GetValueOrDefault(),
            };
        }
    }

    public static bool Append(Connection connection, Search search, ContentId contentId)
    {
        connection.Prepare(AppendOneSearch)
            .Bind(1, search.Id ?? contentId.Of(search))
            .Bind(2, ColumnValue.From(search.At))
            .Bind(3, search.Session)
            .Bind(4, search.Shopper)
            .Bind(5, search.Query)
            .Bind(6, string.Join(' ', search.Shown))
            .Bind(7, string.Join(' ', search.Clicked))
            .Run();
        return connection.ChangeCount > 0;
    }

    public static IEnumerable<Search> Searches(Connection connection)
    {
        Statement rows = connection.Prepare("SELECT id, at, session, shopper, query, shown, clicked FROM searches ORDER BY sequence");
        while (rows.Step())
        {
            yield return new Search
            {
                Id = rows.Text(0),
                At = ColumnValue.Time(rows.OptionalInteger(1)),
                Session = rows.OptionalText(2),
                Shopper = rows.OptionalText(3),
                Query = rows.Text(4),
                Shown = ColumnValue.Words(rows.Text(5), ' '),
                Clicked = [.. ColumnValue.Words(rows.Text(6), ' ').Select(int.Parse)],
            };
        }
    }

    public static bool Put(Connection connection, Judgment judgment)
    {
        connection.Prepare(PutOneJudgment)
            .Bind(1, judgment.Query)
            .Bind(2, judgment.Product)
            .Bind(3, judgment.Grade)
            .Run();
        return connection.ChangeCount > 0;
    }

    public static IEnumerable<Judgment> Judgments(Connection connection)
    {
        Statement rows = connection.Prepare("SELECT query, product, grade FROM judgments ORDER BY query, product");
        while (rows.Step())
        {
            yield return new Judgment { Query = rows.Text(0), Product = rows.Text(1), Grade = rows.Real(2) };
        }
    }

    public static bool Append(Connection connection, Utterance utterance, ContentId contentId)
    {
        connection.Prepare(AppendOneUtterance)
            .Bind(1, contentId.Of(utterance))
            .Bind(2, utterance.Text)
            .Bind(3, utterance.Intent)
            .Bind(4, string.Join(' ', utterance.Slots))
            .Bind(5, utterance.Split)
            .Run();
        return connection.ChangeCount > 0;
    }

    public static IEnumerable<Utterance> Utterances(Connection connection)
    {
        Statement rows = connection.Prepare("SELECT text, intent, slots, split FROM utterances ORDER BY sequence");
        while (rows.Step())
        {
            yield return new Utterance
            {
                Text = rows.Text(0),
                Intent = rows.Text(1),
                Slots = ColumnValue.Words(rows.Text(2), ' '),
                Split = rows.OptionalText(3),
            };
        }
    }
}
