using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Assistant;

/// <summary>The verbs of the assistant that understand sentences.</summary>
/// <param name="catalog">The shop whose products are talked about, and whose utterances are learned from.</param>
/// <param name="modelFolder">Where versions are kept: <c>models/language</c> of the shop.</param>
public sealed class LanguageAnalyst(ShopCatalog catalog, string modelFolder, TimeProvider clock)
{
    private readonly VersionFolders _versions = new(modelFolder, "assistant");
    private readonly ServedVersion<LanguageModel> _served = new(new VersionFolders(modelFolder, "assistant"), LanguageModelFile.Load, "No model of language is trained yet. Run 'cartwright assistant train'.");

    /// <summary>Learns to understand shoppers, and puts the model into service where it beats the one that is there.</summary>
    /// <exception cref="ValidationException">The shop has nothing to learn from.</exception>
    public async Task<TrainResponse> TrainAsync(TrainRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("making utterances from the catalog", 0, 0, "utterances"));
        (LanguageLesson lesson, _) = await LessonAsync(request.Seed, cancellationToken);
        return await Task.Run(() => new LanguageTraining(_versions, clock).Run(request, lesson, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Tells what a sentence means.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    public Task<UnderstandResponse> UnderstandAsync(UnderstandRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run(() =>
        {
            (LanguageModel model, string version) = _served.Get();
            return new UnderstandResponse(request.Text, model.Understand(request.Text), version);
        }, cancellationToken);
    }

    /// <summary>What a sentence means, for a dialogue; null where nothing is trained yet.</summary>
    internal Understanding? Understand(string text) => _served.Find()?.Model.Understand(text);

    /// <summary>Measures the network, baselines beside it. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">There are too few utterances, or none to test.</exception>
    /// <exception cref="ImportFormatException">A file can't be read.</exception>
    public async Task<EvaluationReport> EvaluateAsync(EvaluateRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("reading utterances", 0, 0, "utterances"));
        UtteranceSet? test = request.Test is { } path ? await Task.Run(() => UtteranceSet.Read(path, cancellationToken), cancellationToken) : null;
        if (request.Data is { } folder)
        {
            UtteranceSet data = await Task.Run(() => UtteranceSet.Read(folder, cancellationToken), cancellationToken);
            return await Task.Run(() => new LanguageEvaluation(clock).Run(request, data, test, progress, cancellationToken), cancellationToken);
        }

        (LanguageLesson lesson, string name) = await LessonAsync(request.Seed, cancellationToken);
        return await Task.Run(() => new LanguageEvaluation(clock).Run(request, name, lesson, test, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Which model is in service, and which versions are kept.</summary>
    public Task<KeptVersions> StatusAsync(StatusRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run(_versions.Status, cancellationToken);
    }

    /// <summary>Puts a kept version into service.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">One of its files is missing or damaged; the version in service stays.</exception>
    public Task<KeptVersions> ActivateAsync(ActivateRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return _versions.ActivateAsync(request.Version, folder => _ = LanguageModelFile.Load(folder), cancellationToken);
    }

    /// <summary>What the shop's own model learns from, and the shop's name.</summary>
    private async Task<(LanguageLesson Lesson, string Name)> LessonAsync(int seed, CancellationToken cancellationToken)
    {
        LiveShop live = await catalog.LiveAsync(cancellationToken);
        using IShopReading reading = await catalog.Store.BeginReadingAsync(cancellationToken);
        return await Task.Run(() =>
        {
            string[] topics = [.. reading.Texts().Select(text => text.Topic?.Trim().ToLowerInvariant() ?? "").Where(topic => topic.Length > 0).Distinct(StringComparer.Ordinal)];
            return (LanguageLesson.Of([.. live.ListedProducts], topics, new UtteranceSet(reading.Info.Name, [.. reading.Utterances()]), seed), reading.Info.Name);
        }, cancellationToken);
    }
}
