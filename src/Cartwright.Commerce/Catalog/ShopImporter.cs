using System.Threading.Channels;
using Cartwright.Commerce.Catalog.Csv;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Catalog;

/// <summary>Copies a shop folder into a store: one thread reads rows while another stores them, a few batches apart.</summary>
internal sealed class ShopImporter(IShopStore store, TimeProvider clock)
{
    private const int BatchSize = 4_096;
    private const int BatchesAhead = 8;
    private const int BatchesBetweenReports = 16;

    /// <summary>Above so few rows a share says something.</summary>
    private const int MinRowsForShare = 20;

    private readonly ImportLog _log = new();
    private readonly List<FileCounts> _files = [];

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
            // Nothing of it counts, so nothing is told as stored.
            failure.Report = Finish(report, start) with
            {
                IsStored = false,
                Failure = failure.Message,
                Files = [.. _files.Select(file => file with { Stored = 0, Unchanged = 0 })],
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

        await CopyAsync(folder, new ProductsCsv(), import.Put);
        await CopyAsync(folder, new ShoppersCsv(), import.Put);
        int interactions = await CopyAsync(folder, new InteractionsCsv(), batch =>
        {
            import.Append(batch);
            return 0;
        }) ? _files.Count - 1 : -1;
        await CopyAsync(folder, new SalesCsv(), import.Put);
        await CopyAsync(folder, new ReviewsCsv(), import.Append);
        await CopyAsync(folder, new CompetitorPricesCsv(), import.Put);
        await CopyAsync(folder, new SearchesCsv(), import.Append);
        await CopyAsync(folder, new JudgmentsCsv(), import.Put);
        await CopyAsync(folder, new UtterancesCsv(), import.Append);

        progress?.Report(new RunProgress("sorting", 0, 0, "rows"));
        ImportTotals totals = await import.CompleteAsync(cancellationToken);
        if (interactions >= 0)
        {
            FileCounts counts = _files[interactions];
            _files[interactions] = counts with { Stored = totals.Interactions, Unchanged = counts.Read - counts.Rejected - totals.Interactions };
        }

        return totals;

        async Task<bool> CopyAsync<T>(ShopFolder from, CsvFormat<T> format, Func<IReadOnlyList<T>, int> put)
        {
            using CsvRecords<T>? records = from.Read(format, _log);
            if (records is null)
            {
                return false;
            }

            try
            {
                long stored = await CopyRowsAsync(records, put, progress, cancellationToken);
                _files.Add(new FileCounts(records.File, records.ReadCount, stored,
                    records.ReadCount - records.RejectedCount - stored, records.RejectedCount));
            }
            catch (ImportFormatException)
            {
                _files.Add(new FileCounts(records.File, records.ReadCount, 0, 0, records.RejectedCount));
                throw;
            }

            CheckShare(records, request.MaxRejectShare);
            return true;
        }
    }

    private static void CheckShare<T>(CsvRecords<T> records, double maxShare)
    {
        double allowed = Math.Max(records.ReadCount, MinRowsForShare) * maxShare;
        if (records.RejectedCount > allowed || (records.RejectedCount == records.ReadCount && records.ReadCount > 0 && maxShare < 1))
        {
            throw new ImportFormatException(records.File, null,
                $"{records.RejectedCount} of {records.ReadCount} rows are bad, more than the share of {maxShare} that is allowed. Nothing was stored; see the rejects.");
        }
    }

    private static async Task<long> CopyRowsAsync<T>(CsvRecords<T> records, Func<IReadOnlyList<T>, int> put,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var batches = Channel.CreateBounded<List<T>>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
        Task reading = Task.Run(() => ReadAsync(records, batches.Writer, stop.Token), CancellationToken.None);
        try
        {
            long stored = 0;
            long done = 0;
            int batchCount = 0;
            await foreach (List<T> batch in batches.Reader.ReadAllAsync(stop.Token))
            {
                stored += put(batch);
                done += batch.Count;
                if (++batchCount % BatchesBetweenReports == 1)
                {
                    progress?.Report(new RunProgress($"importing {records.File}", done, Math.Max(done, done / Math.Max(records.Progress, 1e-3)), "rows"));
                }
            }

            progress?.Report(new RunProgress($"importing {records.File}", done, done, "rows"));
            return stored;
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
