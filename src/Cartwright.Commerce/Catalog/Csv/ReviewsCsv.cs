using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class ReviewsCsv : CsvFormat<Review>
{
    private const int Id = 0, At = 1, Shopper = 2, Product = 3, Rating = 4, Title = 5, Text = 6;

    public override string Name => "reviews";

    public override IReadOnlyList<string> Columns { get; } = ["id", "at", "shopper", "product", "rating", "title", "text"];

    public override IReadOnlyList<string> Required { get; } = ["product"];

    public override Review Read(CsvRow row) => new()
    {
        Id = row.Word(Id),
        At = row.OptionalTime(At, "at"),
        Shopper = row.Word(Shopper),
        Product = row.Word(Product) ?? "",
        Rating = row.Number(Rating, "rating"),
        Title = row.Text(Title),
        Text = row.Text(Text),
    };

    public override string? Check(Review record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, Review record)
    {
        writer.WriteField(record.Id);
        writer.WriteField(record.At is { } at ? ShopTime.Format(at) : null);
        writer.WriteField(record.Shopper);
        writer.WriteField(record.Product);
        writer.WriteField(record.Rating);
        writer.WriteField(record.Title);
        writer.WriteField(record.Text);
    }
}
