using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

internal sealed class InteractionsCsv : CsvFormat<Interaction>
{
    private const int Id = 0, At = 1, Shopper = 2, Session = 3, Kind = 4, Product = 5, Quantity = 6, Price = 7, Query = 8, Position = 9, Value = 10;

    private static readonly string[] KindNames = [.. Enum.GetNames<InteractionKind>().Select(name => name.ToLowerInvariant())];

    public override string Name => "interactions";

    public override IReadOnlyList<string> Columns { get; } =
        ["id", "at", "shopper", "session", "kind", "product", "quantity", "price", "query", "position", "value"];

    public override IReadOnlyList<string> Required { get; } = ["at", "kind", "product"];

    public override Interaction Read(CsvRow row) => new()
    {
        Id = row.Word(Id),
        At = row.Time(At, "at"),
        Shopper = row.Word(Shopper),
        Session = row.Word(Session),
        Kind = ReadKind(row),
        Product = row.Word(Product),
        Quantity = row.Number(Quantity, "quantity"),
        Price = row.Price(Price, "price"),
        Query = row.Text(Query),
        Position = row.Integer(Position, "position"),
        Value = row.Number(Value, "value"),
    };

    public override string? Check(Interaction record) => CatalogRules.Check(record);

    public override void Write(CsvWriter writer, Interaction record)
    {
        writer.WriteField(record.Id);
        writer.WriteField(ShopTime.Format(record.At));
        writer.WriteField(record.Shopper);
        writer.WriteField(record.Session);
        writer.WriteField(KindNames[(int)record.Kind]);
        writer.WriteField(record.Product);
        writer.WriteField(record.Quantity);
        writer.WriteField(record.Price);
        writer.WriteField(record.Query);
        writer.WriteField(record.Position);
        writer.WriteField(record.Value);
    }

    private static InteractionKind ReadKind(CsvRow row)
    {
        string text = row.Word(Kind) ?? "";
        for (int i = 0; i < KindNames.Length; i++)
        {
            if (text.Equals(KindNames[i], StringComparison.OrdinalIgnoreCase))
            {
                return (InteractionKind)i;
            }
        }

        return row.Fail<InteractionKind>("kind", Kind, string.Join(", ", KindNames)).GetValueOrDefault();
    }
}
