using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class TextsCsv : CsvFormat<ShopText>
{
    private const int Id = 0, Topic = 1, Title = 2, Text = 3;

    public override string Name => "texts";

    public override IReadOnlyList<string> Columns { get; } = ["id", "topic", "title", "text"];

    public override IReadOnlyList<string> Required { get; } = ["id", "title", "text"];

    public override bool HasKey => true;

    public override string Key(ShopText record) => record.Id;

    public override ShopText Read(CsvRow row) => new()
    {
        Id = row.Word(Id) ?? "",
        Topic = row.Word(Topic),
        Title = row.Text(Title) ?? "",
        Text = row.Text(Text) ?? "",
    };

    public override string? Check(ShopText record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, ShopText record)
    {
        writer.WriteField(record.Id);
        writer.WriteField(record.Topic);
        writer.WriteField(record.Title);
        writer.WriteField(record.Text);
    }
}
