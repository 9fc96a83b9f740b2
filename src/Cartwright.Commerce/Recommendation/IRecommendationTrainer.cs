using Cartwright.Commerce.Runs;
using Cartwright.Learning.Distributed;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Makes a model from what shoppers did. One per model, listed in <see cref="RecommendationModels"/>.</summary>
public interface IRecommendationTrainer
{
    /// <summary>Lower-case name from the paper: "sasrec".</summary>
    string Name { get; }

    /// <summary>True for what every other model has to beat: it is always run beside them.</summary>
    bool IsBaseline { get; }

    /// <summary>True where several processes can share the training: <see cref="FitOptions.Group"/>.</summary>
    bool SharesTraining => false;

    /// <summary>True for a model that learns from <see cref="TrainingData.Pictures"/> too.</summary>
    bool ReadsPictures => false;

    /// <summary>Products of the largest catalog that it learns from; an evaluation of "all" models leaves it out where there are more.</summary>
    int MostProducts => int.MaxValue;

    /// <summary>Options that a request may give and a search may choose; null where there are none.</summary>
    TunedOptions? Options => null;

    /// <summary>Learns. Same data and same options give the same model, bit for bit.</summary>
    /// <exception cref="OperationCanceledException">Canceled; a checkpoint lies in the checkpoint folder, where there is one.</exception>
    IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Learns once more with the options and passes that <see cref="Fit"/> chose, from data without validation steps.</summary>
    /// <param name="chosen">What <see cref="Fit"/> made of a part of the data.</param>
    /// <param name="whole">That part and its validation steps.</param>
    /// <returns>The same model where its trainer can't repeat what it chose.</returns>
    IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) => chosen;

    /// <summary>Reads a model that <see cref="IRecommendationModel.Save"/> wrote.</summary>
    IRecommendationModel Load(string folder);
}

/// <summary>How a model is to be trained, whichever it is.</summary>
public sealed record FitOptions
{
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the data, at most; the model's own default where none is given.</summary>
    public int? Epochs { get; init; }

    /// <summary>Wall time after which training stops and keeps the best model so far.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Where checkpoints go, and where one is taken up that is there already. None where it is null.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>The processes that train together; null trains in this one alone. Rank 0 validates and writes checkpoints.</summary>
    public ProcessGroup? Group { get; init; }

    /// <summary>Options as "name=value", of those that <see cref="IRecommendationTrainer.Options"/> lists; where any is given, the others keep their defaults and the model
    /// searches none itself.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Models that a blend adds, by name; its own choice where none is given. Other models don't read it.</summary>
    public IReadOnlyList<string>? Generators { get; init; }

    /// <summary>Models by name that were trained on the same data already, so that a blend need not train them again.</summary>
    public IReadOnlyDictionary<string, IRecommendationModel>? Fitted { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
