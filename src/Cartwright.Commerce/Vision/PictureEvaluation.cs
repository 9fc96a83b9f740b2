using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Vision;

/// <summary>Measures how well it is told what pictures show. Nothing is chosen by the pictures that test.</summary>
internal sealed class PictureEvaluation(TimeProvider clock)
{
    /// <param name="test">Another set, all of it tested; null takes the set's own test part, or a fifth of each label where it has none.</param>
    /// <exception cref="ValidationException">There is too little to learn from or to test.</exception>
    public EvaluationReport Run(EvaluateRequest request, PictureSet set, PictureSet? test, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new RunProgress("reading pictures", 0, set.Count, "pictures"));
        (int[] train, int[] validation, int[] held) = set.Divide(request.Seed, hasTest: test is null);
        var learner = new PictureLearner(set, train, validation, request.Seed, request.Epochs, clock, request.Backbone is { } path ? Backbone.Load(path, request.BackboneCuts) : null);
        (TaughtPictures tested, _) = test is null ? learner.Load(held, cancellation) : learner.Load(test, [.. Enumerable.Range(0, test.Count)], cancellation);
        if (tested.Count == 0)
        {
            throw new ValidationException("There are no pictures to test. Give more of each label, or others by --test.");
        }

        var measure = new PictureMeasure(learner.Classes.Count, tested.Classes, request.Seed);
        var models = new List<ModelEvaluation>();
        string[] names = request.Backbone is null ? [.. PictureLesson.Models] : [BackboneNetwork.Name, .. PictureLesson.Models];
        foreach (string name in names.Where(name => request.Model == "all" || request.Model == name))
        {
            Measure(name, "model", () => learner.Fit(name, progress, cancellation).Chances);
        }

        foreach (string name in PictureBaselines.Names)
        {
            Measure(name, "baseline", () => learner.Baseline(name));
        }

        return new EvaluationReport
        {
            Data = set.Name,
            Protocol = test is not null ? "test-folder" : set.HasTest ? "split-file" : "random-80",
            Seed = request.Seed,
            TestCount = tested.Count,
            Candidates = 0,
            Models = models,
        };

        void Measure(string name, string role, Func<Func<IReadOnlyList<Picture>, float[]>> fit)
        {
            cancellation.ThrowIfCancellationRequested();
            PeakMemory.Restart();
            long start = clock.GetTimestamp();
            Func<IReadOnlyList<Picture>, float[]> chances = fit();
            double seconds = clock.GetElapsedTime(start).TotalSeconds;
            progress?.Report(new RunProgress($"testing {name}", 0, tested.Count, "pictures"));
            models.Add(new ModelEvaluation(name, role, measure.Estimate(chances(tested.Pictures)), seconds, PeakMemory.Bytes));
        }
    }
}
