using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>One training on a shop's phrases: to a version on disk, judged beside a baseline and the version in service.</summary>
internal sealed class VoiceTraining(VersionFolders versions, TimeProvider clock)
{
    private const int MostPhrases = 8_000;
    private const int LeastJudged = 10;
    private const int MostJudged = 60;
    private const int JudgesOf = 10;
    private const float Rate = 0.003f;
    private const string Errors = "wordErrorRate";
    private const string Alone = "letters-alone";

    // Shoppers' voices are new to the network, so one that it never learned from judges it: by those that it knows, half as many words are wrong.
    private static readonly string[] Stranger = ["awb"];
    private static readonly SoundAugmentation Noisy = new() { NoiseShare = 1, HiddenBandRuns = 0, HiddenTimeRuns = 0 };

    /// <param name="recordings">With words or labels; null for none.</param>
    /// <exception cref="ValidationException">There is nothing to learn from.</exception>
    public TrainVoiceResponse Run(TrainVoiceRequest request, IEnumerable<Product> products, RecordingSet? recordings, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<string> given = request.Phrases is null ? [] : PhraseFile.Read(request.Phrases);
        IReadOnlyList<string> all = CatalogPhrases.Of(products, given, MostPhrases, request.Seed);
        string[] judges = [.. all.Where(IsJudge).Take(Math.Clamp(request.Spoken / JudgesOf, LeastJudged, MostJudged))];
        string[] phrases = [.. all.Where(phrase => !IsJudge(phrase))];
        List<SpokenText> spoken = Recorded(recordings, test: false);
        List<SpokenText> judged = Recorded(recordings, test: true);
        int recorded = spoken.Count;
        int voiced = 0;
        if (SystemVoice.IsInstalled)
        {
            string[] drawn = [.. phrases.Take(request.Spoken)];
            spoken.AddRange(SpokenPhrases.Speak(drawn, [.. SystemVoice.Names.Except(Stranger)], request.Seed, progress, cancellation));
            judged.AddRange(SpokenPhrases.Speak(judges, Stranger, request.Seed + 1, progress, cancellation));
            voiced = drawn.Length;
        }
        else if (recorded == 0)
        {
            throw new ValidationException($"There is nothing to learn from: no recordings are named, and {SystemVoice.Missing}");
        }

        long start = clock.GetTimestamp();
        var network = new TextNetwork(new SpeechEncoderOptions(), Seeds.Random((ulong)request.Seed, 4));
        TextTraining.Train(network, spoken, request.Epochs, Rate, new SoundAugmentation(), request.Seed, clock, "letters", progress, cancellation);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;

        progress?.Report(new RunProgress("judging", 0, judged.Count, "sentences"));
        SortedDictionary<string, MetricEstimate> estimates = Judge(new VoiceModel(network, phrases, VoiceEvaluation.Letters), phrases, judged, request.Seed);
        string best = estimates.TryGetValue($"{VoiceEvaluation.Decoder} {Errors}", out MetricEstimate? decoder) && decoder.Value < estimates[$"{VoiceEvaluation.Letters} {Errors}"].Value
            ? VoiceEvaluation.Decoder : VoiceEvaluation.Letters;
        var metrics = estimates.ToDictionary(estimate => estimate.Key, estimate => estimate.Value.Value, StringComparer.Ordinal);
        double? toBeat = JudgeActive(judged, request.Seed);
        string version = versions.Save(new ModelCard
        {
            Model = VoiceModel.Name,
            TrainedAt = clock.GetUtcNow(),
            Seed = request.Seed,
            Options = JsonSerializer.SerializeToElement(new SavedVoiceLesson(phrases.Length, voiced, recorded, request.Epochs, request.Seed), SavedVoiceJson.Default.SavedVoiceLesson),
            Metrics = metrics,
            DataHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', spoken.Select(of => of.Text))))),
            TrainSeconds = seconds,
            ParameterCount = network.ParameterCount,
        }, folder => VoiceModelFile.Save(folder, new VoiceModel(network, all, best)));
        bool isActive = request.Activate || toBeat is null || metrics[$"{VoiceEvaluation.Letters} {Errors}"] < toBeat;
        versions.Settle(version, isActive);
        return new TrainVoiceResponse(version, isActive, Summary(metrics, best, judged.Count, isActive, version), all.Count, voiced, recorded, estimates, seconds);
    }

    /// <summary>By the sentence itself, so that the same one judges every version and none learns from it.</summary>
    private static bool IsJudge(string phrase) => SHA256.HashData(Encoding.UTF8.GetBytes($"judge {phrase}"))[0] % JudgesOf == 0;

    private static List<SpokenText> Recorded(RecordingSet? set, bool test)
    {
        Recording[] of = [.. (set?.Recordings ?? []).Where(recording => recording.Part == RecordingPart.Test == test)];
        if (of.Length > 0 && !set!.IsLabeled && of.All(recording => recording.Text is null))
        {
            throw new ValidationException("The index has slots and no words; writing is learned from a column text, or from labels. 'cartwright assistant evaluate-voice' learns from slots.");
        }

        return [.. of.Select(recording => new SpokenText(recording.Sound.Samples, PhraseFile.Spoken(recording.Text ?? recording.Slots.Values.FirstOrDefault() ?? "")))
            .Where(spoken => spoken.Text.Length > 0).Take(test ? MostJudged : int.MaxValue)];
    }

    /// <param name="phrases">For the decoder's language model.</param>
    /// <param name="isRival">Whether only the letters of the version in service are asked for.</param>
    private static SortedDictionary<string, MetricEstimate> Judge(VoiceModel model, IReadOnlyList<string> phrases, List<SpokenText> judged, int seed, bool isRival = false)
    {
        var estimates = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        Waveform[] sounds = [.. judged.Select((spoken, i) => new Waveform(Noisy.Change(spoken.Samples, Seeds.Random((ulong)seed, (ulong)(i + 10_000))), Waveform.SpeechRate))];
        Add(VoiceEvaluation.Letters, sound => model.Hear(sound).Text);
        if (isRival)
        {
            return estimates;
        }

        var greedy = new CtcDecoder(SpeechAlphabet.Blank);
        Add(Alone, sound => SpeechAlphabet.Decode(greedy.Greedy(model.Network.Hear(LogMel.Rows(sound.Samples)), SpeechAlphabet.ClassCount)));
        if (PocketSphinx.IsInstalled)
        {
            using var decoder = new PhraseHearing(phrases);
            Add(VoiceEvaluation.Decoder, sound => decoder.Hear(sound).Text);
        }

        return estimates;

        void Add(string engine, Func<Waveform, string> hear)
        {
            string[] heard = [.. sounds.Select(hear)];
            int[] errors = [.. judged.Select((spoken, i) => WordErrors.Count(spoken.Text, heard[i]))];
            int[] words = [.. judged.Select(spoken => WordErrors.Length(spoken.Text))];
            BootstrapInterval rate = Bootstrap.Statistic(rows => rows.Sum(row => words[row]) is var all && all == 0 ? 0 : rows.Sum(row => errors[row]) / (double)all, judged.Count, seed);
            BootstrapInterval whole = Bootstrap.Mean([.. errors.Select(wrong => wrong == 0 ? 1.0 : 0)], seed);
            estimates[$"{engine} {Errors}"] = new MetricEstimate(rate.Value, rate.Low, rate.High);
            estimates[$"{engine} sentenceAccuracy"] = new MetricEstimate(whole.Value, whole.Low, whole.High);
        }
    }

    /// <returns>The errors of the version in service on the same sentences; null where there is none that can answer.</returns>
    private double? JudgeActive(List<SpokenText> judged, int seed) => versions.JudgeActive<double?>(active =>
    {
        VoiceModel rival = VoiceModelFile.Load(versions.FolderOf(active));
        string[] learned = [.. rival.Phrases.Where(phrase => !IsJudge(phrase))];
        return Judge(new VoiceModel(rival.Network, learned, rival.Best), [], judged, seed, isRival: true)[$"{VoiceEvaluation.Letters} {Errors}"].Value;
    });

    private static string Summary(Dictionary<string, double> metrics, string best, int judged, bool isActive, string version)
    {
        string others = string.Join(", ", metrics.Where(metric => metric.Key.EndsWith(Errors, StringComparison.Ordinal) && !metric.Key.StartsWith(VoiceEvaluation.Letters + " ", StringComparison.Ordinal))
            .Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key.Split(' ')[0]} {metric.Value:0.####}")));
        string found = string.Create(CultureInfo.InvariantCulture,
            $"Learned to hear: {metrics[$"{VoiceEvaluation.Letters} {Errors}"]:0.####} of the words are wrong in {judged:N0} sentences kept aside, spoken by another voice with noise ({others}). '{best}' hears by default.");
        return isActive ? $"{found} It is in service now."
            : $"{found} It is not in service: the active version is as good or better on the same sentences. To use it all the same: 'cartwright assistant activate-voice --version {version}'.";
    }
}
