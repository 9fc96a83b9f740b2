using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A model has nothing to learn from in what it is given.</summary>
internal sealed class NothingToLearnException(string model)
    : ValidationException($"'{model}' finds nothing to learn from: it takes histories of two steps or more, and there is none. Train 'popularity' or 'item-knn', or come back with more interactions.");

/// <summary>How networks are trained, all alike: until NDCG@10 on the validation steps no longer rises, and the best epoch is kept.</summary>
internal sealed record NetworkLesson
{
    private const string Metric = "ndcg@10";
    private const string BestEpoch = "bestEpoch";

    /// <summary>Card of a network that is still learning.</summary>
    public static IReadOnlyDictionary<string, string> NoCard { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Name of the model, for progress.</summary>
    public required string Name { get; init; }

    public required Module Network { get; init; }

    public required Optimizer Optimizer { get; init; }

    public required int StepsPerEpoch { get; init; }

    /// <inheritdoc cref="TrainingPlan.Loss"/>
    public required Func<TrainingStep, Tensor> Loss { get; init; }

    /// <inheritdoc cref="TrainingPlan.Examples"/>
    /// <remarks>Only a lesson that has it is shared between processes.</remarks>
    public Func<TrainingStep, double>? Examples { get; init; }

    /// <summary>The network as it is now, ready to answer.</summary>
    public required Func<IRecommendationModel> Answering { get; init; }

    /// <summary>Passes over the data at most, where a fit doesn't say.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>Validations without a new best after which training stops.</summary>
    public required int Patience { get; init; }

    /// <summary>Validation cases that are scored after each epoch, at most.</summary>
    public int ValidationCases { get; init; } = 5_000;

    /// <summary>Folder inside the fit's checkpoint folder, where one fit has several lessons.</summary>
    public string Part { get; init; } = "";

    /// <exception cref="NothingToLearnException">There is no batch to learn from.</exception>
    public TrainingResult Train(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (StepsPerEpoch == 0)
        {
            throw new NothingToLearnException(Name);
        }

        RankingCases validation = data.Validation.Sample(ValidationCases);
        Trainer trainer = new(new TrainerOptions
        {
            Seed = options.Seed,
            Epochs = options.Epochs ?? MaxEpochs,
            Patience = Patience,
            TimeLimit = options.TimeLimit,
            Group = Examples is null ? null : options.Group,
            CheckpointFolder = options.CheckpointFolder is { } folder ? Directory.CreateDirectory(Path.Combine(folder, Part)).FullName : null,
        }, options.Clock);
        return trainer.Train(new TrainingPlan
        {
            Model = Network,
            Optimizer = Optimizer,
            StepsPerEpoch = StepsPerEpoch,
            Metrics = [new(Metric)],
            Examples = Examples,
            Loss = Loss,
            Validate = validation.Cases.Count == 0 ? null : () => [RankingMeasure.Run(
                Answering().ScoreMany, data.ProductCount, validation, [10], cancellationToken).Mean(Metric)],
        }, EpochProgress.Of(progress, "training " + Name), cancellationToken);
    }

    /// <summary>Options to learn once more for as many passes as were best; a checkpoint of the first time is not taken up.</summary>
    public static FitOptions Again(FitOptions options, IRecommendationModel chosen) => options with
    {
        Epochs = Math.Max(1, int.Parse(chosen.Card[BestEpoch], CultureInfo.InvariantCulture)),
        CheckpointFolder = null,
    };

    /// <summary>What a model's card says of its training.</summary>
    public static Dictionary<string, string> Card(TrainingResult result) => new(StringComparer.Ordinal)
    {
        [BestEpoch] = result.BestEpoch.ToString(CultureInfo.InvariantCulture),
        ["epochs"] = result.Epochs.ToString(CultureInfo.InvariantCulture),
        ["validation " + Metric] = result.BestQuality.ToString("F5", CultureInfo.InvariantCulture),
    };
}
