using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>Who is forgotten.</summary>
internal sealed partial class SqliteShopStore
{
    public async Task<ForgottenShopper?> DeleteShopperAsync(string id, CancellationToken cancellationToken = default)
    {
        (ForgottenShopper? receipt, IReadOnlyList<byte[]> words) = await _writer.WriteAsync(connection => Forgetting.Forget(connection, id), cancellationToken);

        // Also where nothing was found: a call before this one may have ended between the deletion and the cleaning.
        Connection connection = await _writer.TakeAsync(CancellationToken.None);
        try
        {
            await Task.Run(() => Residue.Clean(connection, _path, words), CancellationToken.None);
        }
        catch (StorageException left) when (receipt is not null)
        {
            // The rows are gone, so whoever asked goes on: memory, files and models must not keep what the store no longer has.
            receipt = receipt with { LeftBehind = left.Message };
        }
        finally
        {
            _writer.Release();
        }

        return receipt;
    }
}
