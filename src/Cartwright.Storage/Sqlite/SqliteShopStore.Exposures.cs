using Cartwright.Commerce.Recommendation;

namespace Cartwright.Storage.Sqlite;

/// <summary>What was shown by chance.</summary>
internal sealed partial class SqliteShopStore : IExposureStore
{
    public Task KeepAsync(IReadOnlyList<Exposure> exposures, CancellationToken cancellationToken = default)
        => _writer.WriteAsync(connection => ExposureTable.Keep(connection, exposures), cancellationToken);

    public Task<IReadOnlyList<Exposure>> ListExposuresAsync(CancellationToken cancellationToken = default)
        => ReadAsync(ExposureTable.List, cancellationToken);
}
