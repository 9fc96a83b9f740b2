namespace Cartwright.Learning.Formats;

/// <summary>A model file is damaged, or is not what it should be.</summary>
public sealed class ModelFormatException(string file, string message, Exception? inner = null)
    : Exception($"{file}: {message}", inner)
{
    public string File { get; } = file;
}
