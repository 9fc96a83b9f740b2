using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Searches a model's options for those that rank held-out validation steps best. Test steps are never looked at.</summary>
/// <example>cartwright recommendation tune --model ease --trials 30 --keep</example>
public sealed record TuneRequest
{
    /// <summary>Shop folder to read into memory; the shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>File that trials are written to, and taken up from where it is there already: the same command goes on with it.</summary>
    [PathField]
    public string? TrialFile { get; init; }

    /// <summary>A model by name; one without options to search is refused with the list of those that have.</summary>
    [ModelName]
    public string Model { get; init; } = "ease";

    /// <summary>By which protocol steps are held out: "leave-one-out", "session-split", "random-75", "split-file" or "time-split".</summary>
    [ProtocolName]
    public string Protocol { get; init; } = "leave-one-out";

    /// <summary>Sets of options to try, the model's own choice the first of them.</summary>
    [Range(1, 1_000)]
    public int Trials { get; init; } = 20;

    /// <summary>Wall time after which no further trial begins.</summary>
    [Range(1, 100_000)]
    public int? Minutes { get; init; }

    /// <summary>Passes over the data in each trial, at most.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }

    /// <summary>Same seed, same data and same number of trials give the same trials.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Keeps the best options as those that <c>train</c> takes for this model from now on.</summary>
    public bool Keep { get; init; }

    /// <summary>A canceled or interrupted search to go on with; its trials are kept, and so is what it was asked for but its number of trials and minutes.</summary>
    public string? ResumeRunId { get; init; }
}

/// <param name="Model">The model.</param>
/// <param name="Metric">What the trials are compared by, on validation steps: "ndcg@10".</param>
/// <param name="Trials">In the order in which they were made.</param>
/// <param name="Best">Number of the best of them; the first of equals.</param>
/// <param name="Options">Its options, for <c>--options</c>; none where the model's own choice is best.</param>
/// <param name="IsKept">True where <c>train</c> takes them from now on.</param>
/// <param name="Summary">What happened and what to do next, in a sentence or two.</param>
public sealed record TuneResponse(string Model, string Metric, IReadOnlyList<TuneTrial> Trials, int Best, IReadOnlyList<string> Options, bool IsKept, string Summary);

/// <summary>A set of options that was tried.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Options">"name=value" each; none for the model's own choice.</param>
/// <param name="Value">What it reached on the validation steps.</param>
/// <param name="Seconds">Wall time of training and measuring.</param>
/// <param name="PeakMemoryBytes">Largest resident set of the process meanwhile.</param>
public sealed record TuneTrial(int Number, IReadOnlyList<string> Options, double Value, double Seconds, long PeakMemoryBytes);
