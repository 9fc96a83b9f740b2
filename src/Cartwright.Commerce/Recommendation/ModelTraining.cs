using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Distributed;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>One training: from the shop as it is to a version on disk, judged beside the baselines and the version in service.</summary>
internal sealed class ModelTraining(ModelVersions versions, KeptOptions kept, IProductPictures? pictures, TimeProvider clock)
{
    private const string Judged = "ndcg@10";

    public async Task<TrainResponse> RunAsync(IShopStore store, TrainRequest request, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var reporter = progress as IRunReporter;
        string? folder = reporter?.Folder;
        if (request.ResumeRunId is { } resumed)
        {
            if (reporter is null && ProcessGroup.StartedRank is null or 0)
            {
                throw new ValidationException("Only a recorded run can be resumed: use the command line or the HTTP API.");
            }

            (request, string first) = await ResumeAsync(store, request, resumed, cancellationToken);
            folder = reporter?.FolderOf(first);
        }

        request = request.Options.Count > 0 ? request : request with { Options = kept.Of(request.Model) };
        RecommendationModels.RequireOptions(request.Model, request.Options);
        string? checkpoint = folder is null ? null : Path.Combine(folder, "checkpoint");
        IRecommendationTrainer trainer = RecommendationModels.Named(request.Model);
        if (ProcessGroup.StartedRank is not null && !trainer.SharesTraining)
        {
            string shared = string.Join(", ", RecommendationModels.All.Where(other => other.SharesTraining).Select(other => other.Name));
            throw new ValidationException($"Several processes can't share the training of {trainer.Name}; they can share {shared}. Train it without mpirun.");
        }

        Snapshot snapshot = await store.ReadSnapshotAsync(cancellationToken);
        PictureVectors? seen = null;
        if (pictures is not null && (trainer.ReadsPictures || request.Generators.Any(name => RecommendationModels.Named(name).ReadsPictures)))
        {
            progress?.Report(new RunProgress("looking at the products' pictures", 0, 0, "pictures"));
            seen = await pictures.ReadAsync(cancellationToken) is { } all ? PictureVectors.Of(snapshot, all) : null;
        }

        return await Task.Run(() => Run(snapshot, seen, trainer, request, checkpoint, progress, cancellationToken), cancellationToken);
    }

    /// <returns>What that run was asked for, and the run that has its checkpoint.</returns>
    private static async Task<(TrainRequest Request, string First)> ResumeAsync(IShopStore store, TrainRequest asked, string runId,
        CancellationToken cancellationToken)
    {
        Run run = await store.FindRunAsync(runId, cancellationToken)
            ?? throw new NotFoundException($"There is no run '{runId}' to resume. 'cartwright runs' lists them.");
        if (run is not { Slice: "recommendation", Verb: "train" })
        {
            throw new ValidationException($"Run '{runId}' is '{run.Slice} {run.Verb}'; only a 'recommendation train' can be resumed.");
        }

        TrainRequest first = RecordJson.Read(run.Request, new TrainRequest(), RequestJson.Default.TrainRequest);
        return (first with { Minutes = asked.Minutes, Activate = asked.Activate || first.Activate }, first.ResumeRunId ?? runId);
    }

    private TrainResponse Run(Snapshot snapshot, PictureVectors? seen, IRecommendationTrainer trainer, TrainRequest request, string? checkpoint,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new RunProgress("reading the shop", 0, 0, "steps"));
        HeldOut heldOut = HeldOut.Of(snapshot);
        if (heldOut.Train.Count == 0)
        {
            throw new ValidationException("There is nothing to learn from: the shop has no views, clicks, carts, purchases or ratings. "
                + "Import some with 'cartwright catalog import <folder>'.");
        }

        var split = new RankingSplit(heldOut.Train, heldOut.Validation, heldOut.Judging);
        var comparison = new ModelComparison(snapshot.Products, snapshot.Info.HasRealTimes, clock);
        TrainingData data = comparison.TrainingDataOf(split) with { Pictures = seen };
        string dataHash = Hash(snapshot, heldOut.Train);
        CheckData(checkpoint, dataHash);

        long start = clock.GetTimestamp();
        IRecommendationModel model = Fit(trainer, data, dataHash, request, checkpoint, progress, cancellationToken);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;
        if (ProcessGroup.StartedRank is > 0 and var rank)
        {
            return new TrainResponse("", IsActive: false, $"Rank {rank} helped; rank 0 has the model.", new Dictionary<string, double>(StringComparer.Ordinal), seconds);
        }

        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var estimates = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        Judge(comparison, model, split, metrics, estimates, progress, cancellationToken);
        ItemKnn? beside = model as ItemKnn;
        foreach (IRecommendationTrainer baseline in RecommendationModels.All.Where(other => other.IsBaseline && other.Name != model.Name))
        {
            IRecommendationModel fitted = baseline.Fit(data, new FitOptions { Seed = request.Seed, Clock = clock }, null, cancellationToken);
            Judge(comparison, fitted, split, metrics, estimates, progress, cancellationToken);
            beside ??= fitted as ItemKnn;
        }

        bool isMeasured = split.Test.Cases.Count > 0;
        double? toBeat = isMeasured ? JudgeActive(comparison, snapshot, split, cancellationToken) : null;
        string version = versions.Save(model, model is ItemKnn ? null : beside, [.. snapshot.Products.Select(p => p.Id)], Card(model, request, metrics, seconds, dataHash));
        bool isActive = request.Activate || versions.Folders.Active is null || (isMeasured && (toBeat is null || metrics[$"{model.Name} {Judged}"] > toBeat));
        return new TrainResponse(version, isActive, Summary(model.Name, version, isActive, toBeat, metrics, split.Test.Cases.Count), metrics, seconds)
        {
            Estimates = estimates,
        };
    }

    /// <summary>Learns, together with the processes that mpirun started beside this one; those can end as soon as all have learned.</summary>
    private IRecommendationModel Fit(IRecommendationTrainer trainer, TrainingData data, string dataHash, TrainRequest request, string? checkpoint,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        using ProcessGroup? group = ProcessGroup.Join();
        ThrowUnlessAlike(group, dataHash);
        return trainer.Fit(data, new FitOptions
        {
            Seed = request.Seed,
            Epochs = request.Epochs,
            Generators = request.Generators,
            Options = request.Options,
            TimeLimit = request.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            CheckpointFolder = checkpoint,
            Clock = clock,
            Group = group,
        }, progress, cancellationToken);
    }

    /// <summary>All ranks must have read the same shop.</summary>
    private static void ThrowUnlessAlike(ProcessGroup? group, string dataHash)
    {
        char[] first = dataHash.ToCharArray();
        group?.Broadcast(first.AsSpan());
        int[] differs = [dataHash.AsSpan().SequenceEqual(first) ? 0 : 1];
        group?.Max(differs);
        if (differs[0] > 0)
        {
            throw new ValidationException("The shop changed while the processes read it, so that they would learn from different data. Start the same command again.");
        }
    }

    private static void Judge(ModelComparison comparison, IRecommendationModel model, RankingSplit split, SortedDictionary<string, double> metrics,
        SortedDictionary<string, MetricEstimate> estimates, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (split.Test.Cases.Count == 0)
        {
            return;
        }

        progress?.Report(new RunProgress($"judging {model.Name}", 0, 0, "shoppers"));
        RankingMeasurement measured = comparison.Measure(model, split, split.Test, [10], cancellationToken);
        foreach (string metric in (string[])["recall@10", "ndcg@10", "mrr@10", "coverage@10"])
        {
            metrics[$"{model.Name} {metric}"] = measured.Mean(metric);
        }

        foreach ((string metric, MetricEstimate estimate) in RankingMeasurement.Estimate([measured], seed: 1, withFullMap: false))
        {
            estimates[$"{model.Name} {metric}"] = estimate;
        }
    }

    /// <returns>What the version in service reaches on the same held-out steps; null where there is none that can answer.</returns>
    private double? JudgeActive(ModelComparison comparison, Snapshot snapshot, RankingSplit split, CancellationToken cancellationToken) => versions.Folders.JudgeActive<double?>(active =>
    {
        LoadedVersion loaded = versions.Load(active);
        var renumbered = new RenumberedModel(loaded.Model, loaded.ProductIds, snapshot.ProductIndex, snapshot.Products.Count);
        return comparison.Measure(renumbered, split, split.Test, [10], cancellationToken).Mean(Judged);
    });

    /// <summary>A checkpoint of other data can't be gone on from; the first run of a folder leaves its mark.</summary>
    private static void CheckData(string? checkpoint, string dataHash)
    {
        if (checkpoint is null)
        {
            return;
        }

        string mark = Path.Combine(checkpoint, "data.sha256");
        if (File.Exists(mark) && File.ReadAllText(mark) != dataHash)
        {
            throw new ValidationException("The shop has changed since that run began, so it can't be resumed. Train anew: 'cartwright recommendation train'.");
        }

        Directory.CreateDirectory(checkpoint);
        File.WriteAllText(mark, dataHash);
    }

    private ModelCard Card(IRecommendationModel model, TrainRequest request, IReadOnlyDictionary<string, double> metrics, double seconds, string dataHash) => new()
    {
        Model = model.Name,
        TrainedAt = clock.GetUtcNow(),
        Seed = request.Seed,
        Options = JsonSerializer.SerializeToElement(request with { ResumeRunId = null }, RequestJson.Default.TrainRequest),
        Metrics = metrics,
        DataHash = dataHash,
        TrainSeconds = seconds,
        ParameterCount = model.ParameterCount,
        Notes = model.Card,
    };

    private static string Summary(string model, string version, bool isActive, double? toBeat, SortedDictionary<string, double> metrics, int judges)
    {
        string found = judges == 0
            ? $"Trained {model}; there were too few shoppers to measure it."
            : string.Create(CultureInfo.InvariantCulture, $"Trained {model}: it finds the next product in its top 10 for {metrics[$"{model} recall@10"]:P1} of {judges:N0} shoppers (popularity alone: {metrics["popularity recall@10"]:P1}).");
        string best = metrics.Keys.Where(name => name.EndsWith(Judged, StringComparison.Ordinal)).MaxBy(name => metrics[name])?[..^(Judged.Length + 1)] ?? model;
        if (judges > 0 && metrics[$"{best} {Judged}"] > metrics[$"{model} {Judged}"])
        {
            found += string.Create(CultureInfo.InvariantCulture, $" The baseline {best} does better ({Judged} {metrics[$"{best} {Judged}"]:F4} against {metrics[$"{model} {Judged}"]:F4}): try other options, or use it with 'cartwright recommendation train --model {best} --activate'.");
        }

        string service = isActive ? "It is in service now."
            : judges == 0 ? $"It is not in service: nothing could be measured, so nothing says that it is better than the version that is. To use it all the same: 'cartwright recommendation activate --version {version}'."
            : string.Create(CultureInfo.InvariantCulture, $"It is not in service: the active version is as good or better ({Judged} {toBeat:F4} against {metrics[$"{model} {Judged}"]:F4}). To use it all the same: 'cartwright recommendation activate --version {version}'.");
        return $"{found} {service}";
    }

    private static string Hash(Snapshot snapshot, Sequences train)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Product product in snapshot.Products)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(product.Id + "\n" + string.Join('\n', ProductContent.NamesOf(product)) + "\0"));
        }

        hash.AppendData(MemoryMarshal.AsBytes<int>(train.Start));
        hash.AppendData(MemoryMarshal.AsBytes<int>(train.Product));
        hash.AppendData(MemoryMarshal.AsBytes<long>(train.At));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
