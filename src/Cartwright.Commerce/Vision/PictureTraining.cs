using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Vision;

/// <summary>One training on pictures: to a version on disk, judged beside the baselines and the version in service.</summary>
/// <param name="versions">Where versions are kept.</param>
internal sealed class PictureTraining(VersionFolders versions, TimeProvider clock)
{
    private const string Judged = "logLoss";
    private const int MostFaults = 20;

    /// <param name="pictures">Those that are labeled, without corrections.</param>
    /// <param name="backbone">Where the model stands on one.</param>
    /// <param name="titled">Products whose titles are learned from.</param>
    /// <exception cref="ValidationException">There is too little to learn from.</exception>
    public TrainResponse Run(TrainRequest request, PictureSet pictures, IReadOnlyList<PictureCorrection> corrections, Backbone? backbone, IReadOnlyList<Product> titled,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        (PictureSet set, HashSet<int> corrected) = Corrections.Apply(pictures, corrections);
        (int[] train, int[] validation, int[] judges) = Divide(set, corrected);
        var learner = new PictureLearner(set, train, validation, request.Seed, request.Epochs, clock, backbone);
        long start = clock.GetTimestamp();
        PictureModel model = learner.Fit(request.Model, progress, cancellation);
        var drafting = new DraftTraining(model, set, clock);
        DraftModel drafts = drafting.Run(learner, titled, request.Seed, progress, cancellation);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;

        progress?.Report(new RunProgress("judging", 0, 0, "pictures"));
        (TaughtPictures judged, IReadOnlyList<string> faults) = learner.Load(judges, cancellation);
        var measure = new PictureMeasure(learner.Classes.Count, judged.Classes, request.Seed);
        var estimates = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        Judge(request.Model, model.Chances(judged.Pictures));
        foreach (string name in PictureBaselines.Names)
        {
            Judge(name, learner.Baseline(name)(judged.Pictures));
        }

        foreach ((string metric, MetricEstimate estimate) in drafting.Judge(drafts, learner, judged, request.Seed))
        {
            estimates[metric] = estimate;
        }

        double? toBeat = JudgeActive(learner, judged, request.Seed);
        var metrics = estimates.ToDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal);
        if (drafts.Titles is { } titles)
        {
            metrics["titles perplexity"] = titles.Perplexity;
        }

        string version = versions.Save(new ModelCard
        {
            Model = model.Name,
            TrainedAt = clock.GetUtcNow(),
            Seed = request.Seed,
            Options = JsonSerializer.SerializeToElement(new SavedPictureLesson(model.Name, model.Network.Options.Size, model.Network.Options.Width, learner.Lesson(request.Model).Epochs,
                learner.Train.Count, corrected.Count, request.Seed), SavedPicturesJson.Default.SavedPictureLesson),
            Metrics = metrics,
            DataHash = Hash(set),
            TrainSeconds = seconds,
            ParameterCount = model.Network.ParameterCount,
        }, folder =>
        {
            PictureModelFile.Save(folder, model);
            drafts.Save(folder);
        });
        bool isActive = request.Activate || toBeat is null || metrics[$"{request.Model} {Judged}"] < toBeat;
        versions.Settle(version, isActive);
        return new TrainResponse(version, isActive, Summary(request.Model, metrics, judged.Count, isActive, version), learner.Classes, learner.Train.Count, corrected.Count,
            [.. learner.Faults.Concat(faults).Take(MostFaults)], estimates, seconds);

        void Judge(string name, float[] chances)
        {
            foreach ((string metric, MetricEstimate estimate) in measure.Estimate(chances))
            {
                estimates[$"{name} {metric}"] = estimate;
            }
        }
    }

    /// <summary>By the picture's id, so that the same picture judges every version and none learns from it; an official split says it itself. Corrected pictures train.</summary>
    private static (int[] Train, int[] Validation, int[] Judges) Divide(PictureSet set, HashSet<int> corrected)
    {
        const int JudgesOf = 5;
        const int ValidationOf = 10;
        bool hasValidation = set.Parts.Contains(PicturePart.Validation);
        int[] judges = [.. Enumerable.Range(0, set.Count).Where(i => set.HasTest ? set.Parts[i] == PicturePart.Test : !corrected.Contains(i) && Draw(set.Ids[i], "judge", JudgesOf))];
        int[] others = [.. Enumerable.Range(0, set.Count).Except(judges)];
        int[] validation = [.. others.Where(i => hasValidation ? set.Parts[i] == PicturePart.Validation : !corrected.Contains(i) && Draw(set.Ids[i], "validate", ValidationOf))];
        return ([.. others.Except(validation)], validation, judges);
    }

    private static bool Draw(string id, string purpose, int oneOf) => SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose} {id}"))[0] % oneOf == 0;

    /// <returns>The loss of the version in service on the same pictures; null where there is none that can answer.</returns>
    private double? JudgeActive(PictureLearner learner, TaughtPictures judged, int seed) => versions.JudgeActive<double?>(active =>
    {
        PictureModel rival = PictureModelFile.Load(versions.FolderOf(active));
        int[] known = [.. judged.Classes.Select(of => rival.Classes.ToList().IndexOf(learner.Classes[of]))];
        return new PictureMeasure(rival.Classes.Count, known, seed).Estimate(rival.Chances(judged.Pictures))[Judged].Value;
    });

    private static string Summary(string model, Dictionary<string, double> metrics, int judged, bool isActive, string version)
    {
        string baselines = string.Join(", ", PictureBaselines.Names.Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {metrics[$"{name} accuracy"]:0.####}")));
        string found = string.Create(CultureInfo.InvariantCulture, $"Learned to tell what pictures show: right for {metrics[$"{model} accuracy"]:0.####} of {judged:N0} pictures kept aside ({baselines}).");
        return isActive ? $"{found} It is in service now."
            : $"{found} It is not in service: the active version is as good or better on the same pictures. To use it all the same: 'cartwright vision activate --version {version}'.";
    }

    private static string Hash(PictureSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < set.Count; i++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{set.Ids[i]}\x1f{set.Labels[i]}\x1e"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
