using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Automation;

/// <summary>The verbs of all slices, as rules reach them.</summary>
/// <remarks>Whoever composes the shop hands it over: slices know each other through this alone.</remarks>
public interface IVerbCaller
{
    /// <summary>Whether each change of the verb can be taken back.</summary>
    /// <exception cref="NotFoundException">There is no such verb.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">The request breaks a rule of the verb's record.</exception>
    bool Check(VerbCall call);

    /// <summary>What a verb would change, without changing it.</summary>
    /// <param name="isDry">True where nothing at all may be kept of it, no proposal either.</param>
    Task<Proposed> ProposeAsync(VerbCall call, bool isDry, IProgress<RunProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Does it.</summary>
    /// <returns>The answer as JSON.</returns>
    Task<string> DoAsync(VerbCall call, IProgress<RunProgress>? progress, CancellationToken cancellationToken);

    /// <summary>The value now of what a change is about; null where there is none.</summary>
    Task<string?> ReadAsync(string kind, string subject, CancellationToken cancellationToken);

    /// <summary>Joins calls that one call can do, all or none of them.</summary>
    IReadOnlyList<VerbCall> Together(IReadOnlyList<VerbCall> calls);
}

/// <summary>What a verb would change.</summary>
/// <param name="Changes">The most important first.</param>
/// <param name="Summary">What it found, in a sentence.</param>
public sealed record Proposed(IReadOnlyList<ProposedChange> Changes, string Summary);

/// <summary>A change that a verb would make; its fields are those of <see cref="AutomationChange"/>.</summary>
public sealed record ProposedChange(string Kind, string Subject, string? Before, string? After, string Why, VerbCall Apply)
{
    public double? Share { get; init; }

    public decimal? Amount { get; init; }

    public VerbCall? Undo { get; init; }
}
