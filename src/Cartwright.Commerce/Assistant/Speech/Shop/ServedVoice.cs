using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>What hears for the shop now: the version in service, loaded at the first question and again where another is activated, and the decoder of the system.</summary>
/// <remarks>Whether another process activated a version is looked up at every question: a file's time stamp.</remarks>
/// <param name="phrases">The catalog's phrases, for the decoder where no version is in service.</param>
internal sealed class ServedVoice(VersionFolders versions, Func<CancellationToken, Task<IReadOnlyList<string>>> phrases) : IDisposable
{
    public const string BestEngine = "best";

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Loaded? _loaded;

    /// <param name="engine">"ctc", "pocketsphinx" or "best".</param>
    /// <returns>Who hears, and by which name and version.</returns>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet, and the decoder is not installed.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">The engine that is asked for is not installed.</exception>
    public async Task<(Func<Waveform, HeardText> Hear, string Engine, string? Version)> GetAsync(string engine, CancellationToken cancellation)
    {
        Loaded loaded = await LoadAsync(cancellation);
        string wanted = engine != BestEngine ? engine : PocketSphinx.IsInstalled && loaded.Model?.Best != VoiceEvaluation.Letters ? VoiceEvaluation.Decoder : VoiceEvaluation.Letters;
        if (wanted == VoiceEvaluation.Letters)
        {
            return loaded.Model is { } model ? (model.Hear, wanted, loaded.Version)
                : throw new ModelNotTrainedException("No model of voices is trained yet. Run 'cartwright assistant train-voice'.");
        }

        return PocketSphinx.Missing is { } missing
            ? throw new System.ComponentModel.DataAnnotations.ValidationException($"The engine 'pocketsphinx' can't be used: {missing}")
            : (loaded.Decoder.Value.Hear, wanted, loaded.Version);
    }

    public void Dispose()
    {
        if (_loaded is { Decoder: { IsValueCreated: true } decoder })
        {
            decoder.Value.Dispose();
        }

        _loading.Dispose();
    }

    private async Task<Loaded> LoadAsync(CancellationToken cancellation)
    {
        DateTime activatedAt = versions.ActivatedAt;
        if (_loaded is { } ready && ready.ActivatedAt == activatedAt)
        {
            return ready;
        }

        await _loading.WaitAsync(cancellation);
        try
        {
            if (_loaded is not { } loaded || loaded.ActivatedAt != activatedAt)
            {
                string? version = versions.Active;
                VoiceModel? model = version is null ? null : await Task.Run(() => VoiceModelFile.Load(versions.FolderOf(version)), cancellation);
                IReadOnlyList<string> known = model?.Phrases ?? await phrases(cancellation);
                // The one before may still be hearing somebody: the garbage collector's turn comes when nobody does.
                _loaded = loaded = new Loaded(model, version, activatedAt, new Lazy<PhraseHearing>(() => new PhraseHearing(known)));
            }

            return loaded;
        }
        finally
        {
            _loading.Release();
        }
    }

    private sealed record Loaded(VoiceModel? Model, string? Version, DateTime ActivatedAt, Lazy<PhraseHearing> Decoder);
}
