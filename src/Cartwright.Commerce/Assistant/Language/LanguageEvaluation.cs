using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Assistant;

/// <summary>Learns from utterances and tests on others, baselines beside the network.</summary>
internal sealed class LanguageEvaluation(TimeProvider clock)
{
    /// <summary>On utterances that were given.</summary>
    /// <exception cref="ValidationException">There is too little to learn from, or nothing to test.</exception>
    public EvaluationReport Run(EvaluateRequest request, UtteranceSet data, UtteranceSet? given, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        (UtteranceExample[] train, UtteranceExample[] validation, UtteranceExample[] test) = data.Divide(hasTest: given is null);
        LanguageLesson.Check(train);
        return Run(request, data.Name, given is not null ? "test-file" : data.HasTest ? "split-column" : "hash-80", train, validation, given?.Examples ?? test, progress, cancellation);
    }

    /// <summary>On a shop's own, made ones among them.</summary>
    /// <exception cref="ValidationException">There is nothing to test.</exception>
    public EvaluationReport Run(EvaluateRequest request, string name, LanguageLesson lesson, UtteranceSet? given, IProgress<RunProgress>? progress, CancellationToken cancellation) =>
        Run(request, name, given is null ? "held-out-wordings" : "test-file", lesson.Train, lesson.Validation, given?.Examples ?? lesson.Judges, progress, cancellation);

    private EvaluationReport Run(EvaluateRequest request, string data, string protocol, UtteranceExample[] train, UtteranceExample[] validation, UtteranceExample[] test,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        if (test.Length == 0)
        {
            throw new ValidationException("There are no utterances to test. Give more, mark some as test in the split column, or give others by --test.");
        }

        var measure = new LanguageMeasure(test, request.Seed);
        var models = new List<ModelEvaluation>();
        Measure(LanguageTraining.ModelName, "model",
            () => UnderstandingTrainer.Train(train, validation, request.Seed, request.Epochs, clock, progress, cancellation).Tell);
        foreach (string name in LanguageBaselines.Names.Where(name => name != LanguageBaselines.OfTags || test.Any(example => example.Tags is not null)))
        {
            Measure(name, "baseline", () => LanguageBaselines.Fit(name, train, cancellation));
        }

        return new EvaluationReport
        {
            Data = data,
            Protocol = protocol,
            Seed = request.Seed,
            TestCount = test.Length,
            Candidates = 0,
            Models = models,
        };

        void Measure(string name, string role, Func<Func<IReadOnlyList<UtteranceExample>, ToldLanguage>> fit)
        {
            cancellation.ThrowIfCancellationRequested();
            PeakMemory.Restart();
            long start = clock.GetTimestamp();
            Func<IReadOnlyList<UtteranceExample>, ToldLanguage> tell = fit();
            double seconds = clock.GetElapsedTime(start).TotalSeconds;
            progress?.Report(new RunProgress($"testing {name}", 0, test.Length, "utterances"));
            models.Add(new ModelEvaluation(name, role, measure.Estimate(tell(test)), seconds, PeakMemory.Bytes));
        }
    }
}
