using System.Text.Json;
using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

/// <param name="hasTitles">True where a row without a title is a fault: others of the file have one.</param>
internal sealed class ProductsCsv(bool hasTitles = false) : CsvFormat<Product>
{
    private const int Id = 0, Title = 1, Description = 2, Category = 3, Brand = 4, Price = 5, Cost = 6, Stock = 7, CreatedAt = 8,
        Image = 9, Tags = 10, Attributes = 11;

    public override string Name => "products";

    public override IReadOnlyList<string> Columns { get; } =
        ["id", "title", "description", "category", "brand", "price", "cost", "stock", "created_at", "image", "tags", "attributes"];

    public override IReadOnlyList<string> Required { get; } = ["id"];

    public override bool KeepsExtras => true;

    public override bool HasKey => true;

    public override string Key(Product record) => record.Id;

    public override Product Read(CsvRow row) => new()
    {
        Id = row.Word(Id) ?? "",
        Title = row.Text(Title) ?? "",
        Description = row.Text(Description),
        Category = row.Text(Category) is { } path ? CategoryPath.Normalize(path) : null,
        Brand = row.Text(Brand),
        Price = row.Price(Price, "price"),
        Cost = row.Price(Cost, "cost"),
        Stock = row.Integer(Stock, "stock"),
        CreatedAt = row.OptionalTime(CreatedAt, "created_at"),
        Image = row.Word(Image),
        Tags = row.Words(Tags, '|'),
        Attributes = row.Attributes(Attributes),
    };

    public override string? Check(Product record) => CatalogRules.Check(record) ?? (hasTitles ? CatalogRules.CheckTitle(record) : null);

    public override void Write(CsvWriter writer, Product record)
    {
        writer.WriteField(record.Id);
        writer.WriteField(record.Title);
        writer.WriteField(record.Description);
        writer.WriteField(record.Category);
        writer.WriteField(record.Brand);
        writer.WriteField(record.Price);
        writer.WriteField(record.Cost);
        writer.WriteField(record.Stock);
        writer.WriteField(record.CreatedAt is { } at ? ShopTime.Format(at) : null);
        writer.WriteField(record.Image);
        writer.WriteField(string.Join('|', record.Tags));
        writer.WriteField(record.Attributes.Count == 0 ? null : AttributesJson.Write(record.Attributes));
    }
}
