using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class SalesCsv : CsvFormat<Sale>
{
    private const int Date = 0, Product = 1, Store = 2, Units = 3, Price = 4, Promoted = 5;

    public override string Name => "sales";

    public override IReadOnlyList<string> Columns { get; } = ["date", "product", "store", "units", "price", "promoted"];

    public override IReadOnlyList<string> Required { get; } = ["date", "product", "units"];

    public override bool KeepsExtras => true;

    public override Sale Read(CsvRow row) => new()
    {
        Date = row.Date(Date, "date"),
        Product = row.Word(Product) ?? "",
        Store = row.Word(Store) ?? "",
        Units = row.RequiredNumber(Units, "units"),
        Price = row.Price(Price, "price"),
        Promoted = row.Share(Promoted, "promoted"),
        Covariates = row.Attributes(json: null),
    };

    public override string? Check(Sale record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, Sale record)
    {
        writer.WriteField(record.Date);
        writer.WriteField(record.Product);
        writer.WriteField(record.Store);
        writer.WriteField(record.Units);
        writer.WriteField(record.Price);
        writer.WriteField(record.Promoted);
    }

    public override IReadOnlyDictionary<string, string> Extras(Sale record) => record.Covariates;
}
