using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>Empties the log and what deletion leaves in a database's file.</summary>
/// <remarks>
/// <c>secure_delete</c> overwrites what a statement deletes, but when SQLite splits a page the rows that move leave a copy in the gap of the
/// old page, which nothing overwrites later (of 389 rows deleted from 40,000, one was still in the file). So the file is searched for the
/// words that must be gone, and written anew where one is found: <c>VACUUM</c>, some seconds for a million interactions, while writers wait.
/// </remarks>
internal static class Residue
{
    private const int ChunkSize = 1 << 20;

    /// <param name="connection">The writing one, outside a transaction.</param>
    /// <exception cref="StorageException">Somebody reads an older state for too long: what was deleted is still in the log.</exception>
    public static void Clean(Connection connection, string path, IReadOnlyList<byte[]> words)
    {
        EmptyLog(connection, path);
        if (IsIn(path, words))
        {
            connection.ResetAll();
            connection.Execute("VACUUM");
            EmptyLog(connection, path);
        }
    }

    private static void EmptyLog(Connection connection, string path)
    {
        // Waits ten seconds for readers of an older state.
        if (connection.ReadInteger("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
        {
            throw new StorageException($"The log of {path} can't be emptied while another program reads it, so what was deleted is still in it. Forget the shopper again once that program is done.", isTransient: true);
        }
    }

    private static bool IsIn(string path, IReadOnlyList<byte[]> words)
    {
        int longest = words.Max(word => word.Length);
        byte[] buffer = new byte[ChunkSize + longest];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        int kept = 0;
        while (file.Read(buffer, kept, ChunkSize) is > 0 and var read)
        {
            ReadOnlySpan<byte> chunk = buffer.AsSpan(0, kept + read);
            foreach (byte[] word in words)
            {
                if (word.Length > 0 && chunk.IndexOf(word) >= 0)
                {
                    return true;
                }
            }

            kept = Math.Min(longest, chunk.Length);
            chunk[^kept..].CopyTo(buffer);
        }

        return false;
    }
}
