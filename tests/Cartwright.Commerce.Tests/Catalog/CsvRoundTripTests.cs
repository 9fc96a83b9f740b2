using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;
using CsvHelper;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class CsvRoundTripTests
{
    private const string Letters = "aäz,\"\n\r;| \t'=\\{}🍲漢";

    [Fact]
    public void Any_text_is_read_back_as_it_was_written()
    {
        var random = new Random(11);
        string folder = Directory.CreateTempSubdirectory("cartwright-").FullName;
        Product[] products = [.. Enumerable.Range(0, 500).Select(i => new Product
        {
            Id = $"p{i}",
            Title = Text(random),
            Description = Optional(random),
            Brand = Optional(random),
            Price = random.Next(2) == 0 ? null : random.Next(1_000_000) / 1000m,
            Stock = random.Next(3) == 0 ? null : random.Next(10),
            Tags = [.. Enumerable.Range(0, random.Next(3)).Select(tag => $"tag {tag}")],
            Attributes = Enumerable.Range(0, random.Next(4)).ToDictionary(a => $"name {a} {Text(random)}", _ => $"x{Text(random)}"),
        })];
        var format = new ProductsCsv();
        using (var writer = CsvWriter.ToFile(Path.Combine(folder, "products.csv"), new CsvWriterOptions { NewLine = "\n" }))
        {
            foreach (string column in format.Columns)
            {
                writer.WriteField(column);
            }

            writer.EndRecord();
            foreach (Product product in products)
            {
                format.Write(writer, product);
                writer.EndRecord();
            }
        }

        var log = new ImportLog();
        using CsvRecords<Product> records = ShopFolder.Open(folder).Read(format, log)!;
        Product[] read = [.. records.Read()];

        Assert.Empty(log.Rejects);
        Assert.Equivalent(products, read, strict: true);
        records.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string? Optional(Random random) => random.Next(3) == 0 ? null : $"x{Text(random)}";

    private static string Text(Random random)
    {
        int[] runes = [.. Letters.EnumerateRunes().Select(rune => rune.Value)];
        return string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => char.ConvertFromUtf32(runes[random.Next(runes.Length)])));
    }
}
