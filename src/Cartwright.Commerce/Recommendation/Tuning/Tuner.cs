using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Searches options of models on validation steps.</summary>
/// <param name="modelFolder">Where versions are kept, and the chosen options beside them.</param>
public sealed class Tuner(ShopCatalog catalog, string modelFolder, TimeProvider clock)
{
    private const string Metric = "ndcg@10";
    private const int MostCases = 10_000;

    /// <summary>Tries options one set after the other and tells which ranked the validation steps best.</summary>
    /// <exception cref="ValidationException">The model has no options to search, the data lacks what the protocol needs, or there is nothing to go on with.</exception>
    /// <exception cref="OperationCanceledException">Canceled; finished trials are kept where the run is recorded or a file was named.</exception>
    public async Task<TuneResponse> TuneAsync(TuneRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (request, string? file) = await PlanAsync(request, progress as IRunReporter, cancellationToken);
        TunedOptions options = OptionsFor(request);
        Snapshot data = await catalog.ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() => Search(request, RecommendationModels.Named(request.Model), options, data, file, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Refuses what can't be searched, before anything waits for its turn.</summary>
    /// <exception cref="ValidationException">The model has no options to search, or nothing can be held out by this protocol.</exception>
    /// <exception cref="NotFoundException">There is no such run to go on with.</exception>
    public async Task CheckAsync(TuneRequest request, CancellationToken cancellationToken = default)
    {
        if (request.ResumeRunId is { } resumed)
        {
            _ = await ResumedAsync(resumed, cancellationToken);
        }
        else
        {
            _ = OptionsFor(request);
        }
    }

    /// <returns>What is searched.</returns>
    private static TunedOptions OptionsFor(TuneRequest request)
    {
        TunedOptions options = RecommendationModels.Named(request.Model).Options ?? throw new ValidationException($"'{request.Model}' has no options to search. Those that have: "
            + string.Join(", ", RecommendationModels.All.Where(model => model.Options is not null).Select(model => model.Name)) + ".");
        if (request is { Keep: true, Data: not null })
        {
            throw new ValidationException("--keep keeps options for the shop's own models: leave out --data, or --keep.");
        }

        if (request.Protocol == "folds")
        {
            throw new ValidationException("'folds' tests every step once, so that no step is left to choose options by. Search with 'random-75' or 'leave-one-out'.");
        }

        if (request.Data is null)
        {
            RankingProtocols.RequireNoOfficialSplit(request.Protocol);
        }

        return options;
    }

    private async Task<Run> ResumedAsync(string id, CancellationToken cancellationToken)
    {
        Run run = await catalog.Store.FindRunAsync(id, cancellationToken) ?? throw new NotFoundException($"There is no run '{id}' to go on with. 'cartwright runs' lists them.");
        return run is { Slice: "recommendation", Verb: "tune" } ? run
            : throw new ValidationException($"Run '{id}' is '{run.Slice} {run.Verb}'; only a 'recommendation tune' can be gone on with.");
    }

    /// <summary>What is searched, of a search that is gone on with what that one was asked for; and where its trials are kept.</summary>
    private async Task<(TuneRequest Request, string? File)> PlanAsync(TuneRequest request, IRunReporter? reporter, CancellationToken cancellationToken)
    {
        string? folder = reporter?.Folder;
        if (request.ResumeRunId is { } resumed)
        {
            Run run = await ResumedAsync(resumed, cancellationToken);
            if (reporter is null)
            {
                throw new ValidationException("Only a recorded run can be gone on with: use the command line or the HTTP API.");
            }

            TuneRequest first = RecordJson.Read(run.Request, new TuneRequest(), TrialJson.Default.TuneRequest);
            folder = reporter.FolderOf(first.ResumeRunId ?? resumed);
            request = first with
            {
                ResumeRunId = first.ResumeRunId ?? resumed,
                Trials = Math.Max(first.Trials, request.Trials),
                Minutes = request.Minutes,
                Keep = request.Keep || first.Keep,
            };
        }

        return (request, request.TrialFile ?? (folder is null ? null : Path.Combine(folder, "trials.json")));
    }

    private TuneResponse Search(TuneRequest request, IRecommendationTrainer trainer, TunedOptions options, Snapshot shop, string? file, IProgress<RunProgress>? progress,
        CancellationToken cancellationToken)
    {
        TrainingData data = DataOf(request, shop, options.HoldsOutMore);
        string epochs = request.Epochs is { } most ? FormattableString.Invariant($", at most {most} epochs") : "";
        var log = new TrialLog(file, FormattableString.Invariant(
            $"{trainer.Name} on '{shop.Info.Name}' by {request.Protocol}, seed {request.Seed}, {data.Sequences.StepCount} steps learned, {data.Validation.TargetCount} targets{epochs}"));
        var search = new TreeParzen(options.Axes, request.Seed);
        long start = clock.GetTimestamp();
        while (log.Trials.Count < request.Trials && (request.Minutes is not { } minutes || clock.GetElapsedTime(start) < TimeSpan.FromMinutes(minutes) || log.Trials.Count == 0))
        {
            int number = log.Trials.Count + 1;
            IReadOnlyList<string> tried = number == 1 ? [] : search.Next(log.Trials);
            progress?.Report(new RunProgress($"trying {trainer.Name}", number - 1, request.Trials, "trials"));
            PeakMemory.Restart();
            long begun = clock.GetTimestamp();
            IRecommendationModel model = trainer.Fit(data, new FitOptions { Seed = request.Seed, Epochs = request.Epochs, Options = tried, Clock = clock }, null, cancellationToken);
            double value = RankingMeasure.Run(model.ScoreMany, data.ProductCount, data.Validation.Sample(MostCases), [10], cancellationToken).Mean(Metric);
            log.Add(new TuneTrial(number, tried, double.IsFinite(value) ? value : 0, clock.GetElapsedTime(begun).TotalSeconds, PeakMemory.Bytes));
            progress?.Report(new RunProgress($"trying {trainer.Name}", number, request.Trials, "trials")
            {
                Values = new Dictionary<string, double>(StringComparer.Ordinal) { [Metric] = value, [$"best {Metric}"] = log.Trials.Max(trial => trial.Value) },
            });
        }

        TuneTrial best = log.Trials.MaxBy(trial => trial.Value)!;
        if (request.Keep)
        {
            new KeptOptions(modelFolder).Set(trainer.Name, best.Options);
        }

        return new TuneResponse(trainer.Name, Metric, log.Trials, best.Number, best.Options, request.Keep, Summary(trainer.Name, log.Trials, best, request.Keep));
    }

    /// <summary>What is learned from and what is chosen by. The test part of the split is let go of here: nothing below this line can read it.</summary>
    private TrainingData DataOf(TuneRequest request, Snapshot shop, bool holdsOutMore)
    {
        RankingSplit split = RankingProtocols.Cut(request.Protocol, shop, RankingProtocols.KindsOf(shop), request.Seed)[0];
        TrainingData data = new ModelComparison(shop.Products, shop.Info.HasRealTimes, clock).TrainingDataOf(split);
        data = holdsOutMore ? OptionChoice.DataFor(data, request.Seed) : data;
        return data.Validation.Cases.Count > 0 ? data
            : throw new ValidationException($"'{request.Protocol}' leaves no validation steps in '{shop.Info.Name}', so there is nothing to choose options by. Try another protocol.");
    }

    private static string Summary(string model, IReadOnlyList<TuneTrial> trials, TuneTrial best, bool isKept)
    {
        string tried = string.Create(CultureInfo.InvariantCulture, $"Tried {trials.Count:N0} sets of options of {model}.");
        return best.Options.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{tried} None ranks the validation steps better than the model's own choice ({Metric} {best.Value:F4}); nothing to change.")
            : string.Create(CultureInfo.InvariantCulture, $"{tried} The best reaches {Metric} {best.Value:F4} on the validation steps, the model's own choice {trials[0].Value:F4}. ")
                + (isKept ? $"'cartwright recommendation train --model {model}' takes them from now on."
                : $"Use them: 'cartwright recommendation evaluate --model {model} --options {string.Join(',', best.Options)}'.");
    }
}
