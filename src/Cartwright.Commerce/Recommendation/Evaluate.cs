using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Measures models on held-out interactions, ranking all products, baselines beside them.</summary>
/// <example>cartwright recommendation evaluate --data ./shop-folder --protocol leave-one-out --cutoff 10,20</example>
public sealed record EvaluateRequest
{
    /// <summary>Shop folder to read into memory; the shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Shop folder that replaces the protocol's test part.</summary>
    [PathField]
    public string? Test { get; init; }

    /// <summary>"leave-one-out", "session-split", "random-75", "folds", "split-file" or "time-split".</summary>
    [ProtocolName]
    public string Protocol { get; init; } = "leave-one-out";

    /// <summary>A model's name, or "all". The baselines always run.</summary>
    [ModelName("all")]
    public string Model { get; init; } = "all";

    /// <summary>Models that a blend adds, by name; its own choice where none is given. Only for "blend".</summary>
    [ItemCount(0, 20)]
    public IReadOnlyList<string> Generators { get; init; } = [];

    /// <summary>Options of the model as name=value, in place of its own choice: what <c>tune</c> found. Only with one model by name.</summary>
    [ItemCount(0, 50)]
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Kinds of interactions that count: "purchase", "rating", "view" and so on. Purchases where none is given and the shop
    /// has some; else ratings; else views, clicks and carts.</summary>
    public IReadOnlyList<InteractionKind>? Kinds { get; init; }

    /// <summary>Lengths of the list at which ranking is measured.</summary>
    [ItemCount(1, 10), Cutoffs]
    public IReadOnlyList<int> Cutoff { get; init; } = [10];

    /// <summary>Also tests the reasons that are given: what a score loses when they are taken out of the history, beside products drawn at
    /// random and the nearest neighbors.</summary>
    public bool Explain { get; init; }

    /// <summary>Same seed and same data give the same figures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the data, at most.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }
}
