namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>The system's decoder with a language model of a shop's phrases.</summary>
internal sealed class PhraseHearing : IDisposable
{
    private readonly PocketSphinx _decoder;

    /// <param name="phrases">As they are said.</param>
    public PhraseHearing(IReadOnlyList<string> phrases)
    {
        using var files = new DecoderFiles();
        string dictionary = files.WriteDictionary(phrases);
        _decoder = PocketSphinx.WithLanguageModel(files.WriteModel(WordModel.Arpa(phrases)), dictionary);
    }

    public HeardText Hear(Waveform sound) => _decoder.Hear(sound);

    public void Dispose() => _decoder.Dispose();
}
