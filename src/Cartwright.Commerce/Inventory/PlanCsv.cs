using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;
using CsvRow = Cartwright.Commerce.Catalog.Csv.CsvRow;
using CsvWriter = CsvHelper.CsvWriter;

namespace Cartwright.Commerce.Inventory;

/// <summary>A plan as a CSV file: the columns of <c>sales.csv</c> that are known ahead.</summary>
internal sealed class PlanCsv : CsvFormat<PlannedSale>
{
    private const int Date = 0, Product = 1, Store = 2, Price = 3, Promoted = 4;

    public override string Name => "plan";

    public override IReadOnlyList<string> Columns { get; } = ["date", "product", "store", "price", "promoted"];

    public override IReadOnlyList<string> Required { get; } = ["date", "product"];

    public override bool KeepsExtras => true;

    /// <exception cref="ImportFormatException">The file is not there, is damaged, or has a row that can't be read.</exception>
    public static IReadOnlyList<PlannedSale> ReadAll(string path)
    {
        if (!File.Exists(path))
        {
            throw new ImportFormatException(path, null, "there is no such file.");
        }

        var log = new ImportLog();
        using var rows = new CsvRecords<PlannedSale>(path, new PlanCsv(), log);
        PlannedSale[] plan = [.. rows.Read()];
        return log.Rejects.Count == 0 ? plan
            : throw new ImportFormatException(path, log.Rejects[0].Line, $"the row {log.Rejects[0].Reason}. Nothing was forecast, since half a plan is another plan.");
    }

    public override PlannedSale Read(CsvRow row) => new()
    {
        Date = row.Date(Date, "date"),
        ProductId = row.Word(Product) ?? "",
        Store = row.Word(Store) ?? "",
        Price = row.Price(Price, "price"),
        Promoted = row.Share(Promoted, "promoted"),
        Known = row.Attributes(json: null),
    };

    public override string? Check(PlannedSale record) => CatalogRules.Check(
        new Sale { Date = record.Date, Product = record.ProductId, Store = record.Store, Units = 0, Price = record.Price, Promoted = record.Promoted, Covariates = record.Known });

    public override void Write(CsvWriter writer, PlannedSale record) => throw new NotSupportedException("Plans are read, never written.");
}
