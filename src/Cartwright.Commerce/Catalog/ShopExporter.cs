using Cartwright.Commerce.Catalog.Csv;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Catalog;

/// <summary>Writes everything a store has as a shop folder.</summary>
internal sealed class ShopExporter(IShopReading shop, PictureFolder pictures, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
{
    private const int RowsBetweenReports = 65_536;

    private readonly List<FileCounts> _files = [];

    /// <summary>Writes into a folder beside the wanted one, which takes its name at the end: a stopped export leaves no half folder.</summary>
    /// <exception cref="ImportFormatException">It is a file or a folder that is not empty, or can't be made where it is to be.</exception>
    /// <exception cref="StorageException">The disk refuses what is written.</exception>
    public ExportResponse Run(string folder)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new ImportFormatException(target, null, $"this is {(File.Exists(target) ? "a file" : "a folder that is not empty")}. Name a new or an empty folder.");
        }

        string partial = $"{target}.partial";
        try
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }

            Directory.CreateDirectory(partial);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ImportFormatException(target, null, "no folder can be made here: part of the path is a file, or you may not write there. Name a new or an empty folder in one that you may write to.");
        }

        try
        {
            WriteAll(partial);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(partial, target);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Directory.Delete(partial, recursive: true);
            throw new StorageException($"The shop can't be written to {target}: {refused.Message.TrimEnd('.')}. Make room, or name a folder on another disk. Nothing was left there.", isTransient: false, refused);
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }

        return new ExportResponse(folder, _files);
    }

    private void WriteAll(string folder)
    {
        File.WriteAllText(Path.Combine(folder, ShopFolder.InfoFile), ShopFolder.WriteInfo(shop.Info));
        Write(folder, new ProductsCsv(), shop.Products);
        Write(folder, new ShoppersCsv(), shop.Shoppers);
        Write(folder, new InteractionsCsv(), shop.Interactions);
        Write(folder, new SalesCsv(), shop.Sales);
        Write(folder, new ReviewsCsv(), shop.Reviews);
        Write(folder, new CompetitorPricesCsv(), shop.CompetitorPrices);
        Write(folder, new SearchesCsv(), shop.Searches);
        Write(folder, new JudgmentsCsv(), shop.Judgments);
        Write(folder, new UtterancesCsv(), shop.Utterances);
        Write(folder, new TextsCsv(), shop.Texts);
        Write(folder, new OrdersCsv(), shop.Orders);
        CopyPictures(folder);
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
