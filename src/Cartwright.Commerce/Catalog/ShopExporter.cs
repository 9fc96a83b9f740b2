using Cartwright.Commerce.Catalog.Csv;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Catalog;

/// <summary>Writes everything a store has as a shop folder.</summary>
internal sealed class ShopExporter(IShopReading shop, PictureFolder pictures, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
{
    private const int RowsBetweenReports = 65_536;

    private readonly List<FileCounts> _files = [];

    /// <summary>Writes into a folder beside the wanted one, which takes its name at the end: a stopped export leaves no half folder.</summary>
    /// <exception cref="IOException">The folder is there and not empty, or can't be written.</exception>
    public ExportResponse Run(string folder)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw new IOException($"The folder {target} is not empty. Name a new or an empty one.");
        }

        string partial = $"{target}.partial";
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        try
        {
            Directory.CreateDirectory(partial);
            File.WriteAllText(Path.Combine(partial, ShopFolder.InfoFile), ShopFolder.WriteInfo(shop.Info));
            Write(partial, new ProductsCsv(), shop.Products);
            Write(partial, new ShoppersCsv(), shop.Shoppers);
            Write(partial, new InteractionsCsv(), shop.Interactions);
            Write(partial, new SalesCsv(), shop.Sales);
            Write(partial, new ReviewsCsv(), shop.Reviews);
            Write(partial, new CompetitorPricesCsv(), shop.CompetitorPrices);
            Write(partial, new SearchesCsv(), shop.Searches);
            Write(partial, new JudgmentsCsv(), shop.Judgments);
            Write(partial, new UtterancesCsv(), shop.Utterances);
            Write(partial, new TextsCsv(), shop.Texts);
            Write(partial, new OrdersCsv(), shop.Orders);
            CopyPictures(partial);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(partial, target);
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }

        return new ExportResponse(folder, _files);
    }

    private void CopyPictures(string folder)
    {
        HashSet<string> images = [.. shop.Products().Where(product => pictures.FileOf(product) is not null).Select(product => product.Image!)];
        if (images.Count > 0)
        {
            _files.Add(new PictureFolder(folder).CopyFrom(pictures, images,
                done => progress?.Report(new RunProgress("copying pictures", done, images.Count, "pictures")), cancellationToken).Counts);
        }
    }

    /// <summary>A file of nothing but a header is not written, save <c>products.csv</c>, so that the folder is always one.</summary>
    private void Write<T>(string folder, CsvFormat<T> format, Func<IEnumerable<T>> read)
    {
        if (format.Name != "products" && !read().Any())
        {
            return;
        }

        string file = $"{format.Name}.csv";
        string[] extras = format.KeepsExtras && format is not ProductsCsv
            ? [.. read().SelectMany(record => format.Extras(record).Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : [];
        using var writer = new CsvFileWriter<T>(folder, format, extras);
        foreach (T record in read())
        {
            writer.Write(record);
            if (writer.Count % RowsBetweenReports == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new RunProgress($"exporting {file}", writer.Count, 0, "rows"));
            }
        }

        _files.Add(new FileCounts(file, writer.Count, writer.Count, 0, 0));
    }
}
