using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>Forgets a shopper: they and all they did are removed, and models that learned from them are trained anew without them.</summary>
/// <example>cartwright catalog forget --shopper-id s-7</example>
public sealed record ForgetRequest
{
    /// <summary>The shopper's id. This can't be undone.</summary>
    [Required]
    public required string ShopperId { get; init; }
}

/// <summary>What is gone after a shopper was forgotten, and what is learned anew.</summary>
/// <param name="Interactions">Interactions that were removed, those of their sessions before they signed in included.</param>
/// <param name="HandOvers">Conversations that waited for a person.</param>
/// <param name="ExportsRemoved">Exports kept for download that were removed, because the shopper may be in them.</param>
/// <param name="ResultsRemoved">Results of runs that named the shopper, such as segments; they are worked out again by another run.</param>
/// <param name="ModelsThatLearned">Model versions trained while what the shopper did was there. They are deleted; one in service answers until the one that takes its place is trained.</param>
public sealed record ForgetReceipt(string ShopperId, long Interactions, long Reviews, long Searches, long Orders, long HandOvers, int ExportsRemoved, int ResultsRemoved,
    IReadOnlyList<string> ModelsThatLearned, string Summary)
{
    /// <summary>Checkpoints of trainings that were removed: those trainings begin anew.</summary>
    public int CheckpointsRemoved { get; init; }

    /// <summary>What could not be overwritten yet, and what to do; null where all is. The rest is done all the same.</summary>
    public string? LeftBehind { get; init; }

    /// <summary>What is trained in place of the models that learned.</summary>
    public IReadOnlyList<Relearned> Relearned { get; init; } = [];
}

/// <summary>A model that is trained anew without the shopper.</summary>
/// <param name="Slice">"recommendation".</param>
/// <param name="Model">"sasrec".</param>
/// <param name="RunId">The run that trains it.</param>
public sealed record Relearned(string Slice, string Model, string RunId);
