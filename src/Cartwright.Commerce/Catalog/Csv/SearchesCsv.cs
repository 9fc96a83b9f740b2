using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class SearchesCsv : CsvFormat<Search>
{
    private const int Id = 0, At = 1, Session = 2, Shopper = 3, Query = 4, Shown = 5, Clicked = 6;

    public override string Name => "searches";

    public override IReadOnlyList<string> Columns { get; } = ["id", "at", "session", "shopper", "query", "shown", "clicked"];

    public override IReadOnlyList<string> Required { get; } = ["query", "shown"];

    public override Search Read(CsvRow row) => new()
    {
        Id = row.Word(Id),
        At = row.OptionalTime(At, "at"),
        Session = row.Word(Session),
        Shopper = row.Word(Shopper),
        Query = row.Text(Query) ?? "",
        Shown = row.Words(Shown, ' '),
        Clicked = row.Integers(Clicked, "clicked"),
    };

    public override string? Check(Search record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, Search record)
    {
        writer.WriteField(record.Id);
        writer.WriteField(record.At is { } at ? ShopTime.Format(at) : null);
        writer.WriteField(record.Session);
        writer.WriteField(record.Shopper);
        writer.WriteField(record.Query);
        writer.WriteField(string.Join(' ', record.Shown));
        writer.WriteField(string.Join(' ', record.Clicked));
    }
}
