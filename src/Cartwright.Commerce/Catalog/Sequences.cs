namespace Cartwright.Commerce.Catalog;

/// <summary>What shoppers (or sessions) did, each as a sequence of products, oldest first: the form that sequence models learn from.</summary>
/// <remarks>Columns of one length, cut by <see cref="Start"/>; sequence s has the steps [Start[s], Start[s + 1]).</remarks>
public sealed class Sequences
{
    /// <summary>Where each sequence starts, and the end of the last: [Count + 1].</summary>
    public required int[] Start { get; init; }

    /// <summary>Product's dense index at each step.</summary>
    public required int[] Product { get; init; }

    public required InteractionKind[] Kind { get; init; }

    /// <summary>Microseconds since 1970-01-01 UTC. Where the shop's times are "order" they only keep the order.</summary>
    public required long[] At { get; init; }

    /// <summary>Stars of a rating, NaN at a step that is none; empty where no step is.</summary>
    public float[] Value { get; init; } = [];

    /// <summary>Whose sequence each is, so that a sequence is found again in another set: [Count].</summary>
    public required SequenceOwner[] Owner { get; init; }

    /// <summary>Row of <see cref="Snapshot.Interactions"/> that each step is; empty where the steps come from elsewhere.</summary>
    public int[] Row { get; init; } = [];

    /// <summary>Sequences.</summary>
    public int Count => Start.Length - 1;

    /// <summary>Steps of all sequences together.</summary>
    public int StepCount => Product.Length;

    public int LengthOf(int sequence) => Start[sequence + 1] - Start[sequence];

    public ReadOnlySpan<int> ProductsOf(int sequence) => Product.AsSpan(Start[sequence]..Start[sequence + 1]);

    /// <summary>One sequence's steps as a model reads them.</summary>
    public Steps StepsOf(int sequence) => StepsOf(Start[sequence]..Start[sequence + 1]);

    /// <param name="steps">Steps of one sequence.</param>
    public Steps StepsOf(Range steps) => new()
    {
        Products = Product.AsMemory(steps),
        At = At.AsMemory(steps),
        Values = Value.Length == 0 ? default : Value.AsMemory(steps),
    };

    public ReadOnlySpan<InteractionKind> KindsOf(int sequence) => Kind.AsSpan(Start[sequence]..Start[sequence + 1]);

    public ReadOnlySpan<long> TimesOf(int sequence) => At.AsSpan(Start[sequence]..Start[sequence + 1]);
}

/// <summary>A shopper, or the session of somebody unknown.</summary>
/// <param name="Index">Dense index in the snapshot's shoppers or sessions.</param>
public readonly record struct SequenceOwner(bool IsShopper, int Index);
