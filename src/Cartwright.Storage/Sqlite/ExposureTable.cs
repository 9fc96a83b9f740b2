using Cartwright.Commerce.Recommendation;

namespace Cartwright.Storage.Sqlite;

/// <summary>What was shown by chance. Each method that writes is called inside a transaction.</summary>
internal static class ExposureTable
{
    /// <returns>Always true: something was written.</returns>
    public static bool Keep(Connection connection, IReadOnlyList<Exposure> exposures)
    {
        Statement insert = connection.Prepare(
            "INSERT OR IGNORE INTO exposures (list, place, at, shopper, session, policy, product, propensity, model_product) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        foreach (Exposure shown in exposures)
        {
            insert.Bind(1, shown.ListId).Bind(2, shown.Place).Bind(3, ColumnValue.From(shown.At)).Bind(4, shown.ShopperId).Bind(5, shown.SessionId)
                .Bind(6, shown.Policy).Bind(7, shown.ProductId).Bind(8, shown.Propensity).Bind(9, shown.ModelProductId).Run();
        }

        connection.Prepare("DELETE FROM exposures WHERE sequence <= (SELECT MAX(sequence) FROM exposures) - ?").Bind(1, IExposureStore.MostKept).Run();
        return true;
    }

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<Exposure> List(Connection connection)
    {
        var shown = new List<Exposure>();
        Statement rows = connection.Prepare("SELECT list, place, at, shopper, session, policy, product, propensity, model_product FROM exposures ORDER BY sequence");
        while (rows.Step())
        {
            shown.Add(new Exposure(rows.Text(0), (int)rows.Integer(1), ColumnValue.Time(rows.Integer(2)), rows.OptionalText(3), rows.OptionalText(4),
                rows.Text(5), rows.Text(6), rows.Real(7), rows.Text(8)));
        }

        rows.Reset();
        return shown;
    }
}
