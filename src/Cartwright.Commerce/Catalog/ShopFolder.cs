using System.Text.Json;
using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Catalog;

/// <summary>A shop as files: the folder that <c>import</c> reads and <c>export</c> writes. docs/shop-folder.md says what is in it.</summary>
public sealed class ShopFolder
{
    internal const string InfoFile = "shop.json";
    internal const string ImageFolder = "images";

    private static readonly string[] Names =
        ["products", "shoppers", "interactions", "sales", "reviews", "competitor_prices", "searches", "judgments", "utterances",
            "texts", "orders"];

    private ShopFolder(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="ImportFormatException">There is no such folder, or it has none of a shop's files.</exception>
    public static ShopFolder Open(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new ImportFormatException(path, null, File.Exists(path) ? "this is a file; name the folder that holds the shop's files." : "there is no such folder.");
        }

        var folder = new ShopFolder(path);
        return Names.Any(name => folder.Find(name) is not null) ? folder
            : throw new ImportFormatException(path, null,
                $"the folder has none of a shop's files; it needs one of {string.Join(", ", Names.Select(name => $"{name}.csv"))} (or .csv.gz).");
    }

    /// <summary>The shop in a folder, in memory, without a store.</summary>
    /// <exception cref="ImportFormatException">There is no such folder, or one of its files is damaged or has the wrong header.</exception>
    public static Task<ShopFolderContents> ReadSnapshotAsync(string path, CancellationToken cancellationToken = default)
        => Task.Run(() => FolderSnapshot.Read(Open(path), cancellationToken), cancellationToken);

    internal bool HasInfo => File.Exists(System.IO.Path.Combine(Path, InfoFile));

    /// <summary>What <c>shop.json</c> says; the defaults where there is none.</summary>
    /// <exception cref="ImportFormatException">It is not what it should be.</exception>
    public ShopInfo ReadInfo()
    {
        string path = System.IO.Path.Combine(Path, InfoFile);
        if (!File.Exists(path))
        {
            return new ShopInfo();
        }

        try
        {
            ShopInfo info = RecordJson.Read(File.ReadAllText(path), new ShopInfo(), ShopInfoJson.Default.ShopInfo);
            return info.Times is "real" or "order" ? info
                : throw new ImportFormatException(InfoFile, null, $"times is '{info.Times}'; it is \"real\" or \"order\".");
        }
        catch (JsonException broken)
        {
            throw new ImportFormatException(InfoFile, broken.LineNumber + 1, $"it is not a JSON object with name, currency, language, timeZone and times: {broken.Message}");
        }
    }

    internal static string WriteInfo(ShopInfo info) => JsonSerializer.Serialize(info, ShopInfoJson.Default.ShopInfo);

    /// <returns>The records of a file; null where the folder does not have it.</returns>
    internal CsvRecords<T>? Read<T>(CsvFormat<T> format, ImportLog log)
        => Find(format.Name) is { } path ? new CsvRecords<T>(path, format, log) : null;

    /// <summary>Whether a product of the folder has a title. Reads no further than the first that has.</summary>
    internal bool HasTitles()
    {
        using CsvRecords<Product>? products = Read(new ProductsCsv(), new ImportLog());
        return products?.Read().Any(product => product.Title.Length > 0) == true;
    }

    /// <param name="name">A file's name without its ending: "sales".</param>
    internal bool Has(string name) => Find(name) is not null;

    private string? Find(string name)
    {
        string plain = System.IO.Path.Combine(Path, $"{name}.csv");
        string zipped = $"{plain}.gz";
        return (File.Exists(plain), File.Exists(zipped)) switch
        {
            (true, true) => throw new ImportFormatException(System.IO.Path.GetFileName(plain), null,
                "the folder has this file and its .gz; remove the one that should not count."),
            (true, false) => plain,
            (false, true) => zipped,
            _ => null,
        };
    }
}

/// <summary>What <see cref="ShopFolder.ReadSnapshotAsync"/> read.</summary>
/// <param name="Snapshot">Products in the order of <c>products.csv</c>, then the ones that are only mentioned; with the official split if there is one.</param>
/// <param name="Files">Rows of each file that was read.</param>
/// <param name="Rejects">The first rejected rows, at most 1,000.</param>
/// <param name="Notes">What else is worth a word: columns left out.</param>
public sealed record ShopFolderContents(
    Snapshot Snapshot,
    IReadOnlyList<FileCounts> Files,
    IReadOnlyList<Reject> Rejects,
    IReadOnlyList<string> Notes);
