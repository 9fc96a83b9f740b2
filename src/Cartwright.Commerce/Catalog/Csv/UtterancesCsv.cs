using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class UtterancesCsv : CsvFormat<Utterance>
{
    private const int Text = 0, Intent = 1, Slots = 2, Split = 3;

    public override string Name => "utterances";

    public override IReadOnlyList<string> Columns { get; } = ["text", "intent", "slots", "split"];

    public override IReadOnlyList<string> Required { get; } = ["text", "intent"];

    public override Utterance Read(CsvRow row) => new()
    {
        Text = row.Text(Text) ?? "",
        Intent = row.Word(Intent) ?? "",
        Slots = row.Words(Slots, ' '),
        Split = row.Word(Split),
    };

    public override string? Check(Utterance record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, Utterance record)
    {
        writer.WriteField(record.Text);
        writer.WriteField(record.Intent);
        writer.WriteField(string.Join(' ', record.Slots));
        writer.WriteField(record.Split);
    }
}
