using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Training;

/// <summary>What is trained, and how one step of it goes.</summary>
public sealed record TrainingPlan
{
    public required Module Model { get; init; }

    public required Optimizer Optimizer { get; init; }

    /// <summary>Batches in one pass over the data, 1 or more.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>The loss of one batch: a scalar.</summary>
    public required Func<TrainingStep, Tensor> Loss { get; init; }

    /// <summary>Examples in this rank's part of a batch, where several processes train; null where all parts weigh the same.</summary>
    public Func<TrainingStep, double>? Examples { get; init; }

    /// <summary>One number for each of <see cref="Metrics"/>, in their order, from validation data after an epoch; null trains all epochs and keeps the last weights.</summary>
    public Func<IReadOnlyList<double>>? Validate { get; init; }

    /// <summary>What <see cref="Validate"/> gives. The first decides which epoch was best and when to stop; the others are reported.</summary>
    public IReadOnlyList<ValidationMetric> Metrics { get; init; } = [new("validation")];

    /// <summary>The learning rate of each step of the optimizer, counted from 0, such as <c>new CosineSchedule(0.001f, steps).At</c>; null
    /// leaves the optimizer's own.</summary>
    /// <remarks>It follows from the step alone, so that a resumed run has the rates of an uninterrupted one.</remarks>
    public Func<int, float>? LearningRate { get; init; }

    /// <summary>In place of <see cref="LearningRate"/>: a rate that falls when the first of <see cref="Metrics"/> stops getting better. It needs
    /// <see cref="Validate"/>.</summary>
    /// <remarks>It follows from the history, which the checkpoint keeps.</remarks>
    public PlateauSchedule? Plateau { get; init; }

    /// <summary>Called after the optimizer changed the weights, for what must hold of them whatever it does: pruned ones stay 0.</summary>
    public Action? AfterStep { get; init; }
}

/// <param name="Name">"ndcg@10".</param>
/// <param name="HigherIsBetter">False for errors.</param>
public sealed record ValidationMetric(string Name, bool HigherIsBetter = true);

/// <param name="Epoch">From 0.</param>
/// <param name="Index">Batch in the epoch, from 0.</param>
/// <param name="EpochSeed">The same for all batches of an epoch: for shuffling.</param>
/// <param name="Seed">Of this batch alone: for sampling.</param>
public readonly record struct TrainingStep(int Epoch, int Index, ulong EpochSeed, ulong Seed);
