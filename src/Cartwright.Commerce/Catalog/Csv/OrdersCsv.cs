using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class OrdersCsv : CsvFormat<Order>
{
    private const int Id = 0, At = 1, Shopper = 2, Status = 3, ExpectedAt = 4, Carrier = 5, Tracking = 6, Postcode = 7, Products = 8;

    public override string Name => "orders";

    public override IReadOnlyList<string> Columns { get; } = ["id", "at", "shopper", "status", "expected_at", "carrier", "tracking", "postcode", "products"];

    public override IReadOnlyList<string> Required { get; } = ["id", "status"];

    public override bool HasKey => true;

    public override string Key(Order record) => record.Id;

    public override Order Read(CsvRow row) => new()
    {
        Id = row.Word(Id) ?? "",
        At = row.OptionalTime(At, "at"),
        Shopper = row.Word(Shopper),
        Status = row.Word(Status) ?? "",
        ExpectedAt = row.OptionalTime(ExpectedAt, "expected_at"),
        Carrier = row.Word(Carrier),
        Tracking = row.Word(Tracking),
        Postcode = row.Word(Postcode),
        Products = row.Words(Products, '|'),
    };

    public override string? Check(Order record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, Order record)
    {
        writer.WriteField(record.Id);
        writer.WriteField(record.At is { } at ? ShopTime.Format(at) : null);
        writer.WriteField(record.Shopper);
        writer.WriteField(record.Status);
        writer.WriteField(record.ExpectedAt is { } expected ? ShopTime.Format(expected) : null);
        writer.WriteField(record.Carrier);
        writer.WriteField(record.Tracking);
        writer.WriteField(record.Postcode);
        writer.WriteField(string.Join('|', record.Products));
    }
}
