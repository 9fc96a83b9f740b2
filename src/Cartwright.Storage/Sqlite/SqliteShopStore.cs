using System.Collections.Concurrent;
using System.Text.Json;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Vision;

namespace Cartwright.Storage.Sqlite;

/// <summary>One shop in one SQLite file, with a write-ahead log: one connection writes, others read meanwhile.</summary>
/// <remarks>docs/decisions/0002-sqlite-store.md says why, and what an acknowledged write survives.</remarks>
internal sealed partial class SqliteShopStore : IShopStore, IPriceProposalStore, IPictureCorrectionStore
{
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly GroupCommit _writer;
    private readonly ConcurrentBag<Connection> _readers = [];
    private volatile bool _isDisposed;

    private SqliteShopStore(string path, Connection connection, TimeProvider clock)
    {
        _path = path;
        _clock = clock;
        _writer = new GroupCommit(connection);
    }

    /// <exception cref="StorageException">The file can't be opened, is not a shop's, or is newer than this program.</exception>
    public static SqliteShopStore Open(string path, TimeProvider clock)
    {
        var connection = Connection.Open(path);
        try
        {
            // FULL: a commit is acknowledged after the log is on disk, so it outlives the loss of power as well.
            connection.Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536; PRAGMA threads = 2");
            Migrations.Apply(connection, path, clock.GetUtcNow());
            return new SqliteShopStore(path, connection, clock);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public Task<ShopInfo> ReadInfoAsync(CancellationToken cancellationToken = default) => ReadAsync(CatalogTables.ReadInfo, cancellationToken);

    public Task<AppendOutcome> AppendAsync(IReadOnlyList<Interaction> interactions, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection =>
        {
            var table = new InteractionTable(connection, cacheCapacity: 0);
            var stored = new List<Interaction>(interactions.Count);
            long firstSequence = table.LastSequence + 1;
            foreach (Interaction interaction in interactions)
            {
                string id = table.IdOf(interaction);
                if (table.Add(id, interaction))
                {
                    stored.Add(interaction with { Id = id, At = ShopTime.Truncate(interaction.At) });
                }
            }

            return new AppendOutcome(stored, firstSequence, interactions.Count - stored.Count);
        }, cancellationToken);

    public Task<IShopImport> BeginImportAsync(CancellationToken cancellationToken = default)
        => Task.Run<IShopImport>(() => SqliteImport.Begin(_path, _writer, _clock.GetUtcNow()), cancellationToken);

    public Task<IShopReading> BeginReadingAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IShopReading>(new SqliteReading(TakeReader(), GiveBack));
    }

    public Task<Product?> FindProductAsync(string id, CancellationToken cancellationToken = default)
        => ReadAsync(connection => CatalogTables.FindProduct(connection, id), cancellationToken);

    public Task PutProductAsync(Product product, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection => CatalogTables.Put(connection, product), cancellationToken);

    public Task<bool> DeleteProductAsync(string id, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection =>
        {
            connection.Prepare($"UPDATE products SET is_removed = 1 WHERE id = ? AND {CatalogTables.IsListed}").Bind(1, id).Run();
            return connection.ChangeCount > 0;
        }, cancellationToken);

    public async Task<long> ReadOutsideVersionAsync(CancellationToken cancellationToken = default)
    {
        // What the writing connection writes does not count for it, so this is everybody else.
        Connection connection = await _writer.TakeAsync(cancellationToken);
        try
        {
            return connection.ReadInteger("PRAGMA data_version");
        }
        finally
        {
            _writer.Release();
        }
    }

    public Task<ShopCounts> CountAsync(CancellationToken cancellationToken = default) => ReadAsync(
        connection => new ShopCounts(
            connection.ReadInteger($"SELECT COUNT(*) FROM products WHERE {CatalogTables.IsListed}"),
            connection.ReadInteger("SELECT COUNT(*) FROM shoppers"),
            connection.ReadInteger("SELECT COUNT(*) FROM interactions"))
        {
            FirstInteractionAt = ReadTime(connection, "SELECT MIN(at) FROM interactions"),
            LastInteractionAt = ReadTime(connection, "SELECT MAX(at) FROM interactions"),
        }, cancellationToken);

    public Task<Snapshot> ReadSnapshotAsync(CancellationToken cancellationToken = default) => Task.Run(
        () =>
        {
            using var reading = new SqliteReading(TakeReader(), GiveBack);
            return reading.ReadSnapshot(cancellationToken);
        }, cancellationToken);

    public Task SaveImportReportAsync(ImportReport report, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection =>
        {
            connection.Prepare("INSERT OR REPLACE INTO import_reports (id, at, json) VALUES (?, ?, ?)")
                .Bind(1, report.Id).Bind(2, ColumnValue.From(report.At)).Bind(3, JsonSerializer.Serialize(report)).Run();
            return true;
        }, cancellationToken);

    public Task<IReadOnlyList<ImportReport>> ListImportReportsAsync(int count, CancellationToken cancellationToken = default)
        => ReadAsync<IReadOnlyList<ImportReport>>(connection => ReadJson<ImportReport>(
            connection.Prepare("SELECT json FROM import_reports ORDER BY at DESC, id LIMIT ?").Bind(1, count)), cancellationToken);

    public Task SaveRunAsync(Run run, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection =>
        {
            connection.Prepare("INSERT OR REPLACE INTO runs (id, created_at, json) VALUES (?, ?, ?)")
                .Bind(1, run.Id).Bind(2, ColumnValue.From(run.CreatedAt)).Bind(3, JsonSerializer.Serialize(run)).Run();
            return true;
        }, cancellationToken);

    public Task<Run?> FindRunAsync(string id, CancellationToken cancellationToken = default)
        => ReadAsync(connection => ReadJson<Run>(connection.Prepare("SELECT json FROM runs WHERE id = ?").Bind(1, id)).SingleOrDefault(), cancellationToken);

    public Task<Run?> FindLastRunAsync(string slice, string verb, CancellationToken cancellationToken = default)
        => ReadAsync(connection => ReadJson<Run>(connection.Prepare("""
            SELECT json FROM runs WHERE json ->> '$.Slice' = ? AND json ->> '$.Verb' = ? AND json ->> '$.Status' = ? ORDER BY created_at DESC, rowid DESC LIMIT 1
            """).Bind(1, slice).Bind(2, verb).Bind(3, (long)RunStatus.Succeeded)).SingleOrDefault(), cancellationToken);

    public Task<IReadOnlyList<Run>> ListRunsAsync(int count, CancellationToken cancellationToken = default)
        => ReadAsync<IReadOnlyList<Run>>(connection => ReadJson<Run>(
            connection.Prepare("SELECT json FROM runs ORDER BY created_at DESC, rowid DESC LIMIT ?").Bind(1, count)), cancellationToken);

    public Task AddRunPointAsync(string runId, RunPoint point, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection =>
        {
            connection.Prepare("INSERT INTO run_points (run, at, json) VALUES (?, ?, ?)")
                .Bind(1, runId).Bind(2, ColumnValue.From(point.At)).Bind(3, JsonSerializer.Serialize(point)).Run();
            return true;
        }, cancellationToken);

    public Task<IReadOnlyList<RunPoint>> ListRunPointsAsync(string runId, CancellationToken cancellationToken = default)
        => ReadAsync<IReadOnlyList<RunPoint>>(connection => ReadJson<RunPoint>(
            connection.Prepare("SELECT json FROM run_points WHERE run = ? ORDER BY at, rowid").Bind(1, runId)), cancellationToken);

    public Task<IReadOnlyList<PriceProposal>> ProposePricesAsync(
        IReadOnlyList<PriceProposal> proposals, IReadOnlyCollection<string> looked, DateTimeOffset at, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection => PriceProposalTable.Propose(connection, proposals, looked, at), cancellationToken);

    public async Task<bool> DecidePricesAsync(IReadOnlyList<PriceDecision> decisions, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _writer.WriteAsync(
                connection =>
                {
                    PriceProposalTable.Decide(connection, decisions);
                    return true;
                }, cancellationToken);
        }
        catch (PriceMovedException)
        {
            return false;   // What the transaction had written by then is undone.
        }
    }

    public Task PutPictureCorrectionAsync(PictureCorrection correction, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection => PictureCorrectionTable.Put(connection, correction), cancellationToken);

    public Task<bool> DeletePictureCorrectionAsync(string id, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection => PictureCorrectionTable.Delete(connection, id), cancellationToken);

    public Task<IReadOnlyList<PictureCorrection>> ListPictureCorrectionsAsync(CancellationToken cancellationToken = default)
        => ReadAsync(PictureCorrectionTable.List, cancellationToken);

    public Task<PriceProposal?> FindPriceProposalAsync(string id, CancellationToken cancellationToken = default)
        => ReadAsync(connection => PriceProposalTable.Find(connection, id), cancellationToken);

    public Task<IReadOnlyList<PriceProposal>> ListPriceProposalsAsync(ProposalStatus? status, int count, bool withDemand, CancellationToken cancellationToken = default)
        => ReadAsync(connection => PriceProposalTable.List(connection, status, count, withDemand), cancellationToken);

    public Task AddKeyAsync(ApiKey key, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection =>
        {
            connection.Prepare("INSERT INTO api_keys (id, name, roles, hash, created_at) VALUES (?, ?, ?, ?, ?)")
                .Bind(1, key.Id).Bind(2, key.Name).Bind(3, (long)key.Roles).BindBlob(4, key.Hash).Bind(5, ColumnValue.From(key.CreatedAt)).Run();
            return true;
        }, cancellationToken);

    public Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken = default)
        => ReadAsync<IReadOnlyList<ApiKey>>(connection =>
        {
            var keys = new List<ApiKey>();
            Statement rows = connection.Prepare("SELECT id, name, roles, hash, created_at FROM api_keys ORDER BY created_at, id");
            while (rows.Step())
            {
                keys.Add(new ApiKey
                {
                    Id = rows.Text(0),
                    Name = rows.Text(1),
                    Roles = (ApiRoles)rows.Integer(2),
                    Hash = rows.Blob(3),
                    CreatedAt = ColumnValue.Time(rows.Integer(4)),
                });
            }

            return keys;
        }, cancellationToken);

    public Task<bool> DeleteKeyAsync(string id, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection =>
        {
            connection.Prepare("DELETE FROM api_keys WHERE id = ?").Bind(1, id).Run();
            return connection.ChangeCount > 0;
        }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        while (_readers.TryTake(out Connection? reader))
        {
            reader.Dispose();
        }

        await _writer.DisposeAsync();
    }

    /// <summary>Writes in one transaction.</summary>
    public Task<T> WriteAsync<T>(Func<Connection, T> write, CancellationToken cancellationToken) => _writer.WriteAsync(write, cancellationToken);

    public Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            Connection connection = TakeReader();
            try
            {
                return read(connection);
            }
            finally
            {
                GiveBack(connection);
            }
        }, cancellationToken);

    private Connection TakeReader()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_readers.TryTake(out Connection? reader))
        {
            return reader;
        }

        reader = Connection.Open(_path);
        reader.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -16384");
        return reader;
    }

    private void GiveBack(Connection connection)
    {
        connection.ResetAll();
        if (_isDisposed)
        {
            connection.Dispose();
        }
        else
        {
            _readers.Add(connection);
        }
    }

    private static DateTimeOffset? ReadTime(Connection connection, string sql)
    {
        Statement row = connection.Prepare(sql);
        long? value = row.Step() ? row.OptionalInteger(0) : null;
        row.Reset();
        return ColumnValue.Time(value);
    }

    private static List<T> ReadJson<T>(Statement rows)
    {
        var records = new List<T>();
        while (rows.Step())
        {
            records.Add(JsonSerializer.Deserialize<T>(rows.Text(0))!);
        }

        rows.Reset();
        return records;
    }
}
