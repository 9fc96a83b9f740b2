using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class ShoppersCsv : CsvFormat<Shopper>
{
    private const int Id = 0, CreatedAt = 1;

    public override string Name => "shoppers";

    public override IReadOnlyList<string> Columns { get; } = ["id", "created_at"];

    public override IReadOnlyList<string> Required { get; } = ["id"];

    public override bool KeepsExtras => true;

    public override bool HasKey => true;

    public override string Key(Shopper record) => record.Id;

    public override Shopper Read(CsvRow row) => new()
    {
        Id = row.Word(Id) ?? "",
        CreatedAt = row.OptionalTime(CreatedAt, "created_at"),
        Attributes = row.Attributes(json: null),
    };

    public override string? Check(Shopper record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, Shopper record)
    {
        writer.WriteField(record.Id);
        writer.WriteField(record.CreatedAt is { } at ? ShopTime.Format(at) : null);
    }

    public override IReadOnlyDictionary<string, string> Extras(Shopper record) => record.Attributes;
}
