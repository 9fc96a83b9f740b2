using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class SplitCsv : CsvFormat<SplitPart>
{
    public override string Name => "split";

    public override IReadOnlyList<string> Columns { get; } = ["kind", "id", "part"];

    public override IReadOnlyList<string> Required => Columns;

    public override bool HasKey => true;

    public override string Key(SplitPart record) => $"{record.Kind} {record.Id}";

    public override SplitPart Read(CsvRow row) => new(row.Word(0) ?? "", row.Word(1) ?? "", row.Word(2) ?? "");

    public override string? Check(SplitPart record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, SplitPart record)
    {
        writer.WriteField(record.Kind);
        writer.WriteField(record.Id);
        writer.WriteField(record.Part);
    }
}
