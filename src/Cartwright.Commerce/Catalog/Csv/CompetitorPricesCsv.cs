using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class CompetitorPricesCsv : CsvFormat<CompetitorPrice>
{
    private const int At = 0, Product = 1, Competitor = 2, Price = 3;

    public override string Name => "competitor_prices";

    public override IReadOnlyList<string> Columns { get; } = ["at", "product", "competitor", "price"];

    public override IReadOnlyList<string> Required { get; } = ["at", "product", "competitor", "price"];

    public override CompetitorPrice Read(CsvRow row) => new()
    {
        At = row.Time(At, "at"),
        Product = row.Word(Product) ?? "",
        Competitor = row.Word(Competitor) ?? "",
        Price = row.RequiredPrice(Price, "price"),
    };

    public override string? Check(CompetitorPrice record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, CompetitorPrice record)
    {
        writer.WriteField(ShopTime.Format(record.At));
        writer.WriteField(record.Product);
        writer.WriteField(record.Competitor);
        writer.WriteField(record.Price);
    }
}
