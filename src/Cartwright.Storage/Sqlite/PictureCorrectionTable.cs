using Cartwright.Commerce.Vision;

namespace Cartwright.Storage.Sqlite;

/// <summary>What a merchant said that pictures show. Each method that writes is called inside a transaction.</summary>
internal static class PictureCorrectionTable
{
    /// <returns>Always true: something was written.</returns>
    public static bool Put(Connection connection, PictureCorrection correction)
    {
        Statement statement = connection.Prepare("INSERT OR REPLACE INTO picture_corrections (id, at, product, label, picture) VALUES (?, ?, ?, ?, ?)")
            .Bind(1, correction.Id).Bind(2, ColumnValue.From(correction.At)).Bind(3, correction.ProductId).Bind(4, correction.Label);
        (correction.Picture is { } picture ? statement.BindBlob(5, picture) : statement.Bind(5, (string?)null)).Run();
        return true;
    }

    public static bool Delete(Connection connection, string id)
    {
        connection.Prepare("DELETE FROM picture_corrections WHERE id = ?").Bind(1, id).Run();
        return connection.ChangeCount == 1;
    }

    public static IReadOnlyList<PictureCorrection> List(Connection connection)
    {
        Statement rows = connection.Prepare("SELECT id, at, product, label, picture FROM picture_corrections ORDER BY at, id");
        var corrections = new List<PictureCorrection>();
        while (rows.Step())
        {
            corrections.Add(new PictureCorrection(rows.Text(0), ColumnValue.Time(rows.Integer(1)), rows.OptionalText(2), rows.Text(3), rows.IsNull(4) ? null : rows.Blob(4)));
        }

        rows.Reset();
        return corrections;
    }
}
