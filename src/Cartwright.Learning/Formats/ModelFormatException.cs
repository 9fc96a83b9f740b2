namespace Cartwright.Learning.Formats;

/// <summary>A model file is damaged, or is not what it should be.</summary>
/// <param name="file">Path of the file.</param>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="inner">What was caught.</param>
/// <param name="offset">Byte of the file at which it shows, where that is known.</param>
public sealed class ModelFormatException(string file, string message, Exception? inner = null, long? offset = null)
    : Exception(offset is { } at ? $"{file}, byte {at}: {message}" : $"{file}: {message}", inner)
{
    public string File { get; } = file;

    /// <summary>Byte of the file at which it shows, where that is known.</summary>
    public long? Offset { get; } = offset;
}
