using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Catalog;

/// <summary>The verbs of the catalog: import, export, interactions, status; and its resources, products and shoppers.</summary>
/// <param name="folder">The shop's folder, where the pictures are that its products name.</param>
public sealed class ShopCatalog(IShopStore store, string folder, TimeProvider clock) : IDisposable
{
    /// <summary>How often the store is asked whether another process wrote to it, at most; and how much of the time loading may take.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private const int LoadShare = 20;

    /// <summary>How long a shopper whom another process forgot may still be known here. Whoever asks later waits for the shop without them.</summary>
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromSeconds(1);

    /// <summary>Written by each forgetting, for processes beside this one; it says nothing but when the last one was.</summary>
    private readonly string _forgettingFile = Path.Combine(folder, "forgotten-at");

    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly SemaphoreSlim _pricing = new(1, 1);
    private readonly Lock _changing = new();

    /// <summary>Changes since the load under way began, to be done again on what it loads; null where none is under way.</summary>
    private List<Action<LiveShop>>? _changesWhileLoading;
    private volatile LiveShop? _live;
    private long _outsideVersion;
    private long _nextLook;
    private int _isLooking;
    private long _forgettingSeen;
    private long _nextForgettingLook;

    internal IShopStore Store { get; } = store;

    /// <summary>Called with each id by which a shopper who is forgotten was known, their sessions' too, so that whoever keeps something of them in memory lets go of it.</summary>
    internal List<Action<string>> ForgetInMemory { get; } = [];

    public PictureFolder Pictures { get; } = new(folder);

    /// <summary>What a verb looks at: a shop folder, or the shop as it is now where none is named.</summary>
    /// <exception cref="ImportFormatException">The folder can't be read.</exception>
    internal async Task<Snapshot> ReadAsync(string? folder, CancellationToken cancellationToken)
    {
        if (folder is not null)
        {
            return (await ShopFolder.ReadSnapshotAsync(folder, cancellationToken)).Snapshot;
        }

        // What lies in memory is the shop unless something was posted since.
        LiveShop live = await LiveAsync(cancellationToken);
        return live.TailCount == 0 ? live.Snapshot : await Store.ReadSnapshotAsync(cancellationToken);
    }

    /// <summary>What the shop sold, as its <c>sales.csv</c> told.</summary>
    internal async Task<SalesHistory> ReadSalesAsync(CancellationToken cancellationToken)
    {
        using IShopReading reading = await Store.BeginReadingAsync(cancellationToken);
        return await Task.Run(() => SalesHistory.Of(reading.Info, reading.Sales(), cancellationToken), cancellationToken);
    }

    /// <summary>What sold at which price: by sales.csv, or by the purchases where it says nothing of prices.</summary>
    /// <param name="folder">A shop folder; null for the shop itself.</param>
    /// <param name="shop">The same shop where it is at hand.</param>
    internal async Task<SalesHistory> ReadPricedSalesAsync(string? folder, Snapshot? shop, CancellationToken cancellationToken)
    {
        SalesHistory? sales = folder is null ? await ReadSalesAsync(cancellationToken)
            : ShopFolder.Open(folder).Has("sales") ? await Task.Run(() => SalesHistory.Read(folder, cancellationToken), cancellationToken)
            : null;
        if (sales is { HasPrices: true })
        {
            return sales;
        }

        shop ??= await ReadAsync(folder, cancellationToken);
        return await Task.Run(() => SalesHistory.OfPurchases(shop, cancellationToken), cancellationToken);
    }

    internal TimeProvider Clock { get; } = clock;

    /// <summary>Reads a shop folder into the shop: all of it, or nothing.</summary>
    /// <exception cref="ImportFormatException">Nothing was stored; its <see cref="ImportFormatException.Report"/> says what was found.</exception>
    public async Task<ImportReport> ImportAsync(ImportRequest request, IProgress<RunProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, Clock);
        ImportReport report = await new ShopImporter(Store, Pictures, Clock).RunAsync(request, progress, cancellationToken);
        if (_live is not null)
        {
            await LoadAsync(CancellationToken.None);
        }

        return report;
    }

    public async Task<ExportResponse> ExportAsync(ExportRequest request, IProgress<RunProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, Clock);
        using IShopReading reading = await Store.BeginReadingAsync(cancellationToken);
        return await Task.Run(() => new ShopExporter(reading, Pictures, progress, cancellationToken).Run(request.Folder), cancellationToken);
    }

    /// <summary>Appends interactions; each counts in the next answer. Those without a time happened now.</summary>
    /// <exception cref="InvalidRequestException">One of them is not what it should be; none was stored.</exception>
    public async Task<InteractionsResponse> AppendAsync(InteractionsRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, Clock);
        DateTimeOffset now = Clock.GetUtcNow();
        Interaction[] interactions = [.. request.Interactions.Select(given => given.At == default ? given with { At = now } : given)];
        AppendOutcome outcome = await Store.AppendAsync(interactions, cancellationToken);
        ChangeLive(live => live.Append(outcome.After(live.Snapshot.Sequence)));
        return new InteractionsResponse(outcome.Stored.Count, outcome.DuplicateCount);
    }

    public async Task<StatusResponse> StatusAsync(StatusRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, Clock);
        return new StatusResponse(await Store.ReadInfoAsync(cancellationToken), await Store.CountAsync(cancellationToken));
    }

    /// <exception cref="NotFoundException">There is no such product.</exception>
    public async Task<Product> FindProductAsync(string id, CancellationToken cancellationToken = default)
        => await Store.FindProductAsync(id, cancellationToken)
            ?? throw new NotFoundException($"There is no product '{id}'.");

    /// <summary>Inserts or replaces a product.</summary>
    /// <exception cref="InvalidRequestException">It is not what it should be.</exception>
    public async Task PutProductAsync(Product product, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(product, Clock);
        await ReplaceProductAsync(product, cancellationToken);
    }

    /// <summary>Replaces a product that passed its checks when it came.</summary>
    internal async Task ReplaceProductAsync(Product product, CancellationToken cancellationToken)
    {
        await Store.PutProductAsync(product, cancellationToken);
        ChangeLive(live => live.PutProduct(product));
    }

    /// <summary>Sets prices in the store and then in memory; one caller at a time, so that both end with the same ones.</summary>
    /// <param name="writeAsync">Writes to the store; false where it wrote nothing.</param>
    internal async Task<bool> SetPricesAsync(Func<Task<bool>> writeAsync, IReadOnlyDictionary<string, decimal> prices, CancellationToken cancellationToken)
    {
        await _pricing.WaitAsync(cancellationToken);
        try
        {
            if (!await writeAsync())
            {
                return false;
            }

            ChangeLive(live => live.SetPrices(prices));
            return true;
        }
        finally
        {
            _pricing.Release();
        }
    }

    /// <summary>Takes a product out of the catalog. What shoppers did with it is kept and comes back with it.</summary>
    /// <exception cref="NotFoundException">There is no such product.</exception>
    public async Task DeleteProductAsync(string id, CancellationToken cancellationToken = default)
    {
        if (!await Store.DeleteProductAsync(id, cancellationToken))
        {
            throw new NotFoundException($"There is no product '{id}'.");
        }

        ChangeLive(live => live.RemoveProduct(id));
    }

    /// <summary>Forgets a shopper in the store and in memory. Files of runs and models are the shop's to forget: <c>Shop.Forgetting</c>.</summary>
    /// <exception cref="NotFoundException">Nothing names this shopper.</exception>
    public async Task<ForgottenShopper> ForgetAsync(ForgetRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, Clock);
        string id = request.ShopperId;
        ForgottenShopper receipt = await Store.DeleteShopperAsync(id, cancellationToken)
            ?? throw new NotFoundException($"There is no shopper '{id}'.");
        ChangeLive(live => live.RemoveShopper(id));
        TellOthers();
        foreach (string trace in receipt.Traces.Prepend(id).Distinct(StringComparer.Ordinal))
        {
            ForgetInMemory.ForEach(forget => forget(trace));
        }

        return receipt;
    }

    /// <summary>The last imports' reports, newest first.</summary>
    public Task<IReadOnlyList<ImportReport>> ListImportReportsAsync(int count, CancellationToken cancellationToken = default)
        => Store.ListImportReportsAsync(count, cancellationToken);

    /// <summary>The shop in memory, loaded at the first call, and anew after each import and a moment after another process
    /// wrote to the store; after one forgot a shopper, within a second. Who holds the one before may go on reading it.</summary>
    public async Task<LiveShop> LiveAsync(CancellationToken cancellationToken = default)
    {
        if (_live is not { } live || HasForgottenElsewhere())
        {
            return await LoadAsync(cancellationToken, onlyIfMissing: true);
        }

        if (Clock.GetTimestamp() >= Volatile.Read(ref _nextLook) && Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            _ = Task.Run(LookOutsideAsync, CancellationToken.None);
        }

        return live;
    }

    public void Dispose()
    {
        _loading.Dispose();
        _pricing.Dispose();
    }

    /// <summary>True where another process forgot somebody who may be in memory here, for everybody who asks until the shop is loaded anew.</summary>
    private bool HasForgottenElsewhere()
    {
        long now = Clock.GetTimestamp();
        if (now < Volatile.Read(ref _nextForgettingLook))
        {
            return false;
        }

        if (LastForgetting() != Volatile.Read(ref _forgettingSeen))
        {
            return true;
        }

        Volatile.Write(ref _nextForgettingLook, now + (long)(ForgetInterval.TotalSeconds * Clock.TimestampFrequency));
        return false;
    }

    private long LastForgetting() => File.GetLastWriteTimeUtc(_forgettingFile).Ticks;

    /// <summary>This process has forgotten already; what others forgot meanwhile it must still read.</summary>
    private void TellOthers()
    {
        bool hasSeenAll = LastForgetting() == Volatile.Read(ref _forgettingSeen);
        try
        {
            File.WriteAllText(_forgettingFile, Clock.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The shopper is gone from the store all the same: others see that it changed, only later.
        }

        if (hasSeenAll)
        {
            Volatile.Write(ref _forgettingSeen, LastForgetting());
        }
    }

    /// <summary>Loads the shop anew where another process wrote to the store. Nobody waits for it.</summary>
    private async Task LookOutsideAsync()
    {
        try
        {
            PlanLook(TimeSpan.Zero);
            if (await Store.ReadOutsideVersionAsync() != Volatile.Read(ref _outsideVersion))
            {
                await LoadAsync(CancellationToken.None);
            }
        }
        catch (Exception away) when (away is StorageException or ObjectDisposedException)
        {
            // The shop is being closed, or the store is away: whoever needs it hears that from the store itself.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private void PlanLook(TimeSpan loading)
    {
        TimeSpan wait = loading * LoadShare > LookInterval ? loading * LoadShare : LookInterval;
        Volatile.Write(ref _nextLook, Clock.GetTimestamp() + (long)(wait.TotalSeconds * Clock.TimestampFrequency));
    }

    private async Task<LiveShop> LoadAsync(CancellationToken cancellationToken, bool onlyIfMissing = false)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            long forgetting = LastForgetting();              // before anything is read: what is forgotten from here on counts as not seen
            if (onlyIfMissing && _live is { } loaded && forgetting == Volatile.Read(ref _forgettingSeen))
            {
                return loaded;
            }

            lock (_changing)
            {
                _changesWhileLoading = [];
            }

            long start = Clock.GetTimestamp();
            _outsideVersion = await Store.ReadOutsideVersionAsync(cancellationToken);
            var live = new LiveShop(await Store.ReadSnapshotAsync(cancellationToken));
            PlanLook(Clock.GetElapsedTime(start));
            lock (_changing)
            {
                foreach (Action<LiveShop> change in _changesWhileLoading)
                {
                    change(live);
                }

                _live = live;
                Volatile.Write(ref _forgettingSeen, forgetting);
            }

            return live;
        }
        finally
        {
            lock (_changing)
            {
                _changesWhileLoading = null;
            }

            _loading.Release();
        }
    }

    /// <param name="change">What to do to the shop in memory; it may have been read from the store after the change, and have it already.</param>
    private void ChangeLive(Action<LiveShop> change)
    {
        lock (_changing)
        {
            if (_live is { } live)
            {
                change(live);
            }

            _changesWhileLoading?.Add(change);
        }
    }
}
