namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>What the decoder wants to read from files, in a folder that goes when it is disposed.</summary>
internal sealed class DecoderFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-voice-").FullName;

    /// <summary>Writes a dictionary of the words that can be said.</summary>
    /// <returns>Its path.</returns>
    public string WriteDictionary(IEnumerable<string> phrases)
    {
        string path = Path.Combine(_folder, "words.dict");
        var words = phrases.SelectMany(phrase => phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.Ordinal);
        File.WriteAllLines(path, Pronunciations.Lines(words, PocketSphinx.Dictionary));
        return path;
    }

    /// <summary>Writes a language model.</summary>
    /// <returns>Its path.</returns>
    public string WriteModel(string arpa)
    {
        string path = Path.Combine(_folder, "phrases.lm");
        File.WriteAllText(path, arpa);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
