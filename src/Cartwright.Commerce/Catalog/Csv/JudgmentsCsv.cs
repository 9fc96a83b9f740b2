using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class JudgmentsCsv : CsvFormat<Judgment>
{
    private const int Query = 0, Product = 1, Grade = 2;

    public override string Name => "judgments";

    public override IReadOnlyList<string> Columns { get; } = ["query", "product", "grade"];

    public override IReadOnlyList<string> Required { get; } = ["query", "product", "grade"];

    public override Judgment Read(CsvRow row) => new()
    {
        Query = row.Text(Query) ?? "",
        Product = row.Word(Product) ?? "",
        Grade = row.RequiredNumber(Grade, "grade"),
    };

    public override string? Check(Judgment record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, Judgment record)
    {
        writer.WriteField(record.Query);
        writer.WriteField(record.Product);
        writer.WriteField(record.Grade);
    }
}
