namespace Cartwright.Commerce.Catalog;

/// <summary>No such product, shopper, run or version.</summary>
public sealed class NotFoundException(string message) : Exception(message);

/// <summary>A question was asked before the model that answers it was trained.</summary>
public sealed class ModelNotTrainedException(string message) : Exception(message);

/// <summary>A file to be imported can't be read as what it should be.</summary>
public sealed class ImportFormatException(string file, long? line, string message)
    : Exception(line is null ? $"{file}: {message}" : $"{file}:{line}: {message}")
{
    public string File { get; } = file;

    /// <summary>Line in the file, from 1, the header included.</summary>
    public long? Line { get; } = line;

    /// <summary>What the import had read until then, and its rejects; null where it was not an import.</summary>
    public ImportReport? Report { get; internal set; }
}

/// <summary>The database or the disk is away or refuses.</summary>
public sealed class StorageException(string message, bool isTransient, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>True where the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;
}
