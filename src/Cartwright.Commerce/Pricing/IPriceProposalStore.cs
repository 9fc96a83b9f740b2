namespace Cartwright.Commerce.Pricing;

/// <summary>Keeps proposed prices beside the catalog whose prices they change.</summary>
/// <remarks>Each write is one transaction, whoever else writes meanwhile: a process that ends in the middle leaves nothing of it.</remarks>
public interface IPriceProposalStore
{
    /// <summary>Keeps the proposals of a run, and marks as replaced what waited for the products that it looked at.</summary>
    /// <param name="looked">Ids of the products that the run looked at, those it proposes nothing for included.</param>
    /// <returns>What was kept. A proposal whose product has another price by now is left out, and one whose id is taken gets a number behind it.</returns>
    Task<IReadOnlyList<PriceProposal>> ProposePricesAsync(
        IReadOnlyList<PriceProposal> proposals, IReadOnlyCollection<string> looked, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>Writes decisions and the prices that they set: all of them, or nothing where a proposal or a price is no longer as it was read.</summary>
    /// <returns>False where nothing was written.</returns>
    Task<bool> DecidePricesAsync(IReadOnlyList<PriceDecision> decisions, CancellationToken cancellationToken = default);

    /// <summary>One proposal with its demand; null where there is none of this id.</summary>
    Task<PriceProposal?> FindPriceProposalAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Newest first.</summary>
    /// <param name="status">Only those of this status; all where it is null.</param>
    /// <param name="withDemand">False leaves <see cref="PriceProposal.Demand"/> empty.</param>
    Task<IReadOnlyList<PriceProposal>> ListPriceProposalsAsync(ProposalStatus? status, int count, bool withDemand, CancellationToken cancellationToken = default);
}

/// <summary>A decision on a proposal.</summary>
/// <param name="Decided">The proposal as it is to be.</param>
/// <param name="From">The status that it must have still.</param>
/// <param name="Change">The price that its product must have still, and the one it gets; null where prices stay.</param>
public sealed record PriceDecision(PriceProposal Decided, ProposalStatus From, PriceChange? Change);

/// <param name="Before">The price that the product has.</param>
/// <param name="After">The price that it gets.</param>
public sealed record PriceChange(decimal Before, decimal After);
