using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Measures how well recordings are understood. Nothing is learned or chosen from the recordings that test.</summary>
internal sealed class VoiceEvaluation(TimeProvider clock)
{
    public const string Heads = "slot-heads";
    public const string Letters = "ctc";
    public const string Decoder = "pocketsphinx";

    private const int FewestRecordings = 20;

    public static IReadOnlyList<string> Engines { get; } = [Heads, Letters, Decoder];

    /// <param name="test">Recordings never heard, all of them tested; null takes the set's own test part.</param>
    /// <exception cref="ValidationException">There is too little to learn from or to test.</exception>
    public EvaluationReport Run(EvaluateVoiceRequest request, RecordingSet set, RecordingSet? test, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        // Where others test, the set's own test part has nothing to hide and is learned from.
        Recording[] train = [.. set.Recordings.Where(recording => recording.Part == RecordingPart.Train || (recording.Part == RecordingPart.Test && test is not null))];
        IReadOnlyList<Recording> validation = set.Of(RecordingPart.Validation);
        IReadOnlyList<Recording> tested = test?.Recordings ?? set.Of(RecordingPart.Test);
        if (train.Length < FewestRecordings || tested.Count == 0)
        {
            throw new ValidationException($"There are {train.Length} recordings to learn from and {tested.Count} to test; {FewestRecordings} and 1 are the fewest.");
        }

        var vocabulary = new SlotVocabulary(train.Select(recording => recording.Slots));
        var measure = new VoiceMeasure([.. tested.Select(recording => recording.Slots)], set.IsLabeled, request.Seed);
        IReadOnlyList<Waveform> sounds = [.. tested.Select(recording => recording.Sound)];
        var lesson = new VoiceLesson(vocabulary, set.IsLabeled, train, validation, request.Phrases is null ? [] : PhraseFile.Read(request.Phrases), request.Epochs, request.Seed, clock, progress, cancellation);
        var models = new List<ModelEvaluation>();
        Measure(Heads, "model", lesson.Heads);
        if (!set.IsLabeled && !SystemVoice.IsInstalled)
        {
            progress?.Report(new RunProgress($"{Letters} is left out: it learns from spoken phrases first, and {SystemVoice.Missing}", 0, 0, ""));
        }
        else
        {
            Measure(Letters, "model", lesson.Letters);
        }

        if (PocketSphinx.Missing is { } missing)
        {
            progress?.Report(new RunProgress($"{Decoder} is left out: {missing}", 0, 0, ""));
        }
        else
        {
            Measure(Decoder, "model", lesson.Decoder);
        }

        Measure("most-frequent", "baseline", () => VoiceBaselines.MostFrequent(vocabulary, train));
        Measure("nearest-mean", "baseline", () => VoiceBaselines.NearestMean(vocabulary, train));
        return new EvaluationReport
        {
            Data = set.Name,
            Protocol = $"{(test is not null ? "test-recordings" : set.HasSplit ? "split-file" : "hash-80")}{SpeakersIn(train, tested)}",
            Seed = request.Seed,
            TestCount = tested.Count,
            Candidates = 0,
            Models = models,
        };

        void Measure(string name, string role, Func<Func<IReadOnlyList<Waveform>, IReadOnlyList<IReadOnlyDictionary<string, string>>>> fit)
        {
            if (role == "model" && request.Model != "all" && request.Model != name)
            {
                return;
            }

            cancellation.ThrowIfCancellationRequested();
            PeakMemory.Restart();
            long start = clock.GetTimestamp();
            Func<IReadOnlyList<Waveform>, IReadOnlyList<IReadOnlyDictionary<string, string>>> hear = fit();
            double seconds = clock.GetElapsedTime(start).TotalSeconds;
            progress?.Report(new RunProgress($"testing {name}", 0, tested.Count, "recordings"));
            models.Add(new ModelEvaluation(name, role, measure.Estimate(hear(sounds)), seconds, PeakMemory.Bytes));
        }
    }

    /// <summary>Whether the tested speakers were heard in training, which is easier; nothing where the index does not tell.</summary>
    private static string SpeakersIn(IReadOnlyList<Recording> train, IReadOnlyList<Recording> tested)
    {
        var known = train.Select(recording => recording.Speaker).OfType<string>().ToHashSet(StringComparer.Ordinal);
        int told = tested.Count(recording => recording.Speaker is not null);
        int heard = tested.Count(recording => recording.Speaker is { } speaker && known.Contains(speaker));
        return told == 0 ? "" : heard == told ? ", speakers heard before" : heard == 0 ? ", new speakers" : $", {heard} of {told} by speakers heard before";
    }
}
