using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Assistant;

/// <summary>One training on a shop's utterances: to a version on disk, judged beside the baselines and the version in service.</summary>
/// <param name="versions">Where versions are kept.</param>
internal sealed class LanguageTraining(VersionFolders versions, TimeProvider clock)
{
    public const string ModelName = "understanding-lstm";

    /// <summary>Intent and all tags right: a sentence that the dialogue can answer.</summary>
    private const string Judged = "sentenceAccuracy";

    /// <exception cref="ValidationException">There is nothing to learn from.</exception>
    public TrainResponse Run(TrainRequest request, LanguageLesson lesson, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        long start = clock.GetTimestamp();
        LanguageModel model = UnderstandingTrainer.Train(lesson.Train, lesson.Validation, request.Seed, request.Epochs, clock, progress, cancellation);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;

        progress?.Report(new RunProgress("judging", 0, 0, "utterances"));
        var measure = new LanguageMeasure(lesson.Judges, request.Seed);
        var estimates = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        Judge(ModelName, model.Tell(lesson.Judges));
        foreach (string name in LanguageBaselines.Names)
        {
            Judge(name, LanguageBaselines.Fit(name, lesson.Train, cancellation)(lesson.Judges));
        }

        double? toBeat = JudgeActive(measure, lesson.Judges);
        var metrics = estimates.ToDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal);
        string version = versions.Save(new ModelCard
        {
            Model = ModelName,
            TrainedAt = clock.GetUtcNow(),
            Seed = request.Seed,
            Options = JsonSerializer.SerializeToElement(new SavedLanguageLesson(lesson.Given, lesson.Generated, request.Epochs, request.Seed), SavedLanguageJson.Default.SavedLanguageLesson),
            Metrics = metrics,
            DataHash = Hash(lesson.Train),
            TrainSeconds = seconds,
            ParameterCount = model.Networks.Sum(network => network.ParameterCount),
        }, folder => LanguageModelFile.Save(folder, model));
        bool isActive = request.Activate || toBeat is null || metrics[$"{ModelName} {Judged}"] > toBeat;
        versions.Settle(version, isActive);
        return new TrainResponse(version, isActive, Summary(metrics, lesson, isActive, version), model.Vocabulary.Intents,
            [.. model.Vocabulary.Tags.Select(UtteranceExample.SlotOf).Where(slot => slot.Length > 0).Distinct(StringComparer.Ordinal)], lesson.Given, lesson.Generated, estimates, seconds);

        void Judge(string name, ToldLanguage told)
        {
            foreach ((string metric, MetricEstimate estimate) in measure.Estimate(told))
            {
                estimates[$"{name} {metric}"] = estimate;
            }
        }
    }

    /// <returns>The share that the version in service understands of the same utterances; null where there is none that can answer.</returns>
    private double? JudgeActive(LanguageMeasure measure, UtteranceExample[] judges) =>
        versions.JudgeActive<double?>(active => measure.Estimate(LanguageModelFile.Load(versions.FolderOf(active)).Tell(judges))[Judged].Value);

    private static string Summary(Dictionary<string, double> metrics, LanguageLesson lesson, bool isActive, string version)
    {
        string found = string.Create(CultureInfo.InvariantCulture,
            $"Learned to understand shoppers: intent right for {metrics[$"{ModelName} accuracy"]:0.####} of the {lesson.Judges.Length:N0} sentences kept aside that ask for something a shop answers (a linear model of their words: {metrics["bag-of-words accuracy"]:0.####}), intent and every slot for {metrics[$"{ModelName} {Judged}"]:0.####}.");
        return isActive ? $"{found} It is in service now."
            : $"{found} It is not in service: the active version is as good or better on the same sentences. To use it all the same: 'cartwright assistant activate --version {version}'.";
    }

    private static string Hash(UtteranceExample[] examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (UtteranceExample example in examples)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{example.Text}\x1f{example.Intent}\x1f{string.Join(' ', example.Tags ?? [])}\x1e"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
