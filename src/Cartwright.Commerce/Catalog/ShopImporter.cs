using System.Threading.Channels;
using Cartwright.Commerce.Catalog.Csv;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Catalog;

/// <summary>Copies a shop folder into a store: one thread reads rows while another stores them, a few batches apart.</summary>
internal sealed class ShopImporter(IShopStore store, PictureFolder pictures, TimeProvider clock)
{
    private const int BatchSize = 4_096;
    private const int BatchesAhead = 8;
    private const int BatchesBetweenReports = 16;

    private readonly ImportLog _log = new();
    private readonly List<FileCounts> _files = [];
    private readonly HashSet<string> _images = new(StringComparer.Ordinal);

    /// <exception cref="ImportFormatException">Nothing was stored: a file is damaged, has the wrong header, or has too many bad rows.</exception>
    public async Task<ImportReport> RunAsync(ImportRequest request, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        var report = new ImportReport
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"),
            At = clock.GetUtcNow(),
            Source = request.Folder,
            IsStored = true,
            Files = _files,
            Rejects = _log.Rejects,
        };
        try
        {
            ImportTotals totals = await CopyAsync(request, progress, cancellationToken);
            report = Finish(report, start) with
            {
                ProductsCreated = totals.ProductsCreated,
                ShoppersCreated = totals.ShoppersCreated,
                JudgmentsOfUnknownProducts = totals.JudgmentsOfUnknownProducts,
            };
            await store.SaveImportReportAsync(report, cancellationToken);
            return report;
        }
        catch (ImportFormatException failure)
        {
            failure.Report = Finish(report, start) with
            {
                IsStored = false,
                Failure = failure.Message,
            };
            await store.SaveImportReportAsync(failure.Report, cancellationToken);
            throw;
        }
    }

    private ImportReport Finish(ImportReport report, long start)
        => report with { Seconds = clock.GetElapsedTime(start).TotalSeconds, Notes = _log.Notes };

    private async Task<ImportTotals> CopyAsync(ImportRequest request, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        ShopFolder folder = ShopFolder.Open(request.Folder);
        ShopInfo info = folder.ReadInfo();
        await using IShopImport import = await store.BeginImportAsync(cancellationToken);
        if (folder.HasInfo)
        {
            import.SetInfo(info);
        }

        var storedCounts = new List<Func<ImportTotals, long>>();
        await CopyAsync(new ProductsCsv(folder.HasTitles()), PutProducts, totals => totals.Products);
        await CopyAsync(new ShoppersCsv(), import.Put, totals => totals.Shoppers);
        await CopyAsync(new InteractionsCsv(), import.Append, totals => totals.Interactions);
        await CopyAsync(new SalesCsv(), import.Put, totals => totals.Sales);
        await CopyAsync(new ReviewsCsv(), import.Append, totals => totals.Reviews);
        await CopyAsync(new CompetitorPricesCsv(), import.Put, totals => totals.CompetitorPrices);
        await CopyAsync(new SearchesCsv(), import.Append, totals => totals.Searches);
        await CopyAsync(new JudgmentsCsv(), import.Put, totals => totals.Judgments);
        await CopyAsync(new UtterancesCsv(), import.Append, totals => totals.Utterances);
        await CopyAsync(new TextsCsv(), import.Put, totals => totals.Texts);
        await CopyAsync(new OrdersCsv(), import.Put, totals => totals.Orders);

        progress?.Report(new RunProgress("sorting", 0, 0, "rows"));
        ImportTotals totals = await import.CompleteAsync(cancellationToken);
        for (int i = 0; i < _files.Count; i++)
        {
            long stored = storedCounts[i](totals);
            _files[i] = _files[i] with { Stored = stored, Unchanged = _files[i].Read - _files[i].Rejected - stored };
        }

        CopyPictures(new PictureFolder(request.Folder), progress, cancellationToken);
        return totals;

        void PutProducts(IReadOnlyList<Product> products)
        {
            import.Put(products);
            _images.UnionWith(products.Select(product => product.Image).Where(image => !string.IsNullOrEmpty(image)).OfType<string>());
        }

        async Task CopyAsync<T>(CsvFormat<T> format, Action<IReadOnlyList<T>> put, Func<ImportTotals, long> storedCount)
        {
            using CsvRecords<T>? records = folder.Read(format, _log);
            if (records is null)
            {
                return;
            }

            try
            {
                await CopyRowsAsync(records, put, progress, cancellationToken);
            }
            finally
            {
                _files.Add(new FileCounts(records.File, records.ReadCount, 0, 0, records.RejectedCount));
                storedCounts.Add(storedCount);
            }

            CheckShare(records, request.MaxRejectShare);
        }
    }

    /// <summary>Brings the pictures beside the database, after the rows: a product without its picture is a product, a picture alone is nothing.</summary>
    private void CopyPictures(PictureFolder from, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (_images.Count == 0)
        {
            return;
        }

        PictureCopy copy = pictures.CopyFrom(from, _images, done => progress?.Report(new RunProgress("copying pictures", done, _images.Count, "pictures")), cancellationToken);
        _files.Add(copy.Counts);
        foreach (string note in copy.Notes())
        {
            _log.Note(note);
        }
    }

    private static void CheckShare<T>(CsvRecords<T> records, double maxShare)
    {
        if (ImportLog.AreTooMany(records, maxShare))
        {
            throw new ImportFormatException(records.File, null,
                $"{records.RejectedCount} of {records.ReadCount} rows are bad, more than the share of {maxShare} that is allowed. Nothing was stored; see the rejects.");
        }
    }

    private static async Task CopyRowsAsync<T>(CsvRecords<T> records, Action<IReadOnlyList<T>> put,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var batches = Channel.CreateBounded<List<T>>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
        Task reading = Task.Run(() => ReadAsync(records, batches.Writer, stop.Token), CancellationToken.None);
        try
        {
            long done = 0;
            int batchCount = 0;
            await foreach (List<T> batch in batches.Reader.ReadAllAsync(stop.Token))
            {
                put(batch);
                done += batch.Count;
                if (++batchCount % BatchesBetweenReports == 1)
                {
                    progress?.Report(new RunProgress($"importing {records.File}", done, Math.Max(done, done / Math.Max(records.Progress, 1e-3)), "rows"));
                }
            }

            progress?.Report(new RunProgress($"importing {records.File}", done, done, "rows"));
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private static async Task ReadAsync<T>(CsvRecords<T> records, ChannelWriter<List<T>> batches, CancellationToken cancellationToken)
    {
        try
        {
            var batch = new List<T>(BatchSize);
            foreach (T record in records.Read())
            {
                batch.Add(record);
                if (batch.Count == BatchSize)
                {
                    await batches.WriteAsync(batch, cancellationToken);
                    batch = new List<T>(BatchSize);
                }
            }

            if (batch.Count > 0)
            {
                await batches.WriteAsync(batch, cancellationToken);
            }

            batches.Complete();
        }
        catch (Exception failure)
        {
            // Whoever stores the rows hears of it and ends the import.
            batches.Complete(failure);
        }
    }
}
