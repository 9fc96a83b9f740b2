using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>The verbs of the assistant that hear and speak.</summary>
public sealed class AssistantVoice : IDisposable
{
    private const int ServedPhrases = 5_000;                     // for the decoder of the system, while no version is in service

    private readonly ShopCatalog _catalog;
    private readonly TimeProvider _clock;
    private readonly VersionFolders _versions;
    private readonly ServedVoice _served;

    /// <param name="catalog">The shop whose words are heard.</param>
    /// <param name="modelFolder">Where versions are kept: <c>models/voice</c> of the shop.</param>
    public AssistantVoice(ShopCatalog catalog, string modelFolder, TimeProvider clock)
    {
        (_catalog, _clock) = (catalog, clock);
        _versions = new VersionFolders(modelFolder, "assistant");
        _served = new ServedVoice(_versions, async cancellation => CatalogPhrases.Of((await catalog.LiveAsync(cancellation)).ListedProducts, [], ServedPhrases, seed: 1));
    }

    /// <summary>Whether anything hears: a version in service, or the decoder of the system with the catalog's phrases.</summary>
    public bool CanHear => PocketSphinx.IsInstalled || _versions.Active is not null;

    /// <summary>Learns to hear the shop's phrases, and puts the model into service where it beats the one that is there.</summary>
    /// <exception cref="ValidationException">There is nothing to learn from.</exception>
    /// <exception cref="ImportFormatException">Recordings, their index or the phrases can't be read.</exception>
    public async Task<TrainVoiceResponse> TrainVoiceAsync(TrainVoiceRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        if (request.Recordings is null != request.Index is null)
        {
            throw new ValidationException("Recordings are named by --recordings and --index together.");
        }

        LiveShop shop = await _catalog.LiveAsync(cancellationToken);
        return await Task.Run(
            () => new VoiceTraining(_versions, _clock).Run(request, shop.ListedProducts,
                request.Recordings is { } recordings ? RecordingSet.Open(recordings, request.Index!, cancellationToken) : null, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Writes down what is said in a recording.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet, and the decoder of the system is not installed.</exception>
    /// <exception cref="ValidationException">The request names no recording, both ways, no base64, or an engine that is not installed.</exception>
    /// <exception cref="ImportFormatException">It is no WAV file that can be read.</exception>
    public async Task<TranscribeResponse> TranscribeAsync(TranscribeRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        if (request.Path is null == request.Sound is null)
        {
            throw new ValidationException("Name one recording: a WAV file, or the file itself in base64.");
        }

        Waveform sound = (request.Path is { } path ? WaveReader.ReadFile(path) : WaveReader.Read(Decode(request.Sound!), "sound")).ForSpeech();
        return await TranscribeAsync(sound, request.Engine, cancellationToken);
    }

    /// <summary>Speaks a text.</summary>
    /// <exception cref="ValidationException">No voice is installed, or the text is too long.</exception>
    public async Task<SpeakResponse> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        Waveform sound = await Task.Run(() => SystemVoice.Speak(request.Text, request.Voice, (float)(1 / request.Speed)), cancellationToken);
        byte[] file = WaveWriter.Write(sound);
        if (request.Output is { } path)
        {
            await File.WriteAllBytesAsync(path, file, cancellationToken);
        }

        return new SpeakResponse(request.Voice, sound.Seconds, request.Output is null ? Convert.ToBase64String(file) : null, request.Output);
    }

    /// <summary>Begins to hear somebody who is speaking now.</summary>
    public VoiceListener Listen() => new(TranscribeAsync);

    /// <summary>Measures how well recordings are understood, baselines beside the engines. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">There is too little to learn from or to test.</exception>
    /// <exception cref="ImportFormatException">Recordings or an index can't be read.</exception>
    public Task<EvaluationReport> EvaluateVoiceAsync(EvaluateVoiceRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        if (request.TestRecordings is null != request.TestIndex is null)
        {
            throw new ValidationException("Recordings to test are named by --test-recordings and --test-index together.");
        }

        return Task.Run(
            () =>
            {
                progress?.Report(new RunProgress("reading recordings", 0, 0, "recordings"));
                var set = RecordingSet.Open(request.Recordings, request.Index, cancellationToken);
                RecordingSet? test = request.TestRecordings is { } recordings ? RecordingSet.Open(recordings, request.TestIndex!, cancellationToken) : null;
                return new VoiceEvaluation(_clock).Run(request, set, test, progress, cancellationToken);
            }, cancellationToken);
    }

    /// <summary>Which model is in service, and which versions are kept.</summary>
    public Task<KeptVersions> VoiceStatusAsync(VoiceStatusRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        return Task.Run(_versions.Status, cancellationToken);
    }

    /// <summary>Puts a kept version into service.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">One of its files is missing or damaged; the version in service stays.</exception>
    public Task<KeptVersions> ActivateVoiceAsync(ActivateVoiceRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        return _versions.ActivateAsync(request.Version, folder => _ = VoiceModelFile.Load(folder), cancellationToken);
    }

    public void Dispose() => _served.Dispose();

    private async Task<TranscribeResponse> TranscribeAsync(Waveform sound, string engine, CancellationToken cancellation)
    {
        (Func<Waveform, HeardText> hear, string name, string? version) = await _served.GetAsync(engine, cancellation);
        HeardText heard = await Task.Run(() => hear(sound), cancellation);
        return new TranscribeResponse(heard.Text, heard.Words.Count == 0 ? 0 : heard.Words.Average(word => word.Confidence), heard.Words, sound.Seconds, name, version);
    }


    private static byte[] Decode(string text)
    {
        try
        {
            return Convert.FromBase64String(text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..]);
        }
        catch (FormatException broken)
        {
            throw new ValidationException("The field sound is no base64. Encode the bytes of the WAV file, without line breaks of your own.", broken);
        }
    }
}
